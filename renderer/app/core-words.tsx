// Owns saying the core's sentences in the window's language, for everything inside of it.
// Must not translate anything itself.
import type { i18n as I18n } from 'i18next';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import english from '../messages/en/core.json';
import { type Say, SentencesProvider } from '../ui/sentences.tsx';
import { filled, sentenceFinder } from './core-sentences.ts';

const find = sentenceFinder(english);

export function CoreWords({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation('core');
  const { language } = i18n;
  const say = useMemo(() => sayIn(i18n, language), [i18n, language]);
  return <SentencesProvider say={say}>{children}</SentencesProvider>;
}

function sayIn(i18n: I18n, language: string): Say {
  if (language === 'en') return (sentence) => sentence;
  return (sentence) => {
    const found = find(sentence);
    const template: unknown = found === undefined ? undefined : i18n.getResource(language, 'core', found.key);
    return found === undefined || typeof template !== 'string' ? sentence : filled(template, found.values);
  };
}
