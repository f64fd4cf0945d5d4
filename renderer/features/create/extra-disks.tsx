// Owns the list of further, empty disks.
// Must not touch the root disk.
import { Button, FormSelect, FormSelectOption, InputGroup, InputGroupItem } from '@patternfly/react-core';
import { PlusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { useTranslation } from 'react-i18next';
import { Field, stateOf } from './field.tsx';
import { type DiskBus, diskBuses, type ExtraDisk } from './form.ts';
import type { StepProps } from './step-props.ts';
import { WholeNumberInput } from '../../ui/whole-number-input.tsx';

export function ExtraDisks({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { extra } = form.disk;
  const set = (next: readonly ExtraDisk[]): void => change({ section: 'disk', to: { extra: next } });
  const setOne = (index: number, part: Partial<ExtraDisk>): void =>
    set(extra.map((disk, each) => (each === index ? { ...disk, ...part } : disk)));
  return (
    <>
      {extra.map(({ sizeGiB, bus }, index) => {
        const label = t('disk.extra', { number: index + 1 });
        const id = `extra-${index}`;
        return (
          <Field key={id} id={id} label={label} problems={problems} field={`extra.${index}`}>
            <InputGroup>
              <InputGroupItem>
                <WholeNumberInput
                  id={id}
                  value={sizeGiB}
                  min={1}
                  max={65_536}
                  unit="GiB"
                  label={`${label}: ${t('disk.sizeInGiB')}`}
                  minusLabel={t('disk.smaller')}
                  plusLabel={t('disk.larger')}
                  validated={stateOf(problems, `extra.${index}`)}
                  onChange={(size) => setOne(index, { sizeGiB: size })}
                />
              </InputGroupItem>
              <InputGroupItem>
                <FormSelect
                  value={bus}
                  aria-label={`${label}: ${t('disk.bus')}`}
                  onChange={(_event, next) => setOne(index, { bus: next as DiskBus })}
                >
                  {diskBuses.map((each) => (
                    <FormSelectOption key={each} value={each} label={t(`disk.buses.${each}`)} />
                  ))}
                </FormSelect>
              </InputGroupItem>
              <InputGroupItem>
                <Button
                  variant="plain"
                  icon={<TrashIcon />}
                  aria-label={t('disk.removeExtra', { number: index + 1 })}
                  onClick={() => set(extra.filter((_disk, each) => each !== index))}
                />
              </InputGroupItem>
            </InputGroup>
          </Field>
        );
      })}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={() => set([...extra, { sizeGiB: 10, bus: 'virtio' }])}>
          {t('disk.addExtra')}
        </Button>
      </div>
    </>
  );
}
