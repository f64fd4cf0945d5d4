// Owns the search box above the list, and what is typed into it.
// Must not filter. A new `key` empties it.
import { SearchInput } from '@patternfly/react-core';
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface MachineSearchProps {
  readonly onQuery: (query: string) => void;
  readonly inputRef: RefObject<HTMLInputElement | null>;
}

export function MachineSearch({ onQuery, inputRef }: MachineSearchProps) {
  const { t } = useTranslation('machines');
  const [text, setText] = useState('');
  const change = (next: string): void => {
    setText(next);
    onQuery(next);
  };
  return (
    <SearchInput
      ref={inputRef}
      value={text}
      onChange={(_event, value) => change(value)}
      onClear={() => change('')}
      placeholder={t('filter.search')}
      aria-label={t('filter.search')}
      resetButtonLabel={t('filter.clearSearch')}
    />
  );
}
