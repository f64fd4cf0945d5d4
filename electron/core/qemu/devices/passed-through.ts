// Owns what a machine must not be started without: devices and guarantees that cannot be given here yet.
// Must not refuse what a guest can do without; that is a warning.
import type { Cause } from '../../../api/errors.ts';
import type { Family } from '../fragment.ts';
import type { Domain } from '../manifest.ts';

interface Promise {
  readonly field: string;
  readonly given: (domain: Domain) => boolean;
  readonly what: string;
}

const promises: readonly Promise[] = [
  { field: 'devices.gpus', given: ({ devices }) => (devices.gpus ?? []).length > 0, what: 'Graphics cards of this computer' },
  { field: 'devices.hostDevices', given: ({ devices }) => (devices.hostDevices ?? []).length > 0, what: 'Devices of this computer' },
  { field: 'devices.filesystems', given: ({ devices }) => (devices.filesystems ?? []).length > 0, what: 'Shared folders' },
  { field: 'launchSecurity', given: ({ launchSecurity }) => launchSecurity !== undefined, what: 'Encrypted machines' },
  { field: 'firmware.kernelBoot', given: ({ firmware }) => firmware?.kernelBoot !== undefined, what: 'Kernels out of a container image' },
];

export const passedThroughFamily: Family = ({ spec: { domain } }) => ({
  causes: promises.filter(({ given }) => given(domain)).map(notYet),
});

function notYet({ field, what }: Promise): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: `spec.domain.${field}`,
    message: `${what} cannot be given to a machine here yet.`,
    fix: `Remove spec.domain.${field}.`,
  };
}
