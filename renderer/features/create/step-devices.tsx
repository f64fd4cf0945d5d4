// Owns the step of devices of this computer: which of those that are allowed the machine has.
// Must not be shown where none is allowed.
import { Checkbox, Form } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { HostDeviceFields } from '../../ui/host-device-fields.tsx';
import type { StepProps } from './step-props.ts';

export function StepDevices({ form, world, change }: StepProps) {
  const { t } = useTranslation('passthrough');
  const { rows, hideHypervisor } = form.devices;
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <HostDeviceFields
        id="host-device"
        rows={rows}
        offers={world.devices}
        onChange={(to) => change({ section: 'devices', to: { rows: to } })}
      />
      {rows.length > 0 && (
        <Checkbox
          id="hide-hypervisor"
          label={t('hideHypervisor')}
          description={t('hideHypervisorNote')}
          isChecked={hideHypervisor}
          onChange={(_event, to) => change({ section: 'devices', to: { hideHypervisor: to } })}
        />
      )}
    </Form>
  );
}
