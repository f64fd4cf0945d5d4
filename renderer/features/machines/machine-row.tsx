// Owns one row of the list.
// Must stay cheap: a thousand of them scroll by, and typing in the search draws a screenful within a frame. PatternFly's
// classes are used without its components where those measure themselves or bring a tooltip each.
import { CheckIcon } from '@patternfly/react-icons/dist/esm/icons/check-icon';
import { CopyIcon } from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { EllipsisVIcon } from '@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon';
import { memo, type MouseEvent, type ReactNode } from 'react';
import { Moment } from '../../ui/moment.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { Columns } from './columns.ts';
import type { MachineView } from './machine-view.ts';
import { CompactStatus } from './compact-status.tsx';
import { useIsComputer } from '../../client/context.tsx';
import type { StatusGroup } from './machine-status.ts';
import { RowForwards } from './row-forwards.tsx';
import { CpuCell, MemoryCell, NoFigure } from './usage-cells.tsx';

export interface RowHands {
  readonly open: (machine: MachineView) => void;
  readonly select: (machine: MachineView, selected: boolean) => void;
  readonly menu: (machine: MachineView, button: HTMLButtonElement) => void;
  readonly copy: (text: string) => void;
}

/** The same in every row; the machine's name is added by reference. */
export interface RowWords {
  readonly copyAddress: string;
  readonly copied: string;
  readonly actions: string;
  readonly status: (machine: MachineView) => string;
}

export interface MachineRowProps {
  readonly machine: MachineView;
  /** Position in the whole list, from 0. */
  readonly index: number;
  readonly selected: boolean;
  /** Reached by Tab, with its controls; the other rows by the arrow keys. */
  readonly active: boolean;
  readonly menuOpen: boolean;
  /** What was copied of it a moment ago. */
  readonly copied: string | undefined;
  readonly columns: Columns;
  readonly hands: RowHands;
  readonly words: RowWords;
}

export const MachineRow = memo(function MachineRow(props: MachineRowProps) {
  const { machine, index, selected, active, menuOpen, copied, columns, hands, words } = props;
  const { id, name, description, status, addresses, labels, startedAt, node, namespace } = machine;
  // By place, as the rows are: another machine in it changes fewer attributes.
  const nameId = `machine-name-${index}`;
  const menuId = `machine-menu-${index}`;
  const address = addresses[0];
  // Tab goes on from the row into its controls, and from the last of them out of the table.
  const tabIndex = active ? 0 : -1;
  // Nobody else has figures: a thousand machines that are off listen to nothing.
  const isComputer = useIsComputer();
  const isLive = startedAt !== undefined;
  const onClick = (event: MouseEvent<HTMLElement>): void => {
    // Controls in the row do their own work; selecting text to copy is not opening.
    if ((event.target as HTMLElement).closest('button, a, input, label') !== null || getSelection()?.isCollapsed === false) return;
    hands.open(machine);
  };
  return (
    <tr
      className={`pf-v6-c-table__tr pf-m-clickable vd-row${selected ? ' pf-m-selected' : ''}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={tabIndex}
      data-index={index}
      data-machine={id}
      onClick={onClick}
    >
      <Cell kind="check">
        <label className="pf-v6-c-check pf-m-standalone">
          <input
            type="checkbox"
            className="pf-v6-c-check__input"
            checked={selected}
            tabIndex={tabIndex}
            aria-labelledby={nameId}
            onChange={(event) => hands.select(machine, event.target.checked)}
          />
        </label>
      </Cell>
      <Cell>
        <div className="vd-row-box">
          <button type="button" id={nameId} className="vd-row-name" tabIndex={tabIndex} onClick={() => hands.open(machine)}>
            {name}
          </button>
          {description !== undefined && <span className="vd-row-note">{description}</span>}
        </div>
      </Cell>
      {columns.project && <TextCell text={namespace} />}
      <Cell>
        <StatusCell group={status.group} text={words.status(machine)} reason={status.reason} />
      </Cell>
      <Cell>{isLive || !isComputer ? <CpuCell machine={machine} /> : <NoFigure />}</Cell>
      <Cell>{isLive || !isComputer ? <MemoryCell machine={machine} /> : <NoFigure />}</Cell>
      <Cell>
        {address !== undefined && (
          <AddressCell
            address={address}
            all={addresses.join(', ')}
            label={words.copyAddress}
            copied={copied === address}
            tabIndex={tabIndex}
            onCopy={hands.copy}
          />
        )}
        {isLive && isComputer && (
          <RowForwards machine={machine} tabIndex={tabIndex} copied={copied} copiedWord={words.copied} onCopy={hands.copy} />
        )}
      </Cell>
      {columns.node && <TextCell text={node ?? ''} />}
      {columns.uptime && <Cell>{startedAt !== undefined && <Moment time={startedAt} form="since" isQuiet />}</Cell>}
      {columns.labels && <TextCell text={labels.join(', ')} />}
      <Cell kind="action">
        <button
          type="button"
          id={menuId}
          className={`pf-v6-c-menu-toggle pf-m-plain${menuOpen ? ' pf-m-expanded' : ''}`}
          aria-label={words.actions}
          aria-labelledby={`${menuId} ${nameId}`}
          aria-haspopup="menu"
          aria-expanded={menuOpen}
          tabIndex={tabIndex}
          onClick={(event) => hands.menu(machine, event.currentTarget)}
        >
          <span className="pf-v6-c-menu-toggle__icon">
            <EllipsisVIcon />
          </span>
        </button>
      </Cell>
    </tr>
  );
});

interface StatusCellProps {
  readonly group: StatusGroup;
  readonly text: string;
  readonly reason: string | undefined;
}

const StatusCell = memo(function StatusCell({ group, text, reason }: StatusCellProps) {
  const say = useSentences();
  return (
    <>
      <CompactStatus group={group} text={text} />
      {reason !== undefined && (
        <span className="vd-row-note" title={say(reason)}>
          {say(reason)}
        </span>
      )}
    </>
  );
});

interface AddressCellProps {
  readonly address: string;
  readonly all: string;
  readonly label: string;
  readonly copied: boolean;
  readonly tabIndex: number;
  readonly onCopy: (address: string) => void;
}

const AddressCell = memo(function AddressCell({ address, all, label, copied, tabIndex, onCopy }: AddressCellProps) {
  return (
    <span className="vd-figure">
      <span className="vd-clip" title={all}>
        {address}
      </span>
      <button
        type="button"
        className="pf-v6-c-button pf-m-plain pf-m-small pf-m-no-padding"
        aria-label={label}
        title={label}
        tabIndex={tabIndex}
        onClick={() => onCopy(address)}
      >
        <span className="pf-v6-c-button__icon">{copied ? <CheckIcon /> : <CopyIcon />}</span>
      </button>
    </span>
  );
});

/** One line, however long: a row that grows moves those below it. */
function TextCell({ text }: { readonly text: string }) {
  return (
    <Cell>
      <span className="vd-clip vd-line" title={text}>
        {text}
      </span>
    </Cell>
  );
}

function Cell({ children, kind }: { readonly children?: ReactNode; readonly kind?: 'check' | 'action' }) {
  return (
    <td role="gridcell" className={`pf-v6-c-table__td${kind === undefined ? '' : ` pf-v6-c-table__${kind}`}`}>
      {children}
    </td>
  );
}
