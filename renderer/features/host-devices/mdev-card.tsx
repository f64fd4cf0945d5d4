// Owns mediated devices on the page: the cards that they can be made of, their types, which are wanted, and why not all is as wanted.
// Must not make any; what is wanted is written to HyperConverged, and the core does the rest.
import { Alert, Button, Content, Title } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HostDeviceReport, MdevParent, MdevType } from '../../../electron/api/host-devices.ts';
import { useClient } from '../../client/context.tsx';
import { useObject } from '../../client/hooks.ts';
import { CauseList } from '../../ui/cause-list.tsx';
import { nameOf } from '../../ui/device-groups.ts';
import { useNotices } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import { hyperConverged } from '../../client/hyper-converged.ts';
import { MdevTypes } from './mdev-types.tsx';
import { MdevWishDialog } from './mdev-wish-dialog.tsx';

export interface AskedWish {
  readonly type: MdevType;
  readonly isWanted: boolean;
}

export function MdevCard({ report }: { readonly report: HostDeviceReport }) {
  const { t } = useTranslation('mdev');
  const say = useSentences();
  const client = useClient();
  const { fail } = useNotices();
  const { object } = useObject(hyperConverged);
  const [asked, setAsked] = useState<AskedWish>();
  const configuration = object?.spec.mediatedDevicesConfiguration;
  const failure = object?.status?.conditions?.find(
    ({ type, reason }) => type === 'MediatedDevicesConfigured' && reason === 'MakingFailed',
  )?.message;
  const retry = (): void => void client.retryMediatedDevices().catch((error: unknown) => fail(t('failed'), error));
  return (
    <TitledCard title={t('title')}>
      <div className="vd-mdevs">
        <Content component="p" className="vd-subtle">
          {t('note')}
        </Content>
        {failure !== undefined && (
          <Alert
            isInline
            component="h3"
            variant="danger"
            title={t('failed')}
            actionLinks={
              <Button variant="link" isInline onClick={retry}>
                {t('tryAgain', { ns: 'words' })}
              </Button>
            }
          >
            {say(failure)}
          </Alert>
        )}
        {report.mdevCauses.length > 0 && (
          <Alert isInline component="h3" variant="warning" title={t('open')}>
            <CauseList causes={report.mdevCauses.map(({ message, fix }) => ({ message, ...(fix === undefined ? {} : { fix }) }))} />
          </Alert>
        )}
        {(configuration?.nodeMediatedDeviceTypes?.length ?? 0) > 0 && <Alert isInline component="h3" variant="info" title={t('byNode')} />}
        {report.mdevParents.map((parent) => (
          <div key={parent.name}>
            <Title headingLevel="h3" size="md">
              {parentName(report, parent)}
            </Title>
            <MdevTypes report={report} parent={parent} configuration={configuration} onAsk={setAsked} />
          </div>
        ))}
      </div>
      {asked !== undefined && (
        <MdevWishDialog report={report} configuration={configuration} asked={asked} onClose={() => setAsked(undefined)} />
      )}
    </TitledCard>
  );
}

function parentName({ pci }: HostDeviceReport, { name }: MdevParent): string {
  const card = pci.find(({ address }) => address === name);
  return card === undefined ? name : `${nameOf(card)}, ${name}`;
}
