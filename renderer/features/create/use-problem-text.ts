// Owns putting problems into words: values with MiB or bytes in their name become sizes.
// Must not decide what is a problem.
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText, mebibytesText } from '../../ui/size-text.ts';
import type { Problem } from './validation.ts';

export function useProblemText(): (problem: Problem) => string {
  const { t, i18n } = useTranslation('create');
  return useCallback(({ code, values = {} }) => t(`problems.${code}`, readable(values, i18n.language)), [t, i18n.language]);
}

function readable(values: NonNullable<Problem['values']>, language: string): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (typeof value !== 'number') return [name, value];
      if (name.endsWith('MiB')) return [name.slice(0, -'MiB'.length), mebibytesText(value, language)];
      if (name.endsWith('Bytes')) return [name.slice(0, -'Bytes'.length), bytesText(value, language)];
      if (name.endsWith('GiB')) return [name.slice(0, -'GiB'.length), `${value} GiB`];
      return [name, value];
    }),
  );
}
