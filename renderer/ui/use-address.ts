// Owns the address of a page as a browser follows it: with the place that the window works on.
// Must not navigate.
import { useCallback } from 'react';
import { useRouter } from 'wouter';

/** `/machines` → `#/at/lab/machines`, for what is no Link: tabs, and windows of their own. */
export function useAddress(): (path: string) => string {
  const { base } = useRouter();
  return useCallback((path) => `#${base}${path}`, [base]);
}
