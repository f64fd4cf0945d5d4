// Owns the step of devices of this computer: which of those that are allowed the machine has.
// Must not be shown where none is allowed.
import { Form } from '@patternfly/react-core';
import { HostDeviceFields } from '../../ui/host-device-fields.tsx';
import type { StepProps } from './step-props.ts';

export function StepDevices({ form, world, change }: StepProps) {
  return (
    <Form onSubmit={(event) => event.preventDefault()}>
      <HostDeviceFields id="host-device" choice={form.devices} map={world.devices} onChange={(to) => change({ section: 'devices', to })} />
    </Form>
  );
}
