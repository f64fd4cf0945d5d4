// Owns saying the core's sentences in the window's language, for everything inside of it.
// Must not translate anything itself.
import type { i18n as I18n } from 'i18next';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type Say, SentencesProvider } from '../ui/sentences.tsx';
import { filled, type Found, sentenceFinder, sourceNamespace, type Templates } from './core-sentences.ts';

export function CoreWords({ children }: { readonly children: ReactNode }) {
  const { i18n } = useTranslation('words');
  const { language } = i18n;
  const say = useMemo(() => sayIn(i18n, language), [i18n, language]);
  return <SentencesProvider say={say}>{children}</SentencesProvider>;
}

/** The English of what is translated. Parts stand as values in sentences: `6 CPUs`. */
type Source = Readonly<Record<'core' | 'coreParts', Templates>>;

function mapped(values: Found['values'], valueOf: Say): Found['values'] {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, valueOf(value)]));
}

/** A language that comes without the core's own sentences is the core's own. */
function sayIn(i18n: I18n, language: string): Say {
  const source = i18n.getResourceBundle(language, sourceNamespace) as Source | undefined;
  if (source === undefined) return (sentence) => sentence;
  const inWords = (namespace: keyof Source): ((text: string, valueOf?: Say) => string) => {
    const find = sentenceFinder(source[namespace]);
    return (text, valueOf = (value) => value) => {
      const found = find(text);
      const template: unknown = found === undefined ? undefined : i18n.getResource(language, namespace, found.key);
      return found === undefined || typeof template !== 'string' ? text : filled(template, mapped(found.values, valueOf));
    };
  };
  const [sentence, part] = [inWords('core'), inWords('coreParts')];
  return (text) => sentence(text, part);
}
