// Owns the serial console: the terminal, its bar, search, times, and the question before many lines are pasted.
// Must not know the line.
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fontSizes } from './console-memory.ts';
import type { PanelProps } from './console-model.ts';
import { PasteDialog } from './paste-dialog.tsx';
import { SearchBar } from './search-bar.tsx';
import { SerialBar } from './serial-bar.tsx';
import { TimesColumn } from './times-column.tsx';
import { useConsoleMemory } from './use-console-memory.ts';
import { useGuardedPaste } from './use-guarded-paste.ts';
import { useReleaseKey } from './use-release-key.ts';
import { useSaveLog } from './use-save-log.ts';
import { useTerminal } from './use-terminal.ts';

export default function SerialPanel({ namespace, name, viewers }: PanelProps) {
  const { t } = useTranslation('console');
  const place = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [memory, remember] = useConsoleMemory();
  const [searching, setSearching] = useState(false);
  const [times, setTimes] = useState(false);
  const { state, session, terminal } = useTerminal({
    namespace,
    name,
    place,
    label: t('serial.label', { name }),
    fontSize: memory.fontSize,
  });
  const { asked, paste, answer } = useGuardedPaste(place, terminal);
  const saveLog = useSaveLog({ namespace, name });
  useReleaseKey(place, () => {
    terminal?.blur();
    bar.current?.querySelector<HTMLElement>('button')?.focus();
  });
  useEffect(() => {
    terminal?.onKey((event) => {
      if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true;
      if (event.code === 'KeyF') setSearching(true);
      else if (event.code === 'KeyC') void navigator.clipboard.writeText(terminal.selection());
      // Shift+Ctrl+V ends in a paste event, which is guarded.
      else return event.code !== 'KeyV';
      event.preventDefault();
      return false;
    });
  }, [terminal]);
  const resize = (step: number): void => {
    remember({ fontSize: Math.min(fontSizes.max, Math.max(fontSizes.min, memory.fontSize + step)) });
  };
  const tellSize = (): void => {
    if (terminal === undefined) return;
    const { columns, rows } = terminal.size();
    session?.send(new TextEncoder().encode(`stty cols ${columns} rows ${rows}\r`));
    terminal.focus();
  };
  return (
    <section className="vd-serial" aria-label={t('view.serial')}>
      <SerialBar
        ref={bar}
        state={state}
        viewers={viewers}
        isSearching={searching}
        hasTimes={times}
        onSearch={() => setSearching((last) => !last)}
        onTimes={() => setTimes((last) => !last)}
        onFont={resize}
        onPaste={paste}
        onTellSize={tellSize}
        onSaveLog={saveLog}
        onReconnect={() => session?.reconnectNow()}
      />
      {searching && terminal !== undefined && (
        <SearchBar
          terminal={terminal}
          onClose={() => {
            setSearching(false);
            terminal.focus();
          }}
        />
      )}
      <div className="vd-terminal-row">
        {times && terminal !== undefined && <TimesColumn terminal={terminal} place={place} />}
        <div ref={place} className="vd-terminal" />
      </div>
      {asked !== undefined && <PasteDialog risk={asked} onAnswer={answer} />}
    </section>
  );
}
