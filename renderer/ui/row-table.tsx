// Owns a small table whose rows are typed in: a text or a choice in each cell, rows added and taken away.
// Must not know what the rows mean.
import { Button, FormSelect, FormSelectOption, TextInput } from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { PlusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useRef } from 'react';

export interface RowColumn<Row> {
  readonly id: keyof Row & string;
  readonly title: string;
  /** A choice; without, a text. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly placeholder?: string;
  readonly isWrong?: (value: string, row: Row) => boolean;
  readonly isDisabled?: (row: Row) => boolean;
  /** Only told, not typed. */
  readonly textOf?: (row: Row) => string;
}

export interface RowTableProps<Row> {
  /** Names the table, and begins the names of its fields. */
  readonly id: string;
  readonly label: string;
  readonly columns: readonly RowColumn<Row>[];
  readonly rows: readonly Row[];
  readonly onChange: (rows: readonly Row[]) => void;
  readonly newRow: Row;
  readonly addLabel: string;
  readonly removeLabel: string;
  /** Many columns: where they have no room, each row is a list of its fields. */
  readonly isWide?: boolean;
}

export function RowTable<Row extends Readonly<Record<string, string>>>(props: RowTableProps<Row>) {
  const { id, label, columns, rows, onChange, newRow, addLabel, removeLabel, isWide = false } = props;
  const add = useRef<HTMLButtonElement>(null);
  const set = (index: number, change: Partial<Row>): void => onChange(rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  const remove = (index: number): void => {
    onChange(rows.filter((_row, at) => at !== index));
    // The button that was pressed is gone: the focus must not be lost with it.
    add.current?.focus();
  };
  return (
    <>
      {rows.length > 0 && (
        <Table variant="compact" aria-label={label} borders={isWide} gridBreakPoint={isWide ? 'grid-xl' : 'grid-md'}>
          <Thead>
            <Tr>
              {columns.map((column) => (
                <Th key={column.id}>{column.title}</Th>
              ))}
              <Th screenReaderText={removeLabel} />
            </Tr>
          </Thead>
          <Tbody>
            {rows.map((row, index) => (
              // oxlint-disable-next-line react/no-array-index-key -- a row is its place: it has no other name while it is typed
              <Tr key={index}>
                {columns.map((column) => (
                  <Td key={column.id} dataLabel={column.title} className={column.options === undefined ? undefined : 'vd-row-choice'}>
                    <Cell
                      id={`${id}-${index}-${column.id}`}
                      column={column}
                      row={row}
                      onChange={(value) => set(index, { [column.id]: value } as Partial<Row>)}
                    />
                  </Td>
                ))}
                <Td isActionCell>
                  <Button
                    variant="plain"
                    icon={<MinusCircleIcon />}
                    aria-label={`${removeLabel} ${index + 1}`}
                    onClick={() => remove(index)}
                  />
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      )}
      <Button ref={add} variant="link" isInline icon={<PlusCircleIcon />} onClick={() => onChange([...rows, newRow])}>
        {addLabel}
      </Button>
    </>
  );
}

interface CellProps<Row> {
  readonly id: string;
  readonly column: RowColumn<Row>;
  readonly row: Row;
  readonly onChange: (value: string) => void;
}

function Cell<Row extends Readonly<Record<string, string>>>({ id, column, row, onChange }: CellProps<Row>) {
  const { title, options, placeholder, isWrong, isDisabled, textOf } = column;
  if (textOf !== undefined) return <span className="vd-cell-text">{textOf(row)}</span>;
  const value = row[column.id] ?? '';
  const validated = isWrong?.(value, row) === true ? 'error' : 'default';
  const disabled = isDisabled?.(row) === true;
  if (options === undefined) {
    return (
      <TextInput
        id={id}
        aria-label={title}
        value={value}
        placeholder={placeholder}
        validated={validated}
        isDisabled={disabled}
        onChange={(_event, text) => onChange(text)}
      />
    );
  }
  return (
    <FormSelect
      id={id}
      aria-label={title}
      value={value}
      validated={validated}
      isDisabled={disabled}
      onChange={(_event, text) => onChange(text)}
    >
      {options.map((option) => (
        <FormSelectOption key={option.value} value={option.value} label={option.label} />
      ))}
    </FormSelect>
  );
}
