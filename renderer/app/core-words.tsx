// Owns saying the core's sentences in the window's language, for everything inside of it.
// Must not translate anything itself.
import type { i18n as I18n } from 'i18next';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Say, SentencesProvider } from '../ui/sentences.tsx';
import { filled, sentenceFinder, sourceNamespace, type Templates } from './core-sentences.ts';

export function CoreWords({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation('words');
  const { language } = i18n;
  const say = useMemo(() => sayIn(i18n, language), [i18n, language]);
  return <SentencesProvider say={say}>{children}</SentencesProvider>;
}

/** A language that comes without the core's own sentences is the core's own. */
function sayIn(i18n: I18n, language: string): Say {
  const source = i18n.getResourceBundle(language, sourceNamespace) as Templates | undefined;
  if (source === undefined) return (sentence) => sentence;
  const find = sentenceFinder(source);
  return (sentence) => {
    const found = find(sentence);
    const template: unknown = found === undefined ? undefined : i18n.getResource(language, 'core', found.key);
    return found === undefined || typeof template !== 'string' ? sentence : filled(template, found.values);
  };
}
