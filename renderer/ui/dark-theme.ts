// Owns whether the page is dark now, for what cannot follow CSS: canvases, terminals, editors.
// Must not change it; app/theme.ts does.
import { useSyncExternalStore } from 'react';

const darkClass = 'pf-v6-theme-dark';

export function useDarkTheme(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

function isDark(): boolean {
  return document.documentElement.classList.contains(darkClass);
}

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
  return () => observer.disconnect();
}
