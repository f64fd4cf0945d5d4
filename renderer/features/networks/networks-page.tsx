// Owns the page of networks: definitions that machines are put on, and the bridges of this computer that they name.
// Must not make anything; the dialogs do.
import { Alert, Button, Content, PageSection, Skeleton, Title } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { useList, useLoaded } from '../../client/hooks.ts';
import { useProjectList } from '../../client/project.tsx';
import { BridgeTable } from './bridge-table.tsx';
import { CreateNetworkDialog } from './create-network-dialog.tsx';
import { DeleteNetworkDialog } from './delete-network-dialog.tsx';
import { MakeBridgeDialog } from './make-bridge-dialog.tsx';
import { RemoveBridgeDialog } from './remove-bridge-dialog.tsx';
import { NetworkTable } from './network-table.tsx';
import { type NetworkView, networkViews } from './network-view.ts';

export function NetworksPage() {
  const { t } = useTranslation('networks');
  const client = useClient();
  const definitions = useProjectList('network-attachment-definitions.k8s.cni.cncf.io');
  const machines = useList('virtualmachines.kubevirt.io').items;
  const runs = useList('virtualmachineinstances.kubevirt.io').items;
  const isComputer = useIsComputer();
  const report = useLoaded(
    useCallback(async (signal: AbortSignal) => (isComputer ? client.networks(signal) : undefined), [client, isComputer]),
  );
  const [dialog, setDialog] = useState<'network' | 'bridge'>();
  const [leaving, setLeaving] = useState<NetworkView>();
  const [removing, setRemoving] = useState<string>();
  const networks = useMemo(() => networkViews(definitions.items, machines, runs), [definitions.items, machines, runs]);
  const bridges = report.value?.bridges ?? [];
  const close = (): void => {
    setDialog(undefined);
    setRemoving(undefined);
    report.again();
  };
  return (
    <PageSection isFilled>
      <Title headingLevel="h1" className="vd-page-title">
        {t('title')}
      </Title>
      <Content component="p">{isComputer ? t('intro') : t('introCluster')}</Content>
      {report.phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed.load')}>
          {report.error.message}
        </Alert>
      )}
      <Section title={t('list.title')} action={isComputer ? { label: t('list.create'), run: () => setDialog('network') } : undefined}>
        {definitions.phase === 'loading' ? (
          <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />
        ) : (
          <NetworkTable networks={networks} bridges={report.value?.bridges} onDelete={isComputer ? setLeaving : undefined} />
        )}
      </Section>
      {isComputer && (
        <Section title={t('bridges.title')} action={{ label: t('bridges.create'), run: () => setDialog('bridge') }}>
          {report.value === undefined && report.phase === 'loading' ? (
            <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />
          ) : (
            <BridgeTable bridges={bridges} networks={networks} onRemove={setRemoving} />
          )}
        </Section>
      )}
      {dialog === 'network' && <CreateNetworkDialog networks={networks} bridges={bridges} onClose={close} />}
      {leaving !== undefined && (
        // As it is now: a machine may have been put on it while the question stands.
        <DeleteNetworkDialog network={networks.find(({ id }) => id === leaving.id) ?? leaving} onClose={() => setLeaving(undefined)} />
      )}
      {removing !== undefined && (
        <RemoveBridgeDialog name={removing} networks={networks} privilege={report.value?.privilege ?? 'none'} onClose={close} />
      )}
      {dialog === 'bridge' && <MakeBridgeDialog privilege={report.value?.privilege ?? 'none'} onClose={close} />}
    </PageSection>
  );
}

interface SectionProps {
  readonly title: string;
  /** Absent: only to be looked at. */
  readonly action: { readonly label: string; readonly run: () => void } | undefined;
  readonly children: React.ReactNode;
}

function Section({ title, action, children }: SectionProps) {
  return (
    <section aria-label={title} className="vd-networks">
      <div className="vd-networks-head">
        <Title headingLevel="h2">{title}</Title>
        {action !== undefined && (
          <Button variant="secondary" onClick={action.run}>
            {action.label}
          </Button>
        )}
      </div>
      {children}
    </section>
  );
}
