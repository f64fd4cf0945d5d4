// Owns what a machine must not be started without: devices and guarantees that cannot be given here yet.
// Must not refuse what a guest can do without; that is a warning.
import type { Cause } from '../../../api/errors.ts';
import type { Family } from '../fragment.ts';
import type { Domain } from '../manifest.ts';

interface Guarantee {
  readonly field: string;
  readonly asked: (domain: Domain) => boolean;
  readonly message: string;
}

const guarantees: readonly Guarantee[] = [
  {
    field: 'devices.filesystems',
    asked: ({ devices }) => (devices.filesystems ?? []).length > 0,
    message: 'Folders cannot be shared with a machine yet.',
  },
  {
    field: 'launchSecurity',
    asked: ({ launchSecurity }) => launchSecurity !== undefined,
    message: 'The memory of a machine cannot be encrypted here.',
  },
];

export const passedThroughFamily: Family = ({ spec: { domain } }) => ({
  causes: guarantees.filter(({ asked }) => asked(domain)).map(notGiven),
});

function notGiven({ field, message }: Guarantee): Cause {
  return { reason: 'FieldValueNotSupported', field: `spec.domain.${field}`, message, fix: `Remove spec.domain.${field}.` };
}
