// Owns the language of the window: which one, and loading its catalogue.
// Must not hold any text.
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { SettingsSpec } from '../../electron/api/kinds/settings.ts';

export type Language = Exclude<SettingsSpec['language'], 'auto'>;

type Catalogue = Readonly<Record<string, object>>;

/** One chunk a language: nobody loads two. */
const catalogues: Readonly<Record<Language, () => Promise<{ readonly catalogue: Catalogue }>>> = {
  en: () => import('./catalogue-en.ts'),
  'zh-CN': () => import('./catalogue-zh-CN.ts'),
};

export function chooseLanguage(setting: SettingsSpec['language'], wanted: readonly string[]): Language {
  if (setting !== 'auto') return setting;
  const first = wanted.find((tag) => /^(en|zh)\b/i.test(tag));
  return first !== undefined && /^zh\b/i.test(first) ? 'zh-CN' : 'en';
}

export async function startLanguage(setting: SettingsSpec['language'], wanted: readonly string[]): Promise<void> {
  const language = chooseLanguage(setting, wanted);
  const { catalogue } = await catalogues[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: catalogue },
    defaultNS: 'words',
    interpolation: { escapeValue: false }, // React escapes.
    react: { useSuspense: false },
  });
  document.documentElement.lang = language;
}

export async function switchLanguage(language: Language): Promise<void> {
  if (i18next.language === language) return;
  const { catalogue } = await catalogues[language]();
  for (const [namespace, texts] of Object.entries(catalogue)) i18next.addResourceBundle(language, namespace, texts);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
