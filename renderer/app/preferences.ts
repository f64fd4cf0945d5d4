// Owns the copy of language and theme that is read before the core answers, so that the first frame is right.
// Must not be the truth: that is the Settings object.
import type { SettingsSpec } from '../../electron/api/kinds/settings.ts';

export type Preferences = Pick<SettingsSpec, 'language' | 'theme'>;

const storageKey = 'virtdeck.preferences';
const unset: Preferences = { language: 'auto', theme: 'auto' };

export function readPreferences(storage: Storage): Preferences {
  try {
    return { ...unset, ...(JSON.parse(storage.getItem(storageKey) ?? '{}') as Partial<Preferences>) };
  } catch {
    // Somebody else's text under our key: as good as nothing.
    return unset;
  }
}

export function keepPreferences(storage: Storage, { language, theme }: Preferences): void {
  storage.setItem(storageKey, JSON.stringify({ language, theme }));
}
