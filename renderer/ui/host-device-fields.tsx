// Owns choosing devices of this computer for a machine: the map of what is offered, and each that was chosen.
// Must not know where the choice is written.
import {
  Checkbox,
  EmptyState,
  EmptyStateBody,
  FormGroup,
  HelperText,
  HelperTextItem,
  Stack,
  StackItem,
  TextInput,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { OfferMap } from './device-groups.ts';
import { ChosenDevice } from './chosen-device.tsx';
import { addedDevice, asScreen, devicesProblem, forComputing, type HostDeviceChoice, type HostDeviceDraft } from './host-device-drafts.ts';
import { DeviceOffers } from './device-offers.tsx';

export interface HostDeviceFieldsProps {
  /** Begins the ids of the fields. */
  readonly id: string;
  readonly choice: HostDeviceChoice;
  readonly map: OfferMap;
  readonly onChange: (choice: HostDeviceChoice) => void;
}

export function HostDeviceFields({ id, choice, map, onChange }: HostDeviceFieldsProps) {
  const { t } = useTranslation('passthrough');
  const problem = devicesProblem(choice);
  const { rows, hideHypervisor, vendorId } = choice;
  const setRows = (next: readonly HostDeviceDraft[]): void => onChange({ ...choice, rows: next });
  const isGraphics = (name: string): boolean =>
    map.resources.some((one) => one.name === name && one.devices.some(({ isDisplay }) => isDisplay));
  return (
    <Stack hasGutter>
      <StackItem>
        {map.resources.length === 0 ? (
          <EmptyState variant="xs" titleText={t('none.title')} headingLevel="h2">
            <EmptyStateBody>
              {t('none.body')} <Link href="/host-devices">{t('title')}</Link>
            </EmptyStateBody>
          </EmptyState>
        ) : (
          <DeviceOffers map={map} onAdd={(name) => setRows([...rows, addedDevice(rows, name, isGraphics(name))])} />
        )}
      </StackItem>
      {rows.map((row, index) => (
        <StackItem key={row.key}>
          <ChosenDevice
            id={`${id}-${row.key}`}
            row={row}
            offer={map.resources.find(({ name }) => name === row.resourceName)}
            onChange={(part) => setRows(rows.map((one, at) => (at === index ? { ...one, ...part } : one)))}
            onUse={(use) => onChange((use === 'screen' ? asScreen : forComputing)(choice, row.key))}
            onRemove={() => setRows(rows.filter((_row, at) => at !== index))}
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
      {rows.length > 0 && (
        <StackItem>
          <Checkbox
            id={`${id}-hidden`}
            label={t('hideHypervisor')}
            description={t('hideHypervisorNote')}
            isChecked={hideHypervisor}
            onChange={(_event, on) => onChange({ ...choice, hideHypervisor: on })}
          />
        </StackItem>
      )}
      {rows.length > 0 && (hideHypervisor || vendorId !== '') && (
        <StackItem>
          <FormGroup label={t('vendorId')} fieldId={`${id}-vendor`}>
            <TextInput
              id={`${id}-vendor`}
              value={vendorId}
              validated={problem === 'vendorId' ? 'error' : 'default'}
              aria-describedby={`${id}-vendor-note`}
              onChange={(_event, text) => onChange({ ...choice, vendorId: text })}
            />
            <HelperText id={`${id}-vendor-note`}>
              <HelperTextItem>{t('vendorIdNote')}</HelperTextItem>
            </HelperText>
          </FormGroup>
        </StackItem>
      )}
    </Stack>
  );
}
