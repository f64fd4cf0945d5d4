// Owns the snapshots of one machine as a tree: taking one, going back, freeing.
// Must not go back without asking: what the machine does now is lost.
import {
  Alert,
  Button,
  Content,
  EmptyState,
  EmptyStateBody,
  Label,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr, TreeRowWrapper } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { annotations } from '../../../electron/api/annotations.ts';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { RowMenu } from '../../ui/row-menu.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { MachineView } from './machine-view.ts';
import { freeSnapshotName, openRestore, restoreDraft, type SnapshotRow, snapshotRows } from './snapshot-rows.ts';
import { TakeSnapshotDialog } from './take-snapshot-dialog.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';

export function SnapshotsTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('snapshots');
  const client = useClient();
  const { fail } = useNotices();
  const say = useSentences();
  const [chosen, setChosen] = useState<SnapshotRow>();
  /** A name for the snapshot that is about to be taken. */
  const [suggested, setSuggested] = useState<string>();
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const { namespace, name, vm, state } = machine;
  const of = { namespace, name, current: vm.metadata.annotations?.[annotations.parentSnapshot] };
  const rows = snapshotRows(useList('virtualmachinesnapshots.snapshot.kubevirt.io').items, of);
  const waiting = openRestore(useList('virtualmachinerestores.snapshot.kubevirt.io').items, of);
  const isRunning = state.phase === 'Running';
  const suggest = (): void => setSuggested(nameOfNow(name, rows));
  const toggle = (snapshot: string): void =>
    setClosed((before) => new Set(before.has(snapshot) ? [...before].filter((one) => one !== snapshot) : [...before, snapshot]));
  const goBack = (snapshot: string): void => {
    setChosen(undefined);
    client
      .create('virtualmachinerestores.snapshot.kubevirt.io', restoreDraft(machine, snapshot))
      .catch((error: unknown) => fail(t('failed.goBack'), error));
  };
  const forget = (snapshot: string): void => {
    client
      .delete({ resource: 'virtualmachinesnapshots.snapshot.kubevirt.io', namespace, name: snapshot })
      .catch((error: unknown) => fail(t('failed.forget'), error));
  };
  const button = (
    <Button variant="secondary" onClick={suggest}>
      {t('take')}
    </Button>
  );
  return (
    <TitledCard title={t('title')} actions={button}>
      <Content component="p">{t('note')}</Content>
      {waiting !== undefined && <Alert component="p" isInline variant="info" title={say(waiting)} />}
      {rows.length === 0 ? (
        <EmptyState variant="xs" titleText={t('emptyTitle')} headingLevel="h3">
          <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table variant="compact" isTreeTable aria-label={t('title')}>
          <Thead>
            <Tr>
              {(['name', 'time', 'content', 'state'] as const).map((column) => (
                <Th key={column}>{t(`column.${column}`)}</Th>
              ))}
              <Th screenReaderText={t('column.actions')} />
            </Tr>
          </Thead>
          <Tbody>
            {rows.map((row) => (
              <Row
                key={row.name}
                row={row}
                isHidden={row.ancestors.some((one) => closed.has(one))}
                isExpanded={!closed.has(row.name)}
                onToggle={() => toggle(row.name)}
                onGoBack={() => setChosen(row)}
                onForget={() => forget(row.name)}
              />
            ))}
          </Tbody>
        </Table>
      )}
      {suggested !== undefined && <TakeSnapshotDialog machine={machine} suggested={suggested} onClose={() => setSuggested(undefined)} />}
      {chosen !== undefined && (
        <GoBackDialog row={chosen} isRunning={isRunning} onConfirm={() => goBack(chosen.name)} onClose={() => setChosen(undefined)} />
      )}
    </TitledCard>
  );
}

function nameOfNow(machine: string, rows: readonly SnapshotRow[]): string {
  return freeSnapshotName(machine, new Date(), new Set(rows.map(({ name }) => name)));
}

interface RowProps {
  readonly row: SnapshotRow;
  readonly isHidden: boolean;
  readonly isExpanded: boolean;
  readonly onToggle: () => void;
  readonly onGoBack: () => void;
  readonly onForget: () => void;
}

function Row({ row, isHidden, isExpanded, onToggle, onGoBack, onForget }: RowProps) {
  const { t } = useTranslation('snapshots');
  const say = useSentences();
  const { name, ancestors, position, children, time, hasMemory, isReady, isCurrent, phase, error } = row;
  const tree = {
    isExpanded: children > 0 && isExpanded,
    isHidden,
    'aria-level': ancestors.length + 1,
    'aria-posinset': position,
    // How many stand on it: PatternFly draws the button by it.
    'aria-setsize': children,
    toggleAriaLabel: t(isExpanded ? 'hideBelow' : 'showBelow', { name }),
  };
  return (
    <TreeRowWrapper row={{ props: tree }}>
      <Td dataLabel={t('column.name')} modifier="breakWord" treeRow={{ onCollapse: onToggle, rowIndex: position, props: tree }}>
        {name}{' '}
        {isCurrent && (
          <Label isCompact color="blue">
            {t('current')}
          </Label>
        )}
      </Td>
      <Td dataLabel={t('column.time')}>
        <Moment time={time} />
      </Td>
      <Td dataLabel={t('column.content')}>{hasMemory ? t('memoryAndDisks') : t('disks')}</Td>
      <Td dataLabel={t('column.state')} modifier="breakWord">
        {t(`phase.${phase}` as 'phase.Succeeded', { defaultValue: phase })}
        {error !== undefined && <p className="vd-subtle">{say(error)}</p>}
      </Td>
      <Td isActionCell>
        <RowMenu
          name={name}
          items={[
            { title: t('goBack'), isDisabled: !isReady, onClick: onGoBack },
            { title: t('forget'), onClick: onForget },
          ]}
        />
      </Td>
    </TreeRowWrapper>
  );
}

interface GoBackProps {
  readonly row: SnapshotRow;
  readonly isRunning: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

function GoBackDialog({ row, isRunning, onConfirm, onClose }: GoBackProps) {
  const { t } = useTranslation('snapshots');
  return (
    <Modal isOpen variant="small" onClose={onClose} aria-labelledby="snapshot-title">
      <ModalHeader titleIconVariant="warning" labelId="snapshot-title" title={t('ask.title', { name: row.name })} />
      <ModalBody>
        <Content component="p">{t('ask.body')}</Content>
        <Content component="p">{t(isRunning ? (row.hasMemory ? 'ask.running' : 'ask.mustStop') : 'ask.stopped')}</Content>
      </ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={onConfirm}>
          {t('goBack')}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t('cancel', { ns: 'words' })}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
