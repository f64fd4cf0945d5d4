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
    what: 'an import that failed',
    ...withDisk,
    facts: { volumes: { root: { state: 'failed', dataVolume: 'root', message: 'The address answers 404.' } } },
    offers: ['Fill the disk root again', 'Take the disk root out'],
  },
  {
    what: 'a pool that is full',
    ...withDisk,
    facts: { volumes: { root: { state: 'importing', reason: 'DiskFull', dataVolume: 'root', message: '17 GiB short.' } } },
    offers: ['Fill the disk root again', 'Take the disk root out'],
  },
  {
    what: 'an import that is tried again',
    ...withDisk,
    facts: { volumes: { root: { state: 'importing', dataVolume: 'root', message: 'No answer.' } } },
    offers: ['Fill the disk root again'],
  },
  {
    what: 'an image that cannot be pulled',
    domain: { devices: { disks: [disk] } },
    spec: { volumes: [{ name: 'root', containerDisk: { image: 'registry.example.org/fedora' } }] },
    facts: { volumes: { root: { state: 'failed', reason: 'ErrImagePull', message: 'No such image.' } } },
    offers: ['Take the disk root out'],
  },
  {
    what: 'native I/O through the cache',
    ...withDisk,
    domain: { devices: { disks: [{ ...disk, io: 'native', cache: 'writeback' }] } },
    offers: ['Let the disk root go past the cache of this computer', 'Use threads for the disk root'],
  },
  {
    what: 'a disk without a volume',
    domain: { devices: { disks: [disk] } },
    offers: ['Take the disk root out'],
  },
  {
    what: 'a bus that nobody knows',
    ...withDisk,
    domain: { devices: { disks: [{ name: 'root', disk: { bus: 'ide' } }] } },
    offers: ['Use bus virtio for the disk root'],
  },
  {
    what: 'one drive more than SATA has ports',
    domain: { devices: { disks: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, disk: { bus: 'sata' } })) } },
    spec: { volumes: ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => ({ name, emptyDisk: { capacity: '1Gi' } })) },
    offers: ['Use bus virtio for the disk g'],
  },
  {
    what: 'a Secret that is not there',
    domain: { devices: { disks: [disk] } },
    spec: { volumes: [{ name: 'root', cloudInitNoCloud: { secretRef: { name: 'seed' } } }] },
    offers: ['Create the Secret seed'],
  },
  {
    what: 'a Secret without the key',
    domain: { devices: { disks: [disk] } },
    spec: { volumes: [{ name: 'root', cloudInitNoCloud: { networkDataSecretRef: { name: 'seed' } } }] },
    facts: { secrets: { seed: { userdata: 'x' } } },
    offers: ['Add the key networkdata to the Secret seed'],
  },
  {
    what: 'a TPM whose passphrase is nowhere',
    domain: { devices: { tpm: { persistent: true } } },
    annotations: { 'virtdeck.io/tpm-secret': 'tpm' },
    offers: ['Create the Secret tpm'],
  },
  { what: 'no memory', domain: { memory: undefined }, offers: ['Give it 1 GiB of memory'] },
  {
    what: 'memory that does not fill its pages',
    domain: { memory: { guest: '1025Mi', hugepages: { pageSize: '2Mi' } } },
    facts: { hugePages: { 2: 513 } },
    offers: ['Give it 1026 MiB of memory', 'Use ordinary memory'],
  },
  {
    what: 'pages that no processor has',
    domain: { memory: { guest: '1Gi', hugepages: { pageSize: '4Mi' } } },
    offers: ['Use ordinary memory'],
  },
  {
    what: 'a CPU feature that nobody knows',
    domain: { cpu: { features: [{ name: 'warp', policy: 'optional' }] } },
    offers: ['Take the CPU feature warp out'],
  },
  {
    what: 'a policy that nobody knows',
    domain: { cpu: { features: [{ name: 'aes', policy: 'maybe' }] } },
    offers: ['Require the CPU feature aes'],
  },
  { what: 'an old board', domain: { machine: { type: 'pc-q35-99.0' } }, offers: ['Use the machine type q35'] },
  { what: 'another architecture', spec: { architecture: 'arm64' }, offers: ['Use amd64'] },
  {
    what: 'a bridge that nobody made',
    domain: { devices: { interfaces: [{ name: 'lab', bridge: {} }] } },
    spec: { networks: [{ name: 'lab', multus: { networkName: 'lab' } }] },
    facts: { attachments: { lab: '{"type":"bridge","bridge":"br9","vlan":7}' } },
    offers: ['Make the bridge br9', "Put lab on this computer's connection"],
  },
  {
    what: 'a card without a network',
    domain: { devices: { interfaces: [{ name: 'lab', masquerade: {} }] } },
    offers: ['Take the network card lab out'],
  },
  {
    what: 'a folder without a boot loader',
    domain: { devices: { interfaces: [{ name: 'default', masquerade: {}, bootOrder: 1 }] } },
    spec: { networks: [{ name: 'default', pod: {} }] },
    annotations: { 'virtdeck.io/network-boot': '{"folder":"/srv/tftp"}' },
    facts: { networkBoot: { state: 'ready', folder: '/srv/tftp', files: [] } },
    offers: ['Boot from nothing of this computer'],
  },
  {
    what: 'a device that nobody allowed',
    domain: { devices: { hostDevices: [{ name: 'card', deviceName: 'example.org/card' }] } },
    offers: ['Take the device card out'],
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
  // Several reasons may be mended by one change; the start check shows it with the first.
  expect([...new Set(actions.map(fixLabel))]).toEqual(row.offers);
  for (const action of actions) {
    if (action.type !== 'PatchMachine') continue;
    const patch = action.patch.map((operation) => ({ ...operation, path: `/spec/template${operation.path}` }));
    const patched = jsonPatch(JSON.parse(JSON.stringify(vm)) as Json, patch);
    if (!patched.ok) throw new Error(JSON.stringify(patched.causes));
    const mended = patched.value as unknown as VirtualMachine;
    expect([action.label, causesOf(mended, row.facts).map(({ reason }) => reason)]).toEqual([action.label, []]);
  }
});
