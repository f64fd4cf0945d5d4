// Owns choosing devices of this computer for a machine: which are offered and why some are not, and how each is handed over.
// Must not know where the choice is written.
import {
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  Checkbox,
  EmptyState,
  EmptyStateBody,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  Label,
  Stack,
  StackItem,
  TextInput,
} from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import type { OfferedDevice, OfferedResource } from '../../electron/api/host-devices.ts';
import { addedDevice, devicesProblem, type HostDeviceDraft } from './host-device-drafts.ts';
import { useSentences } from './sentences.tsx';

export interface HostDeviceFieldsProps {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly rows: readonly HostDeviceDraft[];
  readonly offers: readonly OfferedResource[];
  readonly onChange: (rows: readonly HostDeviceDraft[]) => void;
}

export function HostDeviceFields({ id, rows, offers, onChange }: HostDeviceFieldsProps) {
  const { t } = useTranslation('passthrough');
  const problem = devicesProblem(rows);
  const change = (index: number, part: Partial<HostDeviceDraft>): void =>
    onChange(rows.map((row, at) => (at === index ? { ...row, ...part } : row)));
  return (
    <Stack hasGutter>
      {offers.length === 0 ? (
        <StackItem>
          <EmptyState variant="xs" titleText={t('none.title')} headingLevel="h2">
            <EmptyStateBody>{t('none.body')}</EmptyStateBody>
          </EmptyState>
        </StackItem>
      ) : (
        <StackItem>
          <Offers offers={offers} onAdd={(resource) => onChange([...rows, addedDevice(rows, resource.name, isGraphics(resource))])} />
        </StackItem>
      )}
      {rows.map((row, index) => (
        <StackItem key={row.key}>
          <Device
            id={`${id}-${row.key}`}
            row={row}
            offer={offers.find(({ name }) => name === row.resourceName)}
            onChange={(part) => change(index, part)}
            onRemove={() => onChange(rows.filter((_row, at) => at !== index))}
          />
        </StackItem>
      ))}
      {problem !== undefined && (
        <StackItem>
          <HelperText>
            <HelperTextItem variant="error">{t(`invalid.${problem}`)}</HelperTextItem>
          </HelperText>
        </StackItem>
      )}
    </Stack>
  );
}

function isGraphics({ devices }: OfferedResource): boolean {
  return devices.some(({ isDisplay }) => isDisplay);
}

interface OffersProps {
  readonly offers: readonly OfferedResource[];
  readonly onAdd: (resource: OfferedResource) => void;
}

/** Every device that is allowed, in the group that it comes in. */
function Offers({ offers, onAdd }: OffersProps) {
  const { t } = useTranslation('passthrough');
  return (
    <Table variant="compact" aria-label={t('offers')}>
      <Thead>
        <Tr>
          <Th>{t('resource')}</Th>
          <Th>{t('devices')}</Th>
          <Th>{t('state')}</Th>
          <Th screenReaderText={t('add')} />
        </Tr>
      </Thead>
      <Tbody>
        {offers.map((resource) => (
          <Tr key={resource.name}>
            <Td dataLabel={t('resource')} modifier="breakWord">
              {resource.name}
            </Td>
            <Td dataLabel={t('devices')}>
              {resource.devices.length === 0
                ? t('missing', { selectors: resource.selectors.join(', ') })
                : resource.devices.map((device) => (
                    <div key={device.address}>
                      {device.addresses.join(', ')} {device.label !== undefined && <span className="vd-subtle">{device.label}</span>}
                    </div>
                  ))}
            </Td>
            <Td dataLabel={t('state')}>
              {resource.devices.map((device) => (
                <div key={device.address}>
                  <State device={device} />
                </div>
              ))}
            </Td>
            <Td isActionCell>
              <Button variant="link" isInline aria-label={t('addNamed', { name: resource.name })} onClick={() => onAdd(resource)}>
                {t('add')}
              </Button>
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function State({ device: { unready, usedBy } }: { readonly device: OfferedDevice }) {
  const { t } = useTranslation('passthrough');
  const sentences = useSentences();
  if (unready !== undefined) {
    return (
      <Label isCompact status="warning">
        {sentences(unready.message)}
      </Label>
    );
  }
  return usedBy === undefined ? (
    <Label isCompact status="success">
      {t('free')}
    </Label>
  ) : (
    <Label isCompact>{t('usedBy', { name: usedBy })}</Label>
  );
}

interface DeviceProps {
  readonly id: string;
  readonly row: HostDeviceDraft;
  /** Absent when its name is not allowed any more. */
  readonly offer: OfferedResource | undefined;
  readonly onChange: (part: Partial<HostDeviceDraft>) => void;
  readonly onRemove: () => void;
}

function Device({ id, row, offer, onChange, onRemove }: DeviceProps) {
  const { t } = useTranslation('passthrough');
  const addresses = [...new Set([...(offer?.devices ?? []).map(({ address }) => address), ...(row.address === '' ? [] : [row.address])])];
  return (
    <Card isCompact>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <Button variant="plain" icon={<MinusCircleIcon />} aria-label={t('removeNamed', { name: row.name })} onClick={onRemove} />
          ),
        }}
      >
        <CardTitle component="h2">{row.resourceName}</CardTitle>
      </CardHeader>
      <CardBody>
        <Stack hasGutter>
          <StackItem>
            <FormGroup label={t('name')} fieldId={`${id}-name`}>
              <TextInput id={`${id}-name`} value={row.name} onChange={(_event, name) => onChange({ name })} />
            </FormGroup>
          </StackItem>
          <StackItem>
            <FormGroup label={t('which')} fieldId={`${id}-address`}>
              <FormSelect id={`${id}-address`} value={row.address} onChange={(_event, address) => onChange({ address })}>
                <FormSelectOption value="" label={t('any')} />
                {addresses.map((address) => (
                  <FormSelectOption key={address} value={address} label={address} />
                ))}
              </FormSelect>
              {offer === undefined && (
                <FormHelperText>
                  <HelperText>
                    <HelperTextItem variant="warning">{t('notAllowed', { name: row.resourceName })}</HelperTextItem>
                  </HelperText>
                </FormHelperText>
              )}
            </FormGroup>
          </StackItem>
          {row.isGpu && (
            <StackItem>
              <Checkbox
                id={`${id}-primary`}
                label={t('primaryGpu')}
                description={t('primaryGpuNote')}
                isChecked={row.primaryGpu}
                onChange={(_event, primaryGpu) => onChange({ primaryGpu })}
              />
            </StackItem>
          )}
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
          <StackItem>
            <Checkbox
              id={`${id}-optional`}
              label={t('optional')}
              description={t('optionalNote')}
              isChecked={row.optional}
              onChange={(_event, optional) => onChange({ optional })}
            />
          </StackItem>
        </Stack>
      </CardBody>
    </Card>
  );
}
