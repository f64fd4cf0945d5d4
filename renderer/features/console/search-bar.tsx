// Owns searching in the terminal: forwards with Enter, backwards with Shift+Enter, ends with Escape.
// Must not search itself; the terminal does.
import { Button, SearchInput } from '@patternfly/react-core';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Matches, TerminalView } from './terminal-view.ts';

export interface SearchBarProps {
  readonly terminal: TerminalView;
  readonly onClose: () => void;
}

export function SearchBar({ terminal, onClose }: SearchBarProps) {
  const { t } = useTranslation('console');
  const [text, setText] = useState('');
  const [matches, setMatches] = useState<Matches>({ current: 0, count: 0 });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    terminal.onMatches(setMatches);
    return () => terminal.endFind();
  }, [terminal]);
  const search = (next: string): void => {
    setText(next);
    if (next === '') {
      terminal.endFind();
      setMatches({ current: 0, count: 0 });
    } else terminal.find(next, 'next');
  };
  return (
    <div className="vd-serial-search">
      <SearchInput
        ref={input}
        value={text}
        aria-label={t('serial.search')}
        placeholder={t('serial.search')}
        resultsCount={text === '' ? undefined : t('serial.matches', { current: matches.current, total: matches.count })}
        nextNavigationButtonAriaLabel={t('serial.next')}
        previousNavigationButtonAriaLabel={t('serial.previous')}
        resetButtonLabel={t('serial.clear')}
        onChange={(_event, next) => search(next)}
        onClear={() => search('')}
        onNextClick={() => terminal.find(text, 'next')}
        onPreviousClick={() => terminal.find(text, 'previous')}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && text !== '') terminal.find(text, event.shiftKey ? 'previous' : 'next');
          if (event.key === 'Escape') onClose();
        }}
      />
      <Button variant="link" onClick={onClose}>
        {t('close', { ns: 'words' })}
      </Button>
    </div>
  );
}
