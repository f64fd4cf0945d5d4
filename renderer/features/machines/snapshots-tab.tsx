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
import { ActionsColumn, Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { annotations } from '../../../electron/api/annotations.ts';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { menuPlace } from '../../ui/menu-place.ts';
import { Moment } from '../../ui/moment.tsx';
import { useNotices } from '../../ui/notices.tsx';
import type { MachineView } from './machine-view.ts';
import { freeSnapshotName, openRestore, restoreDraft, snapshotDraft, type SnapshotRow, snapshotRows } from './snapshot-rows.ts';
import { TitledCard } from '../../ui/titled-card.tsx';

export function SnapshotsTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('snapshots');
  const client = useClient();
  const formats = useFormats();
  const { fail } = useNotices();
  const [chosen, setChosen] = useState<SnapshotRow>();
  const { namespace, name, vm, state, size } = machine;
  const of = { namespace, name, current: vm.metadata.annotations?.[annotations.parentSnapshot] };
  const rows = snapshotRows(useList('virtualmachinesnapshots.snapshot.kubevirt.io').items, of);
  const waiting = openRestore(useList('virtualmachinerestores.snapshot.kubevirt.io').items, of);
  const isRunning = state.phase === 'Running';
  const take = (): void => {
    const draft = snapshotDraft(machine, freeSnapshotName(name, new Date(), new Set(rows.map((row) => row.name))));
    client.create('virtualmachinesnapshots.snapshot.kubevirt.io', draft).catch((error: unknown) => fail(t('failed.take'), error));
  };
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
    <Button variant="secondary" onClick={take}>
      {t('take')}
    </Button>
  );
  return (
    <TitledCard title={t('title')} actions={button}>
      <Content component="p">
        {isRunning && size.memoryMiB !== undefined ? t('noteRunning', { size: formats.mebibytes(size.memoryMiB) }) : t('noteStopped')}
      </Content>
      {waiting !== undefined && <Alert component="p" isInline variant="info" title={waiting} />}
      {rows.length === 0 ? (
        <EmptyState variant="xs" titleText={t('emptyTitle')} headingLevel="h3">
          <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Table variant="compact" aria-label={t('title')}>
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
              <Row key={row.name} row={row} onGoBack={() => setChosen(row)} onForget={() => forget(row.name)} />
            ))}
          </Tbody>
        </Table>
      )}
      {chosen !== undefined && (
        <GoBackDialog row={chosen} isRunning={isRunning} onConfirm={() => goBack(chosen.name)} onClose={() => setChosen(undefined)} />
      )}
    </TitledCard>
  );
}

function Row({ row, onGoBack, onForget }: { readonly row: SnapshotRow; readonly onGoBack: () => void; readonly onForget: () => void }) {
  const { t } = useTranslation('snapshots');
  const { name, depth, time, hasMemory, isReady, isCurrent, phase, error } = row;
  return (
    <Tr>
      <Td dataLabel={t('column.name')} modifier="breakWord">
        <span style={{ paddingInlineStart: `${depth * 1.5}rem` }}>
          {depth > 0 && <span aria-hidden="true">└ </span>}
          {name}{' '}
          {isCurrent && (
            <Label isCompact color="blue">
              {t('current')}
            </Label>
          )}
        </span>
      </Td>
      <Td dataLabel={t('column.time')}>
        <Moment time={time} />
      </Td>
      <Td dataLabel={t('column.content')}>{hasMemory ? t('memoryAndDisks') : t('disks')}</Td>
      <Td dataLabel={t('column.state')} modifier="breakWord">
        {t(`phase.${phase}` as 'phase.Succeeded', { defaultValue: phase })}
        {error !== undefined && <p className="vd-subtle">{error}</p>}
      </Td>
      <Td isActionCell>
        <ActionsColumn
          items={[
            { title: t('goBack'), isDisabled: !isReady, onClick: onGoBack },
            { title: t('forget'), onClick: onForget },
          ]}
          popperProps={{ position: 'end', appendTo: menuPlace }}
          aria-label={t('actionsOf', { name })}
        />
      </Td>
    </Tr>
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
