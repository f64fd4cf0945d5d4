// Owns the page of networks: definitions that machines are put on, and the bridges of this computer that they name.
// Must not make anything; the dialogs do.
import { Alert, Button, Content, PageSection, Skeleton, Title } from '@patternfly/react-core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { useList, useLoaded } from '../../client/hooks.ts';
import { useProjectList } from '../../client/project.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { BridgeTable } from './bridge-table.tsx';
import { CreateNetworkDialog } from './create-network-dialog.tsx';
import { MakeBridgeDialog } from './make-bridge-dialog.tsx';
import { NetworkTable } from './network-table.tsx';
import { networkViews } from './network-view.ts';

export function NetworksPage() {
  const { t } = useTranslation('networks');
  const client = useClient();
  const definitions = useProjectList('network-attachment-definitions.k8s.cni.cncf.io');
  const machines = useList('virtualmachines.kubevirt.io').items;
  const isComputer = useIsComputer();
  const report = useLoaded(
    useCallback(async (signal: AbortSignal) => (isComputer ? client.networks(signal) : undefined), [client, isComputer]),
  );
  const [dialog, setDialog] = useState<'network' | 'bridge'>();
  const [error, setError] = useState<unknown>();
  const networks = useMemo(() => networkViews(definitions.items, machines), [definitions.items, machines]);
  const bridges = report.value?.bridges ?? [];
  const attempt = async (work: Promise<unknown>): Promise<void> => {
    setError(undefined);
    try {
      await work;
    } catch (refused) {
      setError(refused);
    }
    report.again();
  };
  const close = (): void => {
    setDialog(undefined);
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
      {error !== undefined && <FormFailure title={t('failed.remove')} failure={failureOf(error)} />}
      <Section title={t('list.title')} action={isComputer ? { label: t('list.create'), run: () => setDialog('network') } : undefined}>
        {definitions.phase === 'loading' ? (
          <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />
        ) : (
          <NetworkTable
            networks={networks}
            bridges={report.value?.bridges}
            onDelete={
              isComputer
                ? ({ namespace, name }) =>
                    void attempt(client.delete({ resource: 'network-attachment-definitions.k8s.cni.cncf.io', namespace, name }))
                : undefined
            }
          />
        )}
      </Section>
      {isComputer && (
        <Section title={t('bridges.title')} action={{ label: t('bridges.create'), run: () => setDialog('bridge') }}>
          {report.value === undefined && report.phase === 'loading' ? (
            <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />
          ) : (
            <BridgeTable bridges={bridges} networks={networks} onRemove={(name) => void attempt(client.removeBridge(name))} />
          )}
        </Section>
      )}
      {dialog === 'network' && <CreateNetworkDialog taken={networks.map(({ id }) => id)} bridges={bridges} onClose={close} />}
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
