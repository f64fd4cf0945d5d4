// Owns the command palette: everything the menus do, by typing.
// Must not offer what the menus would not.
import { Menu, MenuContent, MenuGroup, MenuItem, MenuList, Modal, ModalBody, SearchInput } from '@patternfly/react-core';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, findCommands } from './commands.ts';
import { useCommands } from './use-commands.ts';

const shownAtOnce = 40;

export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const commands = useCommands();
  const found = useMemo(() => findCommands(commands, query, shownAtOnce), [commands, query]);
  const groups = useMemo(() => [...Map.groupBy(found, (command) => command.group)], [found]);
  const run = (command: Command): void => {
    if (command.disabledReason !== undefined) return;
    onClose();
    command.run();
  };
  const move = (by: number): void => {
    const next = Math.max(0, Math.min(found.length - 1, active + by));
    setActive(next);
    list.current?.querySelectorAll('[role="option"]')[next]?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const command = found[active];
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Enter' && command !== undefined) run(command);
    else return;
    event.preventDefault();
  };
  return (
    <Modal isOpen variant="medium" position="top" onClose={onClose} aria-label={t('search.label')} className="vd-palette">
      <ModalBody tabIndex={-1}>
        <SearchInput
          value={query}
          onChange={(_event, value) => {
            setQuery(value);
            setActive(0);
          }}
          onClear={() => setQuery('')}
          onKeyDown={onKeyDown}
          placeholder={t('search.placeholder')}
          aria-label={t('search.label')}
          searchInputId="palette-input"
          // The palette exists to be typed into: the focus belongs here.
          ref={(input) => input?.focus()}
        />
        <Menu ref={list} isPlain isScrollable role="listbox" aria-label={t('search.results')}>
          <MenuContent maxMenuHeight="60vh">
            {groups.map(([group, rows]) => (
              <MenuGroup key={group} label={group} labelHeadingLevel="h2">
                <MenuList role="listbox" aria-label={group}>
                  {rows.map((command) => (
                    <MenuItem
                      key={command.id}
                      role="option"
                      isFocused={found[active] === command}
                      isDisabled={command.disabledReason !== undefined}
                      description={command.disabledReason}
                      onClick={() => run(command)}
                    >
                      {command.label}
                    </MenuItem>
                  ))}
                </MenuList>
              </MenuGroup>
            ))}
            {found.length === 0 && <p className="vd-subtle vd-padded">{t('search.nothing', { query })}</p>}
          </MenuContent>
        </Menu>
      </ModalBody>
    </Modal>
  );
}
