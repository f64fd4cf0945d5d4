// Owns the graphics console: the screen, its bar, its dialogs.
// Must not know RFB.
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { downloadBlob } from '../../ui/download.ts';
import { type PanelProps, savedName } from './console-model.ts';
import { GraphicsBar } from './graphics-bar.tsx';
import { combinationEvents, type KeyCombination } from './key-combinations.ts';
import { OwnCombinationDialog } from './own-combination-dialog.tsx';
import { OtherViewerDialog } from './other-viewer-dialog.tsx';
import { TypeTextDialog } from './type-text-dialog.tsx';
import { useConsoleMemory } from './use-console-memory.ts';
import { useFullScreen } from './use-full-screen.ts';
import { useReleaseKey } from './use-release-key.ts';
import { useVnc } from './use-vnc.ts';
import type { Scaling } from './vnc-session.ts';

export default function GraphicsPanel({ namespace, name, viewers }: PanelProps) {
  const { t } = useTranslation('console');
  const frame = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [scaling, setScaling] = useState<Scaling>('fit');
  const [dialog, setDialog] = useState<'type' | 'combination' | 'viewer'>();
  const [memory, remember] = useConsoleMemory();
  const full = useFullScreen(frame);
  const { state, session, grabbed } = useVnc({ namespace, name, place, label: t('graphics.screen', { name }) });
  // The bar hides only when nothing in it has the focus.
  useEffect(() => {
    if (full.active) session?.focus();
  }, [full.active, session]);
  useReleaseKey(place, () => {
    session?.blur();
    bar.current?.querySelector<HTMLElement>('button')?.focus();
  });
  const sendKeys = useCallback(
    (events: Parameters<NonNullable<typeof session>['sendKeys']>[0]) => session?.sendKeys(events) ?? false,
    [session],
  );
  const press = (combination: KeyCombination): void => {
    sendKeys(combinationEvents(combination));
    session?.focus();
  };
  const scale = (next: Scaling): void => {
    setScaling(next);
    session?.setScaling(next);
  };
  const save = async (): Promise<void> => {
    const picture = await session?.picture();
    if (picture !== undefined) downloadBlob(savedName(name, 'png', new Date()), picture);
  };
  // In full screen nothing outside of the frame is drawn; otherwise the page's own layers would lie over it.
  const layer = (): HTMLElement => (full.active && frame.current !== null ? frame.current : document.body);
  const close = (): void => {
    setDialog(undefined);
    session?.focus();
  };
  return (
    <section ref={frame} className={full.active ? 'vd-graphics vd-graphics-full' : 'vd-graphics'} aria-label={t('view.graphics')}>
      <GraphicsBar
        ref={bar}
        state={state}
        viewers={viewers}
        grabbed={grabbed}
        scaling={scaling}
        isFull={full.active}
        own={memory.combinations}
        onScaling={scale}
        onFullScreen={full.toggle}
        onPress={press}
        onOwn={() => setDialog('combination')}
        onType={() => setDialog('type')}
        onViewer={() => setDialog('viewer')}
        onPicture={() => void save()}
        onReconnect={() => session?.reconnectNow()}
      />
      <div ref={place} className="vd-screen" />
      {dialog === 'type' && <TypeTextDialog memory={memory} onMemory={remember} send={sendKeys} onClose={close} appendTo={layer} />}
      {dialog === 'viewer' && <OtherViewerDialog namespace={namespace} name={name} onClose={close} appendTo={layer} />}
      {dialog === 'combination' && (
        <OwnCombinationDialog
          kept={memory.combinations}
          onKeep={(combinations) => remember({ combinations })}
          onPress={press}
          onClose={close}
          appendTo={layer}
        />
      )}
    </section>
  );
}
