// Owns the card of the Debian that is built on this computer.
// Must not check whether it can be built; the report of this computer says so.
import { Content } from '@patternfly/react-core';
import { CubesIcon } from '@patternfly/react-icons/dist/esm/icons/cubes-icon';
import { useTranslation } from 'react-i18next';
import type { CreateForm } from './form.ts';
import { ChoiceCard } from './choice-card.tsx';
import { Remark } from './remark.tsx';
import type { World } from './suggestions.ts';

export interface DebianCardProps {
  readonly form: CreateForm;
  readonly world: World;
  readonly onSelect: () => void;
}

export function DebianCard({ form, world, onSelect }: DebianCardProps) {
  const { t } = useTranslation('create');
  const check = world.computer?.checks.find(({ id }) => id === 'debian-build');
  return (
    <ChoiceCard
      id="source-debian"
      group="system"
      icon={<CubesIcon />}
      title={t('system.debian.title')}
      isSelected={form.system.source === 'debian'}
      onSelect={onSelect}
    >
      <Content component="p">{t('system.debian.body')}</Content>
      {check !== undefined && check.state !== 'ok' && (
        <Remark status={check.state === 'error' ? 'danger' : 'warning'} text={check.message} more={check.fix} command={check.command} />
      )}
    </ChoiceCard>
  );
}
