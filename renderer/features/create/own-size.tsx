// Owns processors and memory by number, beside what this computer has, has free and has promised.
// Must not clamp.
import { Content, Slider } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { mebibytesText } from '../../ui/size-text.ts';
import { Field, FieldNotes, stateOf } from './field.tsx';
import { memoryMarks } from './memory-marks.ts';
import { QuotaRoom } from './quota-room.tsx';
import type { StepProps } from './step-props.ts';
import { WholeNumberInput } from '../../ui/whole-number-input.tsx';

export function OwnSize({ form, world, change, problems }: StepProps) {
  const { t, i18n } = useTranslation('create');
  const { cpus, memoryMiB } = form.size;
  const { computer, promisedMiB } = world;
  const text = (miB: number): string => mebibytesText(miB, i18n.language);
  const set = (to: Partial<typeof form.size>): void => change({ section: 'size', to: { ...to, id: 'own' } });
  const threads = computer?.cpus.threads;
  return (
    <>
      <Field
        id="cpus"
        label={t('size.cpus')}
        problems={problems}
        field="cpus"
        help={threads === undefined ? undefined : t('size.threads', { count: threads })}
      >
        <WholeNumberInput
          id="cpus"
          value={cpus}
          min={1}
          max={512}
          label={t('size.cpus')}
          minusLabel={t('size.fewer')}
          plusLabel={t('size.more')}
          validated={stateOf(problems, 'cpus')}
          onChange={(to) => set({ cpus: to })}
        />
      </Field>
      <Field id="memory" label={t('size.memory')} problems={[]} field="memory">
        <WholeNumberInput
          id="memory"
          value={memoryMiB}
          min={32}
          max={2 ** 23}
          step={256}
          unit="MiB"
          label={t('size.memoryInMiB')}
          minusLabel={t('size.lessMemory')}
          plusLabel={t('size.moreMemory')}
          validated={stateOf(problems, 'memory')}
          onChange={(to) => set({ memoryMiB: to })}
        />
        {computer !== undefined && (
          <>
            <Slider
              className="vd-memory-slider"
              thumbAriaLabel={t('size.memory')}
              value={Math.min(memoryMiB ?? 0, computer.memory.totalMiB)}
              customSteps={memoryMarks(computer.memory).map(({ miB, kind }) => ({
                value: miB,
                label: t(`size.mark.${kind}`, { size: text(miB) }),
              }))}
              areCustomStepsContinuous
              step={256}
              min={0}
              max={computer.memory.totalMiB}
              onChange={(_event, to) => set({ memoryMiB: Math.max(256, Math.round(to / 256) * 256) })}
            />
            <Content component="small">
              {t('size.memoryHere', {
                free: text(computer.memory.availableMiB),
                promised: text(promisedMiB),
                total: text(computer.memory.totalMiB),
              })}
            </Content>
          </>
        )}
        <QuotaRoom namespace={world.namespace} memoryMiB={memoryMiB} />
        <FieldNotes id="memory" problems={problems} field="memory" help={undefined} />
      </Field>
    </>
  );
}
