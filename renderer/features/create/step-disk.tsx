// Owns the third step: the disk, and further ones.
// Must not know the pool; the report of this computer says how much is free.
import { Content, Form } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { bytesText } from '../../ui/size-text.ts';
import { ExtraDisks } from './extra-disks.tsx';
import { Field, stateOf } from './field.tsx';
import { MoreFields } from './more-fields.tsx';
import { diskBuses, diskCaches, diskFormats } from './form.ts';
import { SelectField } from './select-field.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';
import { systemTraits } from './traits.ts';
import { WholeNumberInput } from '../../ui/whole-number-input.tsx';

export interface StepDiskProps extends StepProps {
  /** The disk is an image, used as it is and as large as it is. */
  readonly isImage?: boolean;
  /** Where the disk is kept, in place of the formats that files have. */
  readonly children?: ReactNode;
}

export function StepDisk({ isImage = false, children, ...props }: StepDiskProps) {
  const { form, world, change, problems } = props;
  const { t, i18n } = useTranslation('create');
  const { disk } = form;
  const pool = world.computer?.pool;
  const existing = systemTraits(form.system).medium === 'claim';
  return (
    <Form isWidthLimited onSubmit={(event) => event.preventDefault()}>
      {existing && <Content component="p">{t('disk.existing', { name: form.system.claim })}</Content>}
      {!existing && !isImage && (
        <Field
          id="disk-size"
          label={t('disk.size')}
          problems={problems}
          field="size"
          help={pool === undefined ? undefined : t('disk.pool', { path: pool.path, free: bytesText(pool.freeBytes, i18n.language) })}
        >
          <WholeNumberInput
            id="disk-size"
            value={disk.sizeGiB}
            min={1}
            max={65_536}
            unit="GiB"
            label={t('disk.sizeInGiB')}
            minusLabel={t('disk.smaller')}
            plusLabel={t('disk.larger')}
            validated={stateOf(problems, 'size')}
            onChange={(sizeGiB) => change({ section: 'disk', to: { sizeGiB } })}
          />
        </Field>
      )}
      {children}
      {children === undefined && !existing && (
        <RadioField
          id="disk-format"
          label={t('disk.format')}
          problems={problems}
          field="format"
          value={disk.format}
          options={diskFormats.map((format) => ({
            value: format,
            label: t(`disk.${format}.title`),
            description: t(`disk.${format}.body`),
          }))}
          onChange={(format) => change({ section: 'disk', to: { format } })}
        />
      )}
      <MoreFields label={t('disk.more')} isWrong={problems.some(({ field }) => field.startsWith('extra.') || field === 'bus')}>
        <SelectField
          id="disk-bus"
          label={t('disk.bus')}
          problems={problems}
          field="bus"
          help={t('disk.busHelp')}
          value={disk.bus}
          options={diskBuses.map((bus) => ({ value: bus, label: t(`disk.buses.${bus}`) }))}
          onChange={(bus) => change({ section: 'disk', to: { bus } })}
        />
        <SelectField
          id="disk-cache"
          label={t('disk.cache')}
          problems={problems}
          field="cache"
          value={disk.cache}
          options={diskCaches.map((cache) => ({ value: cache, label: t(`disk.caches.${cache}`) }))}
          onChange={(cache) => change({ section: 'disk', to: { cache } })}
        />
        <ExtraDisks {...props} />
      </MoreFields>
    </Form>
  );
}
