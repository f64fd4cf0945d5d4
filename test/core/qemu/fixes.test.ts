// Owns the proof that what lies in the machine itself can be pressed away: what is offered, and that it removes the reason.
// Must not repeat the reasons; the golden cases have them.
import { expect, test } from 'vitest';
import type { Cause } from '../../../electron/api/errors.ts';
import { fixLabel } from '../../../electron/api/fix-actions.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json } from '../../../electron/api/object.ts';
import { launchDecision } from '../../../electron/core/qemu/launch.ts';
import { jsonPatch } from '../../../electron/server/json-patch.ts';
import { type CaseFacts, goldenPlaces, instanceOf, launchFacts } from '../../golden/golden-case.ts';

interface Broken {
  readonly what: string;
  readonly spec?: object;
  readonly domain?: object;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly facts?: CaseFacts;
  readonly offers: readonly string[];
}

const disk = { name: 'root', disk: { bus: 'virtio' } };
const volume = { name: 'root', persistentVolumeClaim: { claimName: 'root' } };
const withDisk = { domain: { devices: { disks: [disk] } }, spec: { volumes: [volume] } };

const broken: readonly Broken[] = [
  { what: 'an unknown model', domain: { cpu: { model: 'Warp9' } }, offers: ['Use host-model'] },
  {
    what: 'a model that lacks something here',
    domain: { cpu: { model: 'Skylake-Server', features: [{ name: 'hle', policy: 'disable' }] } },
    offers: ['Use host-model', 'Disable what Skylake-Server lacks here'],
  },
  {
    what: 'a required feature',
    domain: { cpu: { features: [{ name: 'pcid' }] } },
    offers: ['Make the CPU feature pcid optional'],
  },
  {
    what: 'a forbidden feature',
    domain: { cpu: { features: [{ name: 'avx', policy: 'forbid' }] } },
    offers: ['Hide the CPU feature avx from the guest'],
  },
  {
    what: 'two firmwares',
    domain: { firmware: { bootloader: { efi: {}, bios: {} } }, features: { smm: { enabled: true } } },
    offers: ['Use UEFI', 'Use the BIOS'],
  },
  {
    what: 'Secure Boot without SMM',
    domain: { firmware: { bootloader: { efi: {} } }, features: { smm: { enabled: false } } },
    offers: ['Switch System Management Mode on', 'Use UEFI without Secure Boot'],
  },
  {
    what: 'no firmware',
    domain: { firmware: { bootloader: { efi: { secureBoot: false } } } },
    facts: { firmware: [] },
    offers: ['Use the BIOS'],
  },
  { what: 'no swtpm', domain: { devices: { tpm: {} } }, facts: { swtpm: 'missing' }, offers: ['Take the TPM out'] },
  {
    what: 'a disk that another machine has',
    ...withDisk,
    facts: { volumes: { root: { lockedBy: 'the machine db', holder: { namespace: 'default', name: 'db' } } } },
    offers: ['Stop db', 'Make the disk root read-only'],
  },
  {
    what: 'a disk that may not be written',
    ...withDisk,
    facts: { volumes: { root: { writable: false } } },
    offers: ['Make the disk root read-only'],
  },
  {
    what: 'a missing disk',
    ...withDisk,
    facts: { volumes: { root: { state: 'missing', message: 'It is not there.' } } },
    offers: ['Take the disk root out'],
  },
  {
    what: 'a network that nobody made',
    domain: { devices: { interfaces: [{ name: 'lab', bridge: {} }] } },
    spec: { networks: [{ name: 'lab', multus: { networkName: 'lab' } }] },
    offers: ["Put lab on this computer's connection"],
  },
  {
    what: 'an unknown network card',
    domain: { devices: { interfaces: [{ name: 'default', masquerade: {}, model: 'ne2000' }] } },
    spec: { networks: [{ name: 'default', pod: {} }] },
    offers: ['Use a virtio network card'],
  },
  {
    what: 'a taken port',
    domain: { devices: { interfaces: [{ name: 'default', masquerade: {} }] } },
    spec: { networks: [{ name: 'default', pod: {} }] },
    annotations: { 'virtdeck.io/port-forwards': '[{"host":2222,"guest":22}]' },
    facts: { takenPorts: [2222, 2223] },
    offers: ['Use port 2224 of this computer'],
  },
];

function machine({ domain = {}, spec = {}, annotations = {} }: Broken): VirtualMachine {
  const all = { memory: { guest: '1Gi' }, devices: {}, ...domain };
  const template = { metadata: { annotations }, spec: { ...spec, domain: all } };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web' },
    spec: { template },
  } as unknown as VirtualMachine;
}

function causesOf(vm: VirtualMachine, facts: CaseFacts = {}): readonly Cause[] {
  const golden = { name: 'fixes', intent: '', host: 'qemu-7.2-x86_64', facts, vm };
  const vmi = instanceOf(golden);
  return launchDecision(vmi, launchFacts(golden, vmi, goldenPlaces)).causes;
}

test.for(broken)('$what: $offers', (row) => {
  const vm = machine(row);
  const causes = causesOf(vm, row.facts);
  const actions = causes.flatMap(({ actions: offered = [] }) => offered);
  expect(actions.map(fixLabel)).toEqual(row.offers);
  for (const action of actions) {
    if (action.type !== 'PatchMachine') continue;
    const patch = action.patch.map((operation) => ({ ...operation, path: `/spec/template${operation.path}` }));
    const patched = jsonPatch(JSON.parse(JSON.stringify(vm)) as Json, patch);
    if (!patched.ok) throw new Error(JSON.stringify(patched.causes));
    const mended = patched.value as unknown as VirtualMachine;
    expect([action.label, causesOf(mended, row.facts).map(({ reason }) => reason)]).toEqual([action.label, []]);
  }
});
