// Owns the guide's first step: whether this computer can do it, and which groups it is for.
// Must not offer a group that this computer lives on.
import { Checkbox, Content, Skeleton, Title } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ReadinessCheck } from '../../../electron/api/host-devices.ts';
import { canBePrepared, type GroupView, mainDevice, nameOf } from '../../ui/device-groups.ts';
import { ReadinessList } from './readiness-list.tsx';
import { VerdictText } from '../../ui/verdict-label.tsx';

export interface CheckStepProps {
  readonly checks: readonly ReadinessCheck[] | undefined;
  readonly views: readonly GroupView[];
  readonly picked: readonly string[];
  readonly onPick: (picked: readonly string[]) => void;
}

export function CheckStep({ checks, views, picked, onPick }: CheckStepProps) {
  const { t } = useTranslation('devices');
  if (checks === undefined) return <Skeleton height="10rem" screenreaderText={t('loading', { ns: 'words' })} />;
  const isStuck = checks.some(({ state }) => state === 'error');
  return (
    <>
      <Title headingLevel="h2">{t('guide.step.check')}</Title>
      <ReadinessList checks={checks} />
      <Content component="p">{t(isStuck ? 'check.stuck' : 'check.good')}</Content>
      <Title headingLevel="h2">{t('check.which')}</Title>
      <fieldset className="vd-picks" aria-label={t('check.which')}>
        {views.filter(canBePrepared).map((view) => {
          const main = mainDevice(view);
          const { id, verdict } = view.group;
          return (
            <Checkbox
              key={id}
              id={`pick-${id}`}
              label={`${main === undefined ? id : nameOf(main)} (${id})`}
              description={<VerdictText verdict={verdict} />}
              isChecked={picked.includes(id)}
              onChange={(_event, on) => onPick(on ? [...picked, id] : picked.filter((one) => one !== id))}
            />
          );
        })}
      </fieldset>
    </>
  );
}
