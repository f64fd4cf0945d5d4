// Owns asking for the name of a snapshot, and saying beforehand what it takes and why there can be none.
// Must not take one that the core would refuse.
import { Alert, Content, FormGroup, Skeleton, TextInput } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SnapshotCheck } from '../../../electron/api/computer.ts';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { CauseList } from '../../ui/cause-list.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { failureOf } from '../../ui/notices.tsx';
import type { MachineView } from './machine-view.ts';
import { snapshotDraft } from './snapshot-rows.ts';

export interface TakeSnapshotDialogProps {
  readonly machine: MachineView;
  /** A name that is free. */
  readonly suggested: string;
  readonly onClose: () => void;
}

export function TakeSnapshotDialog({ machine, suggested, onClose }: TakeSnapshotDialogProps) {
  const { t } = useTranslation('snapshots');
  const client = useClient();
  const [name, setName] = useState(suggested);
  const isComputer = useIsComputer();
  const { check, failed } = useSnapshotCheck(machine, isComputer);
  const isPossible = check === undefined || check.causes.length === 0;
  return (
    <FormDialog
      id="take-snapshot"
      title={t('new.title', { name: machine.name })}
      button={t('take')}
      failed={t('failed.take')}
      isReady={name !== '' && isPossible}
      send={() => client.create('virtualmachinesnapshots.snapshot.kubevirt.io', snapshotDraft(machine, name))}
      onClose={onClose}
    >
      {failed !== undefined && <FormFailure title={t('new.checkFailed')} failure={failureOf(failed)} />}
      {isComputer && check === undefined && failed === undefined && (
        <Skeleton width="80%" screenreaderText={t('loading', { ns: 'words' })} />
      )}
      {check !== undefined && <Room check={check} />}
      <FormGroup label={t('column.name')} isRequired fieldId="snapshot-name">
        <TextInput id="snapshot-name" isRequired value={name} onChange={(_event, text) => setName(text)} />
      </FormGroup>
    </FormDialog>
  );
}

function Room({ check: { online, memoryBytes, freeBytes, causes } }: { readonly check: SnapshotCheck }) {
  const { t } = useTranslation('snapshots');
  const formats = useFormats();
  if (causes.length > 0) {
    return (
      <Alert component="p" isInline variant="danger" title={t('new.impossible', { count: causes.length })}>
        <CauseList causes={causes} />
      </Alert>
    );
  }
  const [size, free] = [formats.bytes(memoryBytes), formats.bytes(freeBytes)];
  return <Content component="p">{online ? t('new.running', { size, free }) : t('new.stopped', { free })}</Content>;
}

/** A cluster has no such question: it says afterwards whether it could. */
function useSnapshotCheck(
  { namespace, name }: MachineView,
  isComputer: boolean,
): { readonly check?: SnapshotCheck; readonly failed?: unknown } {
  const client = useClient();
  const [found, setFound] = useState<{ readonly check?: SnapshotCheck; readonly failed?: unknown }>({});
  useEffect(() => {
    if (!isComputer) return undefined;
    const abort = new AbortController();
    client.snapshotCheck({ namespace, name }, abort.signal).then(
      (check) => setFound({ check }),
      (failed: unknown) => {
        if (!abort.signal.aborted) setFound({ failed });
      },
    );
    return () => abort.abort();
  }, [client, namespace, name, isComputer]);
  return found;
}
