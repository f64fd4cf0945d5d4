// Owns one device of this computer that a machine gets: which one, what for, and how it is handed over.
// Must not know where the choice is written.
import {
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Checkbox,
  ExpandableSection,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Radio,
  Stack,
  StackItem,
  TextInput,
} from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { useTranslation } from 'react-i18next';
import type { OfferedResource } from '../../electron/api/host-devices.ts';
import type { HostDeviceDraft } from './host-device-drafts.ts';

export interface ChosenDeviceProps {
  readonly id: string;
  readonly row: HostDeviceDraft;
  /** Absent when its name is not allowed any more. */
  readonly offer: OfferedResource | undefined;
  readonly onChange: (part: Partial<HostDeviceDraft>) => void;
  /** Of a graphics card. */
  readonly onUse: (use: 'screen' | 'computing') => void;
  readonly onRemove: () => void;
}

export function ChosenDevice({ id, row, offer, onChange, onUse, onRemove }: ChosenDeviceProps) {
  const { t } = useTranslation('passthrough');
  const isUsb = offer?.devices.some(({ address }) => isPort(address)) === true || isPort(row.address);
  return (
    <Card isCompact component="section" aria-label={row.name}>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <Button variant="plain" icon={<MinusCircleIcon />} aria-label={t('removeNamed', { name: row.name })} onClick={onRemove} />
          ),
        }}
      >
        <CardTitle component="h2" className="vd-resource-name">
          {row.resourceName}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Stack hasGutter>
          <StackItem>
            <FormGroup label={t('name')} fieldId={`${id}-name`}>
              <TextInput id={`${id}-name`} value={row.name} onChange={(_event, name) => onChange({ name })} />
            </FormGroup>
          </StackItem>
          <StackItem>
            <Which id={id} row={row} offer={offer} isUsb={isUsb} onChange={onChange} />
          </StackItem>
          {row.isGpu && (
            <StackItem>
              <FormGroup role="radiogroup" isStack label={t('use.title')} fieldId={`${id}-use`}>
                {(['computing', 'screen'] as const).map((use) => (
                  <Radio
                    key={use}
                    id={`${id}-use-${use}`}
                    name={`${id}-use`}
                    label={t(`use.${use}`)}
                    description={t(`use.${use}Note`)}
                    isChecked={row.primaryGpu === (use === 'screen')}
                    onChange={() => onUse(use)}
                  />
                ))}
              </FormGroup>
            </StackItem>
          )}
          <StackItem>
            <Checkbox
              id={`${id}-optional`}
              label={t('optional')}
              description={t('optionalNote')}
              isChecked={row.optional}
              onChange={(_event, optional) => onChange({ optional })}
            />
          </StackItem>
          {!isUsb && (
            <StackItem>
              <ExpandableSection toggleText={t('rom')}>
                <Rom id={id} row={row} onChange={onChange} />
              </ExpandableSection>
            </StackItem>
          )}
        </Stack>
      </CardBody>
    </Card>
  );
}

/** `1-2.3`, as the kernel names ports. */
function isPort(address: string): boolean {
  return /^\d+-[\d.]+$/.test(address);
}

type PartProps = Pick<ChosenDeviceProps, 'id' | 'row' | 'onChange'>;

function Which({ id, row, offer, isUsb, onChange }: PartProps & Pick<ChosenDeviceProps, 'offer'> & { readonly isUsb: boolean }) {
  const { t } = useTranslation('passthrough');
  const devices = offer?.devices ?? [];
  const isGone = row.address !== '' && devices.every(({ address }) => address !== row.address);
  return (
    <FormGroup label={t(isUsb ? 'whichPort' : 'which')} fieldId={`${id}-address`}>
      <FormSelect id={`${id}-address`} value={row.address} onChange={(_event, address) => onChange({ address })}>
        <FormSelectOption value="" label={t(isUsb ? 'anyPort' : 'any')} />
        {devices.map(({ address, label }) => (
          <FormSelectOption key={address} value={address} label={label === undefined ? address : `${address} · ${label}`} />
        ))}
        {isGone && <FormSelectOption value={row.address} label={t('gone', { address: row.address })} />}
      </FormSelect>
      {offer === undefined && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem variant="warning">{t('notAllowed', { name: row.resourceName })}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
    </FormGroup>
  );
}

function Rom({ id, row, onChange }: PartProps) {
  const { t } = useTranslation('passthrough');
  return (
    <Stack hasGutter>
      <StackItem>
        <Checkbox
          id={`${id}-rom`}
          label={t('romBar')}
          description={t('romBarNote')}
          isChecked={row.romBar}
          onChange={(_event, romBar) => onChange({ romBar })}
        />
      </StackItem>
      <StackItem>
        <FormGroup label={t('romFile')} fieldId={`${id}-romfile`}>
          <TextInput id={`${id}-romfile`} value={row.romFile} onChange={(_event, romFile) => onChange({ romFile: romFile.trim() })} />
        </FormGroup>
      </StackItem>
    </Stack>
  );
}
