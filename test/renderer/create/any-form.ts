// Owns forms of the wizard as nobody would fill them in, for what must hold of each.
// Must not hold tests.
import * as fc from 'fast-check';
import { watchdogActions } from '../../../electron/api/failure-actions.ts';
import { firmwareStates } from '../../../electron/api/firmware-state.ts';
import { type CreateForm, driverSources, memoryPages, networkBootSources, systemSources } from '../../../renderer/features/create/form.ts';
import { tpmChoices } from '../../../renderer/ui/tpm-choice.ts';
import { fedora, inspection, netinst } from './forms.ts';

const number = fc.option(fc.oneof(fc.integer(), fc.double()), { nil: undefined });
export const anyForm: fc.Arbitrary<CreateForm> = fc.record({
  system: fc.record(
    {
      source: fc.constantFrom(...systemSources),
      path: fc.string(),
      claim: fc.string(),
      elsewhere: fc.record({ address: fc.string(), secret: fc.string() }),
      image: fc.constantFrom(fedora, netinst),
      inspection: fc.constantFrom(inspection(), inspection({ format: 'iso' })),
      upload: fc.record({ name: fc.string(), size: fc.nat() }),
      drivers: fc.record({ from: fc.constantFrom(...driverSources), path: fc.string() }),
      networkBoot: fc.record({ from: fc.constantFrom(...networkBootSources), folder: fc.string(), url: fc.string() }),
    },
    { requiredKeys: ['source', 'path', 'claim', 'elsewhere', 'drivers', 'networkBoot'] },
  ),
  name: fc.string({ unit: 'binary' }),
  size: fc.record({ id: fc.constantFrom('small', 'medium', 'large', 'own'), cpus: number, memoryMiB: number }),
  disk: fc.record({
    sizeGiB: number,
    format: fc.constantFrom('qcow2', 'raw'),
    bus: fc.constantFrom('virtio', 'scsi', 'sata'),
    cache: fc.constantFrom('default', 'none', 'writeback', 'writethrough'),
    extra: fc.array(fc.record({ sizeGiB: number, bus: fc.constantFrom('virtio', 'scsi', 'sata') }), { maxLength: 4 }),
  }),
  network: fc.record({
    mode: fc.constantFrom('user', 'bridge', 'none'),
    networkName: fc.string(),
    mac: fc.string(),
    forwards: fc.array(fc.record({ name: fc.string(), protocol: fc.constantFrom('tcp', 'udp'), host: number, guest: number }), {
      maxLength: 4,
    }),
  }),
  devices: fc.record({
    rows: fc.array(
      fc.record({
        key: fc.nat(),
        name: fc.string(),
        resourceName: fc.string(),
        isGpu: fc.boolean(),
        address: fc.string(),
        primaryGpu: fc.boolean(),
        romBar: fc.boolean(),
        romFile: fc.string(),
        optional: fc.boolean(),
      }),
      { maxLength: 3 },
    ),
    hideHypervisor: fc.boolean(),
    vendorId: fc.constantFrom('', 'virtdeck'),
  }),
  account: fc.record({
    mode: fc.constantFrom('form', 'raw', 'none'),
    user: fc.string(),
    password: fc.string(),
    sshKeys: fc.array(fc.string()),
    hostname: fc.string(),
    packages: fc.string(),
    rawUserData: fc.string({ unit: 'binary' }),
  }),
  options: fc.record({
    firmware: fc.constantFrom(...firmwareStates),
    tpm: fc.constantFrom(...tpmChoices),
    watchdog: fc.constantFrom('off' as const, ...watchdogActions),
    pages: fc.constantFrom(...memoryPages),
    ownCores: fc.boolean(),
    run: fc.constantFrom('manual', 'withComputer', 'always'),
    description: fc.string(),
  }),
  startWhenCreated: fc.boolean(),
  touched: fc.record({
    name: fc.boolean(),
    size: fc.boolean(),
    diskSize: fc.boolean(),
    connection: fc.boolean(),
    forwards: fc.boolean(),
    account: fc.boolean(),
    firmware: fc.boolean(),
  }),
});
