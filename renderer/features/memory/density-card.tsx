// Owns the card of how much machines are promised: HyperConverged's memory overcommit and ratio of vCPUs.
// Must not know the rules between machine and promise; the core applies them at the next start.
import {
  ActionGroup,
  Button,
  Content,
  Form,
  FormGroup,
  FormHelperText,
  Grid,
  GridItem,
  HelperText,
  HelperTextItem,
} from '@patternfly/react-core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useObject } from '../../client/hooks.ts';
import { hyperConverged } from '../../client/hyper-converged.ts';
import { useNotices } from '../../ui/notices.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';
import { WholeNumberInput } from '../../ui/whole-number-input.tsx';
import { type DensityDraft, type DensityField, densityBounds, densityDraft, densityPatch, isDensity } from './density-draft.ts';

const fields: readonly DensityField[] = ['memoryOvercommitPercentage', 'cpuAllocationRatio'];

export function DensityCard() {
  const { t } = useTranslation('memory');
  const client = useClient();
  const { fail } = useNotices();
  const { object } = useObject(hyperConverged);
  const [edited, setEdited] = useState<Partial<DensityDraft>>({});
  if (object === undefined) return null;
  const stored = densityDraft(object.spec);
  const draft = { ...stored, ...edited };
  const patch = densityPatch(object.spec, draft);
  const save = (event: FormEvent): void => {
    event.preventDefault();
    if (patch === undefined || !isDensity(draft)) return;
    client.patch(hyperConverged, patch).then(
      () => setEdited({}),
      (error: unknown) => fail(t('density.failed'), error),
    );
  };
  return (
    <TitledCard title={t('density.title')}>
      <Content component="p">{t('density.note')}</Content>
      <Form onSubmit={save}>
        <Grid hasGutter>
          {fields.map((field) => (
            <GridItem key={field} span={12} sm={6}>
              <FormGroup label={t(`density.${field}.title`)} fieldId={`density-${field}`}>
                <WholeNumberInput
                  id={`density-${field}`}
                  value={draft[field]}
                  min={densityBounds[field].min}
                  max={densityBounds[field].max}
                  step={densityBounds[field].step}
                  {...(field === 'memoryOvercommitPercentage' ? { unit: '%' } : {})}
                  label={t(`density.${field}.title`)}
                  minusLabel={t('density.less')}
                  plusLabel={t('density.more')}
                  validated={isDensity(draft, field) ? 'default' : 'error'}
                  onChange={(value) => setEdited({ ...edited, [field]: value })}
                />
                <FormHelperText>
                  <HelperText>
                    <HelperTextItem variant={isDensity(draft, field) ? 'default' : 'error'}>
                      {isDensity(draft, field)
                        ? t(`density.${field}.means`, { count: draft[field] ?? 0, example: exampleMiB(draft[field]) })
                        : t('density.wrong', densityBounds[field])}
                    </HelperTextItem>
                  </HelperText>
                </FormHelperText>
              </FormGroup>
            </GridItem>
          ))}
        </Grid>
        <ActionGroup>
          <Button type="submit" variant="primary" isDisabled={patch === undefined || !isDensity(draft)}>
            {t('density.save')}
          </Button>
          <Button variant="link" isDisabled={fields.every((field) => draft[field] === stored[field])} onClick={() => setEdited({})}>
            {t('density.undo')}
          </Button>
        </ActionGroup>
      </Form>
    </TitledCard>
  );
}

/** Of a guest of 1024 MiB. */
function exampleMiB(percentage = 100): number {
  return Math.floor((1024 * 100) / percentage);
}
