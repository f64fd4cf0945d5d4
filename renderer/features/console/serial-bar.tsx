// Owns the bar above the terminal.
// Must not act; everything goes out by callbacks.
import {
  Button,
  Dropdown,
  DropdownItem,
  DropdownList,
  MenuToggle,
  Toolbar,
  ToolbarContent,
  ToolbarGroup,
  ToolbarItem,
  Tooltip,
} from '@patternfly/react-core';
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { SearchIcon } from '@patternfly/react-icons/dist/esm/icons/search-icon';
import { SearchMinusIcon } from '@patternfly/react-icons/dist/esm/icons/search-minus-icon';
import { SearchPlusIcon } from '@patternfly/react-icons/dist/esm/icons/search-plus-icon';
import { type ReactElement, type Ref, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LineState } from './line-state.tsx';
import type { ConsoleState } from './reconnect.ts';

export interface SerialBarProps {
  readonly ref: Ref<HTMLDivElement>;
  readonly state: ConsoleState;
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
  const { ref, state, isSearching, onSearch, onFont, onPaste, onReconnect } = props;
  const { t } = useTranslation('console');
  return (
    <div ref={ref} className="vd-console-bar">
      <Toolbar isSticky={false} inset={{ default: 'insetSm' }} colorVariant="secondary">
        <ToolbarContent>
          <ToolbarGroup>
            <ToolbarItem alignSelf="center">
              <LineState state={state} onReconnect={onReconnect} />
            </ToolbarItem>
          </ToolbarGroup>
          <ToolbarGroup align={{ default: 'alignEnd' }} variant="action-group-plain">
            <ToolbarItem>
              <Button variant="plain" onClick={onPaste}>
                {t('serial.paste')}
              </Button>
            </ToolbarItem>
            <IconItem label={t('serial.search')} icon={<SearchIcon />} isPressed={isSearching} onClick={onSearch} />
            <IconItem label={t('serial.smaller')} icon={<SearchMinusIcon />} onClick={() => onFont(-1)} />
            <IconItem label={t('serial.larger')} icon={<SearchPlusIcon />} onClick={() => onFont(1)} />
            <ToolbarItem>
              <MoreMenu {...props} />
            </ToolbarItem>
          </ToolbarGroup>
        </ToolbarContent>
      </Toolbar>
    </div>
  );
}

interface IconItemProps {
  readonly label: string;
  readonly icon: ReactElement;
  readonly isPressed?: boolean;
  readonly onClick: () => void;
}

function IconItem({ label, icon, isPressed, onClick }: IconItemProps) {
  return (
    <ToolbarItem>
      <Tooltip content={label}>
        <Button variant="plain" icon={icon} aria-label={label} aria-pressed={isPressed} onClick={onClick} />
      </Tooltip>
    </ToolbarItem>
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
      popperProps={{ position: 'end' }}
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
