// Owns the rows of a machine's scheduling and resources: which nodes it may run on, what it tolerates, its own cores.
// Must not hold the edit dialogs.
import { DescriptionList, Label, LabelGroup } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { TitledCard } from '../../ui/titled-card.tsx';
import { Row } from './detail-row.tsx';
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
  const { nodeAffinity, podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const rules = [nodeAffinity, podAffinity, podAntiAffinity].flatMap((kind) => [
    ...('requiredDuringSchedulingIgnoredDuringExecution' in (kind ?? {}) ? [kind] : []),
    ...(kind?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
  ]).length;
  const isRunning = machine.vmi !== undefined;
  return (
    <TitledCard title={t('title')}>
      <DescriptionList isHorizontal isCompact>
        <Row term={t('nodeSelector')} onEdit={() => onEdit('nodeSelector')}>
          {selector.length > 0 && <Listed texts={selector} label={t('nodeSelector')} />}
        </Row>
        <Row term={t('tolerations')}>{tolerations.length > 0 && <Listed texts={tolerations} label={t('tolerations')} />}</Row>
        <Row term={t('affinity')}>{rules > 0 && t('rules', { count: rules })}</Row>
        <Row term={t('dedicated')} onEdit={() => onEdit('ownCores')} {...(isRunning ? { lockedReason: t('powerOff') } : {})}>
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
