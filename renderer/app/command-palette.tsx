// Owns the command palette: everything the menus do, by typing.
// Must not offer what the menus would not.
import { Modal, ModalBody, SearchInput } from '@patternfly/react-core';
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Command, findCommands } from './commands.ts';
import { useCommands } from './use-commands.ts';

const shownAtOnce = 40;

export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('shell');
  const id = useId();
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const asked = useDeferredValue(query);
  const commands = useCommands(asked);
  const found = useMemo(() => findCommands(commands, asked, shownAtOnce), [commands, asked]);
  const optionId = (index: number): string => `${id}-${index}`;
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
    <Modal
      isOpen
      variant="medium"
      position="top"
      onClose={onClose}
      aria-label={t('search.label')}
      elementToFocus={`#${CSS.escape(`${id}-input`)}`}
    >
      <ModalBody tabIndex={-1} aria-label={t('search.label')}>
        <SearchInput
          value={query}
          onChange={(_event, value) => {
            setQuery(value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={t('search.placeholder')}
          aria-label={t('search.label')}
          searchInputId={`${id}-input`}
          inputProps={{
            role: 'combobox',
            autoComplete: 'off',
            'aria-expanded': true,
            'aria-controls': `${id}-list`,
            'aria-activedescendant': found.length === 0 ? undefined : optionId(active),
          }}
        />
        <div ref={list} role="listbox" id={`${id}-list`} aria-label={t('search.results')} className="vd-palette" tabIndex={-1}>
          {found.map((command, index) => (
            <Option
              key={command.id}
              id={optionId(index)}
              command={command}
              isActive={index === active}
              // The best matches come first whatever their group: a heading marks each change of group.
              heading={command.group === found[index - 1]?.group ? undefined : t(`search.groups.${command.group}`)}
              onRun={() => run(command)}
            />
          ))}
        </div>
        {found.length === 0 && <p className="vd-subtle vd-padded">{t('search.nothing', { query: asked })}</p>}
      </ModalBody>
    </Modal>
  );
}

interface OptionProps {
  readonly id: string;
  readonly command: Command;
  readonly isActive: boolean;
  readonly heading: string | undefined;
  readonly onRun: () => void;
}

function Option({ id, command, isActive, heading, onRun }: OptionProps) {
  const { label, disabledReason } = command;
  return (
    <>
      {heading !== undefined && (
        <div role="presentation" className="vd-palette-heading">
          {heading}
        </div>
      )}
      <div
        id={id}
        role="option"
        tabIndex={-1}
        aria-selected={isActive}
        aria-disabled={disabledReason !== undefined}
        className="vd-palette-option"
        onClick={onRun}
        onKeyDown={(event) => event.key === 'Enter' && onRun()}
      >
        {label}
        {disabledReason !== undefined && <small>{disabledReason}</small>}
      </div>
    </>
  );
}
