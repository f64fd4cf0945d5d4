// Owns the bar above the terminal.
// Must not act; everything goes out by callbacks.
import { Button, Dropdown, DropdownItem, DropdownList, MenuToggle } from '@patternfly/react-core';
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { SearchIcon } from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { SearchMinusIcon } from '@patternfly/react-icons/dist/esm/icons/search-minus-icon';
import { SearchPlusIcon } from '@patternfly/react-icons/dist/esm/icons/search-plus-icon';
import { type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BarButton } from './bar-button.tsx';
import { ConsoleBar } from './console-bar.tsx';
import { LineState } from './line-state.tsx';
import type { ConsoleState } from './reconnect.ts';

export interface SerialBarProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly state: ConsoleState;
  readonly viewers: number;
  readonly isSearching: boolean;
  readonly hasTimes: boolean;
  readonly onSearch: () => void;
  readonly onTimes: () => void;
  /** One step of the font's size, up or down. */
  readonly onFont: (step: 1 | -1) => void;
  readonly onPaste: () => void;
  readonly onTellSize: () => void;
  readonly onSaveLog: () => void;
  readonly onReconnect: () => void;
}

export function SerialBar(props: SerialBarProps) {
  const { ref, state, viewers, isSearching, onSearch, onFont, onPaste, onReconnect } = props;
  const { t } = useTranslation('console');
  return (
    <ConsoleBar ref={ref} state={<LineState state={state} viewers={viewers} onReconnect={onReconnect} />}>
      <Button variant="plain" onClick={onPaste}>
        {t('serial.paste')}
      </Button>
      <BarButton label={t('serial.search')} icon={<SearchIcon />} isPressed={isSearching} onClick={onSearch} />
      <BarButton label={t('serial.smaller')} icon={<SearchMinusIcon />} onClick={() => onFont(-1)} />
      <BarButton label={t('serial.larger')} icon={<SearchPlusIcon />} onClick={() => onFont(1)} />
      <MoreMenu {...props} />
    </ConsoleBar>
  );
}

function MoreMenu({ hasTimes, onTimes, onTellSize, onSaveLog }: SerialBarProps) {
  const { t } = useTranslation('console');
  const [open, setOpen] = useState(false);
  return (
    <Dropdown
      isOpen={open}
      onOpenChange={setOpen}
      onSelect={() => setOpen(false)}
      popperProps={{ appendTo: 'inline', position: 'end' }}
      toggle={(toggle) => (
        <MenuToggle
          ref={toggle}
          variant="plain"
          icon={<EllipsisVIcon />}
          aria-label={t('serial.more')}
          isExpanded={open}
          onClick={() => setOpen((last) => !last)}
        />
      )}
    >
      <DropdownList>
        <DropdownItem onClick={onSaveLog} description={t('serial.saveLogHelp')}>
          {t('serial.saveLog')}
        </DropdownItem>
        <DropdownItem onClick={onTimes} description={t('serial.timesHelp')}>
          {hasTimes ? t('serial.hideTimes') : t('serial.showTimes')}
        </DropdownItem>
        <DropdownItem onClick={onTellSize} description={t('serial.tellSizeHelp')}>
          {t('serial.tellSize')}
        </DropdownItem>
      </DropdownList>
    </Dropdown>
  );
}
