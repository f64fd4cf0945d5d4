// Owns the fields of each edit dialog.
// Must not save.
import {
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  NumberInput,
  Radio,
  TextArea,
  ToggleGroup,
  ToggleGroupItem,
} from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { runStrategies } from '../../../electron/api/lifecycle.ts';
import { FirmwareFields } from '../../ui/firmware-fields.tsx';
import { TpmFields } from '../../ui/tpm-fields.tsx';
import { AffinityField } from './affinity-field.tsx';
import { BootFields } from './boot-fields.tsx';
import type { Drafts, EditId } from './machine-editors.ts';
import type { MachineView } from './machine-view.ts';
import { ProcessorField } from './processor-field.tsx';
import { ResourcesField } from './resources-field.tsx';
import { NodeSelectorField, OwnCoresField, TolerationsField } from './scheduling-fields.tsx';

export interface FieldsProps<Id extends EditId> {
  readonly draft: Drafts[Id];
  readonly onChange: (draft: Drafts[Id]) => void;
  readonly machine: MachineView;
}

const fields: { readonly [Id in EditId]: (props: FieldsProps<Id>) => ReactNode } = {
  description: (props) => <TextField {...props} label="describe.label" />,
  labels: (props) => <TextField {...props} label="column.labels" />,
  cpu: CpuFields,
  memory: MemoryFields,
  runStrategy: RunStrategyFields,
  boot: BootFields,
  firmware: ({ draft, onChange }) => <FirmwareFields id="edit-firmware" state={draft} onChange={onChange} />,
  tpm: ({ draft, onChange }) => <TpmFields id="edit-tpm" choice={draft} onChange={onChange} />,
  nodeSelector: NodeSelectorField,
  tolerations: TolerationsField,
  affinity: AffinityField,
  ownCores: OwnCoresField,
  resources: ResourcesField,
  processor: ProcessorField,
};

export function EditFields<Id extends EditId>({ id, ...props }: FieldsProps<Id> & { readonly id: Id }) {
  const Fields: (props: FieldsProps<Id>) => ReactNode = fields[id];
  return <Fields {...props} />;
}

interface TextFieldProps {
  readonly draft: string;
  readonly onChange: (text: string) => void;
  readonly label: 'describe.label' | 'column.labels';
}

function TextField({ draft, onChange, label }: TextFieldProps) {
  const { t } = useTranslation('machines');
  return (
    <FormGroup label={t(label)} fieldId="edit-text">
      <TextArea id="edit-text" value={draft} onChange={(_event, text) => onChange(text)} rows={4} resizeOrientation="vertical" />
    </FormGroup>
  );
}

function CpuFields({ draft, onChange }: FieldsProps<'cpu'>) {
  const { t } = useTranslation('machines');
  const { sockets, cores, threads } = draft;
  return (
    <>
      {(['sockets', 'cores', 'threads'] as const).map((part) => (
        <FormGroup key={part} label={t(`edit.cpu.${part}`)} fieldId={`edit-${part}`}>
          <Count
            id={`edit-${part}`}
            label={t(`edit.cpu.${part}`)}
            value={draft[part]}
            onChange={(value) => onChange(withRoom({ ...draft, [part]: value }))}
          />
        </FormGroup>
      ))}
      <FormGroup label={t('edit.cpu.maxSockets')} fieldId="edit-maxSockets">
        <Count
          id="edit-maxSockets"
          label={t('edit.cpu.maxSockets')}
          value={draft.maxSockets}
          least={sockets}
          onChange={(maxSockets) => onChange({ ...draft, maxSockets })}
        />
        <RoomNote />
      </FormGroup>
      <p aria-live="polite">{t('edit.cpu.total', { count: sockets * cores * threads })}</p>
    </>
  );
}

function MemoryFields({ draft, onChange }: FieldsProps<'memory'>) {
  const { t } = useTranslation('machines');
  return (
    <>
      <FormGroup label={t('detail.memory')} fieldId="edit-amount">
        <Count
          id="edit-amount"
          label={t('detail.memory')}
          value={draft.amount}
          onChange={(amount) => onChange({ ...draft, amount, max: Math.max(amount || 1, draft.max) })}
        />
      </FormGroup>
      <ToggleGroup aria-label={t('edit.memory.unit')}>
        {(['MiB', 'GiB'] as const).map((unit) => (
          <ToggleGroupItem key={unit} text={unit} isSelected={draft.unit === unit} onChange={() => onChange({ ...draft, unit })} />
        ))}
      </ToggleGroup>
      <FormGroup label={t('edit.memory.max')} fieldId="edit-max">
        <Count
          id="edit-max"
          label={t('edit.memory.max')}
          value={draft.max}
          least={draft.amount}
          onChange={(max) => onChange({ ...draft, max })}
        />
        <RoomNote />
      </FormGroup>
    </>
  );
}

/** There are never fewer places than sockets. */
function withRoom(draft: Drafts['cpu']): Drafts['cpu'] {
  return { ...draft, maxSockets: Math.max(draft.sockets || 1, draft.maxSockets || 1) };
}

function RoomNote() {
  const { t } = useTranslation('machines');
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem>{t('edit.room')}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

function RunStrategyFields({ draft, onChange }: FieldsProps<'runStrategy'>) {
  const { t } = useTranslation('machines');
  return (
    <FormGroup role="radiogroup" isStack fieldId="edit-strategy" label={t('detail.runStrategy')}>
      {runStrategies.map((strategy) => (
        <Radio
          key={strategy}
          id={`edit-${strategy}`}
          name="edit-strategy"
          label={t(`runStrategy.${strategy}`)}
          description={t(`runStrategyNote.${strategy}`)}
          isChecked={draft === strategy}
          onChange={() => onChange(strategy)}
        />
      ))}
    </FormGroup>
  );
}

interface CountProps {
  readonly id: string;
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly onChange: (value: number) => void;
}

function Count({ id, label, value, least = 1, onChange }: CountProps) {
  const { t } = useTranslation('machines');
  return (
    <NumberInput
      inputProps={{ id }}
      // PatternFly's own name for it is Input, and hides the label.
      inputAriaLabel={label}
      value={Number.isNaN(value) ? '' : value}
      min={least}
      onMinus={() => onChange(Math.max(least, (value || 1) - 1))}
      onPlus={() => onChange((value || 0) + 1)}
      onChange={(event) => onChange(event.currentTarget.value === '' ? Number.NaN : Number(event.currentTarget.value))}
      minusBtnAriaLabel={t('edit.less')}
      plusBtnAriaLabel={t('edit.more')}
    />
  );
}
