// Owns the name of the wizard's step menu on narrow windows.
// Must go when PatternFly lets it be named: it is "Wizard toggle" in every language, and hides the step's own words.
import { useEffect } from 'react';

/** Without the label the button is named by what it shows: number and name of the step. */
export function useToggleName(): void {
  useEffect(() => {
    document.querySelector('.pf-v6-c-wizard__toggle')?.removeAttribute('aria-label');
  }, []);
}
