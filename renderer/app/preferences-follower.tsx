// Owns making language and theme follow the Settings object.
// Must not change it.
import { useEffect } from 'react';
import { useSettings } from '../client/settings.ts';
import { useNotices } from '../ui/notices.tsx';
import { chooseLanguage, switchLanguage } from './language.ts';
import { keepPreferences } from './preferences.ts';
import { applyTheme } from './theme.ts';

export function PreferencesFollower() {
  const { spec } = useSettings();
  const { fail } = useNotices();
  const theme = spec?.theme;
  const language = spec?.language;
  useEffect(() => (theme === undefined ? undefined : applyTheme(theme, window)), [theme]);
  useEffect(() => {
    if (language === undefined) return;
    switchLanguage(chooseLanguage(language, navigator.languages)).catch((error: unknown) => fail('Language', error));
  }, [language, fail]);
  useEffect(() => {
    if (spec !== undefined) keepPreferences(localStorage, spec);
  }, [spec]);
  return null;
}
