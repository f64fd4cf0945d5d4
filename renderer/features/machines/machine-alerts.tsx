// Owns what needs the user, under the header: why it cannot start, what waits for a restart, what is not honoured.
// Must not hide a reason because another is there.
import { Alert, AlertActionLink, AlertGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { CauseList } from '../../ui/cause-list.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { useSecond } from '../../ui/ticking.ts';
import { FailureAlert } from './failure-alert.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { machineRemarks, type Remark } from './machine-remarks.ts';
import type { MachineView } from './machine-view.ts';
import { pendingChanges } from './pending-changes.ts';
import { SuspendingAlert } from './suspending-alert.tsx';
import { useMachineHands } from './use-machine-hands.ts';

export function MachineAlerts({ machine }: { readonly machine: MachineView }) {
  const remarks = machineRemarks(machine);
  return (
    <AlertGroup className="vd-alerts" isLiveRegion>
      <FailureAlert key={machine.vm.metadata.uid} machine={machine} />
      {remarks.map((remark) => (
        <RemarkAlert key={remark.type} remark={remark} machine={machine} />
      ))}
    </AlertGroup>
  );
}

/** The core's sentence when there is nothing more to say: the list of fields says it. */
const generalMessage = 'a non-live-updatable field was changed in the template spec';

function RemarkAlert({ remark, machine }: { readonly remark: Remark; readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const hands = useMachineHands();
  const say = useSentences();
  switch (remark.type) {
    case 'problem':
      return (
        <Alert
          component="p"
          isInline
          variant="danger"
          title={t(`problem.${machine.status.id}`, { defaultValue: t('problem.other') })}
          actionLinks={
            hands.isComputer && <AlertActionLink onClick={() => hands.open({ type: 'check', machine })}>{t('page.why')}</AlertActionLink>
          }
        >
          {say(remark.message)}
          <NextTry machine={machine} />
        </Alert>
      );
    case 'saved':
      return <SavedAlert remark={remark} machine={machine} />;
    case 'suspending':
      return <SuspendingAlert machine={machine} since={remark.since} />;
    case 'queued':
      return <QueuedAlert remark={remark} />;
    case 'thrown':
      return <ThrownAlert />;
    case 'pending':
      return (
        <Alert
          component="p"
          isInline
          variant="info"
          title={t('page.pending')}
          actionLinks={<AlertActionLink onClick={() => hands.act('restart', machine)}>{t('page.restartNow')}</AlertActionLink>}
        >
          {remark.message !== generalMessage && remark.message.split('\n').map((line) => <p key={line}>{say(line)}</p>)}
          <CauseList causes={pendingChanges(machine).map((field) => ({ message: t('page.changed'), field }))} />
        </Alert>
      );
    case 'devices':
      return (
        <Alert component="p" isInline variant="warning" title={t(remark.isKept ? 'page.deviceKept' : 'page.deviceAwaited')}>
          {remark.sentences.map((line) => (
            <p key={line}>{say(line)}</p>
          ))}
        </Alert>
      );
    case 'growing':
      return (
        <Alert
          component="p"
          isInline
          variant={remark.refused ? 'warning' : 'info'}
          title={t(remark.refused ? 'page.noRoom' : 'page.growing')}
        >
          {say(remark.message)}
        </Alert>
      );
    case 'notHonoured':
      return (
        <Alert component="p" isInline isExpandable variant="warning" title={t('page.notHonoured', { count: remark.lines.length })}>
          <CauseList causes={remark.lines} />
        </Alert>
      );
  }
}

function SavedAlert({ remark, machine }: { readonly remark: Extract<Remark, { type: 'saved' }>; readonly machine: MachineView }) {
  const { t } = useTranslation('snapshots');
  const hands = useMachineHands();
  const say = useSentences();
  return (
    <Alert
      component="p"
      isInline
      variant={remark.isBroken ? 'danger' : 'info'}
      title={t(remark.isBroken ? 'saved.broken' : 'saved.title')}
      actionLinks={<AlertActionLink onClick={() => hands.open({ type: 'discardState', machine })}>{t('saved.discard')}</AlertActionLink>}
    >
      {remark.isBroken ? say(remark.message) : t('saved.start')}
    </Alert>
  );
}

/** With the time that is left, as soon as it is known. */
function QueuedAlert({ remark }: { readonly remark: Extract<Remark, { type: 'queued' }> }) {
  const { t } = useTranslation('failures');
  const formats = useFormats();
  const say = useSentences();
  const now = useSecond();
  const left = remark.at === undefined ? 0 : Date.parse(remark.at) - now;
  return (
    <Alert component="p" isInline variant="info" title={t('queued.title')}>
      {say(remark.message)}
      {left > 0 && <p>{t('queued.left', { time: formats.duration(left) })}</p>}
    </Alert>
  );
}

function ThrownAlert() {
  const { t } = useTranslation('snapshots');
  return (
    <Alert component="p" isInline variant="warning" title={t('thrown.title')}>
      {t('thrown.body')}
    </Alert>
  );
}

/** When the core tries again by itself. */
function NextTry({ machine: { vm } }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const now = useSecond();
  const { consecutiveFailCount: count = 0, retryAfterTimestamp } = vm.status?.startFailure ?? {};
  if (retryAfterTimestamp === undefined) return null;
  const left = Date.parse(retryAfterTimestamp) - now;
  const failures = t('page.failures', { count });
  return <p>{left <= 0 ? t('page.tryingNow', { failures }) : t('page.nextTry', { failures, time: formats.duration(left) })}</p>;
}
