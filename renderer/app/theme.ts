// Owns light and dark: PatternFly's class on the root element.
// Must not remember the choice.
import type { SettingsSpec } from '../../electron/api/kinds/settings.ts';

export type Theme = SettingsSpec['theme'];

const darkClass = 'pf-v6-theme-dark';

/** `auto` follows the desktop, also when it changes later. The answer stops following. */
export function applyTheme(theme: Theme, page: Window): () => void {
  const query = page.matchMedia('(prefers-color-scheme: dark)');
  const root = page.document.documentElement;
  const paint = (): void => {
    const dark = theme === 'dark' || (theme === 'auto' && query.matches);
    root.classList.toggle(darkClass, dark);
    root.style.colorScheme = dark ? 'dark' : 'light';
  };
  paint();
  if (theme !== 'auto') return () => undefined;
  query.addEventListener('change', paint);
  return () => query.removeEventListener('change', paint);
}
