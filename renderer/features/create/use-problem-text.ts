// Owns putting problems into words: values with MiB or bytes in their name become sizes.
// Must not decide what is a problem.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText, mebibytesText } from '../../ui/size-text.ts';
import { type Say, useSentences } from '../../ui/sentences.tsx';
import type { Problem } from './validation.ts';

export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation('create');
  const say = useSentences();
  return useCallback(
    ({ code, values = {} }) => t(`problems.${code}`, readable(values, { language: i18n.language, say })).trim(),
    [t, i18n.language, say],
  );
}

interface Words {
  readonly language: string;
  /** For what the core said of an image. */
  readonly say: Say;
}

function readable(values: NonNullable<Problem['values']>, { language, say }: Words): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'number') return [name, say(value)];
      if (name.endsWith('MiB')) return [name.slice(0, -'MiB'.length), mebibytesText(value, language)];
      if (name.endsWith('Bytes')) return [name.slice(0, -'Bytes'.length), bytesText(value, language)];
      if (name.endsWith('GiB')) return [name.slice(0, -'GiB'.length), `${value} GiB`];
      return [name, value];
    }),
  );
}
