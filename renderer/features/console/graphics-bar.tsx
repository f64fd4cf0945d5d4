// Owns the bar above the screen: state, keys, typing, picture, scale, full screen.
// Must not act; everything goes out by callbacks.
import { Button, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { CameraIcon } from '@patternfly/react-icons/dist/esm/icons/camera-icon';
import { CompressIcon } from '@patternfly/react-icons/dist/esm/icons/compress-icon';
import { DesktopIcon } from '@patternfly/react-icons/dist/esm/icons/desktop-icon';
import { ExpandIcon } from '@patternfly/react-icons/dist/esm/icons/expand-icon';
import { KeyboardIcon } from '@patternfly/react-icons/dist/esm/icons/keyboard-icon';
import type { Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { BarButton } from './bar-button.tsx';
import { ConsoleBar } from './console-bar.tsx';
import type { KeyCombination } from './key-combinations.ts';
import { KeysMenu } from './keys-menu.tsx';
import { LineState } from './line-state.tsx';
import type { ConsoleState } from './reconnect.ts';
import type { Scaling } from './vnc-session.ts';

export interface GraphicsBarProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly state: ConsoleState;
  readonly viewers: number;
  readonly grabbed: boolean;
  readonly scaling: Scaling;
  readonly isFull: boolean;
  /** Combinations of the user's own, as printed. */
  readonly own: readonly string[];
  readonly onScaling: (scaling: Scaling) => void;
  readonly onFullScreen: () => void;
  readonly onPress: (combination: KeyCombination) => void;
  readonly onOwn: () => void;
  readonly onType: () => void;
  readonly onViewer: () => void;
  readonly onPicture: () => void;
  readonly onReconnect: () => void;
}

export function GraphicsBar(props: GraphicsBarProps) {
  const {
    ref,
    state,
    viewers,
    grabbed,
    scaling,
    isFull,
    own,
    onScaling,
    onFullScreen,
    onPress,
    onOwn,
    onType,
    onViewer,
    onPicture,
    onReconnect,
  } = props;
  const { t } = useTranslation('console');
  const off = state.type !== 'connected';
  return (
    <ConsoleBar
      ref={ref}
      state={
        <>
          <LineState state={state} viewers={viewers} onReconnect={onReconnect} />
          <span role="status" className="vd-grab">
            {grabbed ? t('grab.inside') : t('grab.outside')}
          </span>
        </>
      }
    >
      <KeysMenu isDisabled={off} own={own} onPress={onPress} onOwn={onOwn} />
      <Button variant="plain" icon={<KeyboardIcon />} isDisabled={off} onClick={onType}>
        {t('type.open')}
      </Button>
      <BarButton label={t('open', { ns: 'viewers' })} icon={<DesktopIcon />} onClick={onViewer} />
      <BarButton label={t('graphics.picture')} icon={<CameraIcon />} isDisabled={off} onClick={onPicture} />
      <ToggleGroup isCompact aria-label={t('graphics.scale')}>
        {(['fit', 'actual'] as const).map((each) => (
          <ToggleGroupItem
            key={each}
            buttonId={`scale-${each}`}
            text={t(`graphics.${each}`)}
            isSelected={scaling === each}
            onChange={() => onScaling(each)}
          />
        ))}
      </ToggleGroup>
      <BarButton
        label={isFull ? t('graphics.leaveFull') : t('graphics.full')}
        icon={isFull ? <CompressIcon /> : <ExpandIcon />}
        onClick={onFullScreen}
      />
    </ConsoleBar>
  );
}
