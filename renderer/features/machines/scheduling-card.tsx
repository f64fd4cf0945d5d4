// Owns the rows of a machine's scheduling and resources: which nodes it may run on, what it tolerates, its own cores.
// Must not hold the edit dialogs.
import { DescriptionList, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { TitledCard } from '../../ui/titled-card.tsx';
import { Row } from './detail-row.tsx';
import { affinityRules } from './affinity-edits.ts';
import type { EditId } from './machine-editors.ts';
import { specOf } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';
import { hasOwnCores } from './scheduling-edits.ts';

export interface SchedulingCardProps {
  readonly machine: MachineView;
  readonly onEdit: (id: EditId) => void;
}

export function SchedulingCard({ machine, onEdit }: SchedulingCardProps) {
  const { t } = useTranslation('scheduling');
  const spec = specOf(machine.vm);
  const selector = Object.entries(spec.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`);
  const tolerations = (spec.tolerations ?? []).map(
    ({ key, value, effect }) => `${key ?? '*'}${value === undefined ? '' : `=${value}`}:${effect ?? '*'}`,
  );
  const { requests = {}, limits = {} } = spec.domain.resources ?? {};
  const amounts = Object.entries({ requests, limits }).flatMap(([list, all]) =>
    Object.entries(all).map(([name, amount]) => `${list}.${name}=${amount}`),
  );
  const rules = affinityRules(machine.vm).length;
  // They are looked at when a place is sought, and at no other time: as on a cluster, they wait until the machine is off.
  const locked = machine.vmi === undefined ? {} : { lockedReason: t('powerOff') };
  return (
    <TitledCard title={t('title')}>
      <DescriptionList isHorizontal isCompact>
        <Row term={t('nodeSelector')} onEdit={() => onEdit('nodeSelector')} {...locked}>
          {selector.length > 0 && <Listed texts={selector} label={t('nodeSelector')} />}
        </Row>
        <Row term={t('tolerations')} onEdit={() => onEdit('tolerations')} {...locked}>
          {tolerations.length > 0 && <Listed texts={tolerations} label={t('tolerations')} />}
        </Row>
        <Row term={t('affinity')} onEdit={() => onEdit('affinity')} {...locked}>
          {rules > 0 && t('rules', { count: rules })}
        </Row>
        <Row term={t('resources')} onEdit={() => onEdit('resources')} {...locked}>
          {amounts.length > 0 && <Listed texts={amounts} label={t('resources')} />}
        </Row>
        <Row term={t('dedicated')} onEdit={() => onEdit('ownCores')} {...locked}>
          {t(hasOwnCores(machine.vm) ? 'guaranteed' : 'noDedicated')}
        </Row>
      </DescriptionList>
    </TitledCard>
  );
}

function Listed({ texts, label }: { readonly texts: readonly string[]; readonly label: string }) {
  return (
    <LabelGroup numLabels={20} aria-label={label}>
      {texts.map((text) => (
        <Label key={text} isCompact>
          {text}
        </Label>
      ))}
    </LabelGroup>
  );
}
