// Owns the second step: name, processors, memory.
// Must not say what is too much; validation.ts does.
import { Alert, Form, Gallery, TextInput } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { mebibytesText } from '../../ui/size-text.ts';
import { useSentences } from '../../ui/sentences.tsx';
import { ChoiceCard } from './choice-card.tsx';
import { Field, notesId, stateOf } from './field.tsx';
import { sizes } from './form.ts';
import { OwnSize } from './own-size.tsx';
import type { StepProps } from './step-props.ts';
import { sizeOf } from './suggestions.ts';

const presets = ['small', 'medium', 'large'] as const;

export interface StepSizeProps extends StepProps {
  /** A size by another name than numbers is chosen, in the children: the numbers are its. */
  readonly isByType?: boolean;
  readonly children?: ReactNode;
}

export function StepSize({ isByType = false, children, ...step }: StepSizeProps) {
  const { form, world, change, problems } = step;
  const { t } = useTranslation('create');
  const say = useSentences();
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      <Field id="name" label={t('size.name')} problems={problems} field="name" isRequired help={t('size.nameHelp')}>
        <TextInput
          id="name"
          value={form.name}
          validated={stateOf(problems, 'name')}
          aria-describedby={notesId('name')}
          spellCheck={false}
          onChange={(_event, to) => change({ section: 'name', to: to.trim() })}
        />
      </Field>
      {world.computer?.accelerator.inUse === 'tcg' && (
        <Alert isInline component="h3" variant="info" title={t('size.emulated')}>
          {say(world.computer.accelerator.message)}
        </Alert>
      )}
      {children}
      {!isByType && <Numbers {...step} />}
    </Form>
  );
}

function Numbers({ form, world, change, problems }: StepProps) {
  const { t, i18n } = useTranslation('create');
  const { size } = form;
  const sizeText = (cpus: number, memoryMiB: number): string =>
    t('size.numbers', { count: cpus, memory: mebibytesText(memoryMiB, i18n.language) });
  return (
    <>
      <Gallery hasGutter minWidths={{ default: '12rem' }} role="radiogroup" aria-label={t('size.title')}>
        {presets.map((id) => (
          <ChoiceCard
            key={id}
            id={`size-${id}`}
            group="size"
            title={t(`size.${id}`)}
            isSelected={size.id === id}
            onSelect={() => change({ section: 'size', to: sizeOf(id) })}
          >
            {sizeText(sizes[id].cpus, sizes[id].memoryMiB)}
          </ChoiceCard>
        ))}
        <ChoiceCard
          id="size-own"
          group="size"
          title={t('size.own')}
          isSelected={size.id === 'own'}
          onSelect={() => change({ section: 'size', to: { id: 'own' } })}
        >
          {t('size.ownBody')}
        </ChoiceCard>
      </Gallery>
      <OwnSize form={form} world={world} change={change} problems={problems} />
    </>
  );
}
