// Owns moving the focus to the first wrong field when a step could not be left.
// Must not move it at any other time.
import { useCallback, useEffect, useState } from 'react';

/** Call the answer after an attempt that failed: the fields are marked by then. */
export function useErrorFocus(): () => void {
  const [failures, setFailures] = useState(0);
  useEffect(() => {
    if (failures > 0) document.querySelector<HTMLElement>('.vd-create [aria-invalid="true"]')?.focus();
  }, [failures]);
  return useCallback(() => setFailures((last) => last + 1), []);
}
