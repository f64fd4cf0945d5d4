// Owns what is offered to press for reasons that lie in the machine itself: processor, firmware, TPM, disks, network.
// Must not judge; whoever found the reason has. Places and quotas offer their own.
import type { Cause } from '../../api/errors.ts';
import type { FixAction } from '../../api/fix-actions.ts';
import type { JsonPatchOperation } from '../../api/json-patch.ts';
import type { Json } from '../../api/object.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { featureName } from '../cpu/feature-names.ts';
import type { LaunchFacts } from '../facts.ts';
import { freePort } from './port-forwards.ts';

interface Asked {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly cause: Cause;
  /** Numbers in the cause's field, in order: of the disk, of the volume. */
  readonly indexes: readonly number[];
}

interface FixRow {
  readonly reason: string;
  readonly field: RegExp;
  readonly offer: (asked: Asked) => readonly FixAction[];
}

/** Each offered once; what a family has offered itself stays. */
export function withFixes(cause: Cause, vmi: VirtualMachineInstance, facts: LaunchFacts): Cause {
  const row = rows.find(({ reason, field }) => reason === cause.reason && field.test(cause.field));
  if (row === undefined || cause.actions !== undefined) return cause;
  const indexes = [...cause.field.matchAll(/\[(\d+)\]/g)].map(([, digits]) => Number(digits));
  const actions = row.offer({ vmi, facts, cause, indexes });
  return actions.length === 0 ? cause : { ...cause, actions };
}

const rows: readonly FixRow[] = [
  { reason: 'FieldValueNotSupported', field: /^spec\.domain\.cpu\.model$/, offer: () => [hostModel] },
  {
    reason: 'CpuModelUnavailable',
    field: /^spec\.domain\.cpu\.model$/,
    offer: ({ vmi, facts }) => [hostModel, ...disableMissing(vmi, facts)],
  },
  {
    reason: 'CpuFeatureUnavailable',
    field: /^spec\.domain\.cpu\.features\[\d+\]$/,
    offer: (asked) => [policy(asked, 'optional', (name) => `Make the CPU feature ${name} optional`)],
  },
  {
    reason: 'CpuFeatureForbidden',
    field: /^spec\.domain\.cpu\.features\[\d+\]$/,
    offer: (asked) => [policy(asked, 'disable', (name) => `Hide the CPU feature ${name} from the guest`)],
  },
  { reason: 'FieldValueInvalid', field: /^spec\.domain\.firmware\.bootloader$/, offer: () => [keepUefi, keepBios] },
  {
    reason: 'FieldValueInvalid',
    field: /^spec\.domain\.firmware\.bootloader\.efi\.secureBoot$/,
    offer: ({ vmi }) => [managementMode(vmi), withoutSecureBoot],
  },
  {
    reason: 'FirmwareMissing',
    field: /^spec\.domain\.firmware\.bootloader\.efi$/,
    offer: ({ vmi }) => [...(vmi.spec.domain.firmware?.bootloader?.efi?.secureBoot === false ? [] : [withoutSecureBoot]), keepBios],
  },
  {
    reason: 'SwtpmMissing',
    field: /^spec\.domain\.devices\.tpm$/,
    offer: () => [change('Take the TPM out', removed('/spec/domain/devices/tpm'))],
  },
  { reason: 'VolumeLocked', field: /^spec\.volumes\[\d+\]/, offer: (asked) => [...stopHolder(asked), ...readOnly(asked)] },
  { reason: 'VolumeNotWritable', field: /^spec\.volumes\[\d+\]/, offer: readOnly },
  { reason: 'VolumeMissing', field: /^spec\.volumes\[\d+\]/, offer: takeOut },
  { reason: 'FailedPvcNotFound', field: /^spec\.volumes\[\d+\]/, offer: takeOut },
  { reason: 'NetworkMissing', field: /^spec\.networks\[\d+\]/, offer: userNetwork },
  {
    reason: 'FieldValueNotSupported',
    field: /^spec\.domain\.devices\.interfaces\[\d+\]\.model$/,
    offer: ({ indexes: [index = 0] }) => [
      change('Use a virtio network card', added(`/spec/domain/devices/interfaces/${index}/model`, 'virtio')),
    ],
  },
  { reason: 'PortTaken', field: /^metadata\.annotations\[virtdeck\.io\/port-forwards\]\[\d+\]$/, offer: otherPort },
];

function change(label: string, ...patch: readonly JsonPatchOperation[]): FixAction {
  return { type: 'PatchMachine', label, patch };
}

function added(path: string, value: Json): JsonPatchOperation {
  return { op: 'add', path, value };
}

function removed(path: string): JsonPatchOperation {
  return { op: 'remove', path };
}

const hostModel = change('Use host-model', added('/spec/domain/cpu/model', 'host-model'));
const bootloader = '/spec/domain/firmware/bootloader';
const keepUefi = change('Use UEFI', removed(`${bootloader}/bios`));
const keepBios = change('Use the BIOS', added(bootloader, { bios: {} }));
const withoutSecureBoot = change('Use UEFI without Secure Boot', added(`${bootloader}/efi/secureBoot`, false));

function managementMode({ spec: { domain } }: VirtualMachineInstance): FixAction {
  return change(
    'Switch System Management Mode on',
    added('/spec/domain/features', { ...(domain.features as object), smm: { enabled: true } }),
  );
}

function disableMissing({ spec: { domain } }: VirtualMachineInstance, { host }: LaunchFacts): readonly FixAction[] {
  const { model, features = [] } = domain.cpu ?? {};
  const row = host.qemu?.cpuModels[host.accelerator.inUse].find(({ name }) => name === model);
  const named = new Set(features.map(({ name }) => featureName(name)));
  const missing = (row?.unavailableFeatures ?? []).map(featureName).filter((name) => !named.has(name));
  if (missing.length === 0) return [];
  const all = [...features.map((feature) => ({ ...feature })), ...missing.map((name) => ({ name, policy: 'disable' }))];
  return [change(`Disable what ${model} lacks here`, added('/spec/domain/cpu/features', all))];
}

function policy({ vmi, indexes: [index = 0] }: Asked, value: string, label: (name: string) => string): FixAction {
  const name = vmi.spec.domain.cpu?.features?.[index]?.name ?? '';
  const path = `/spec/domain/cpu/features/${index}`;
  // The place in the list is only an address: the name proves that it is still the same feature.
  return change(label(name), { op: 'test', path: `${path}/name`, value: name }, added(`${path}/policy`, value));
}

function stopHolder({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const fact = facts.volumes[vmi.spec.volumes?.[index]?.name ?? ''];
  if (fact?.state !== 'ready' || fact.holder === undefined) return [];
  return [{ type: 'StopMachine', ...fact.holder }];
}

/** Of the device in which the volume is, when it is a disk. */
function readOnly({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.volumes?.[index]?.name;
  const at = (vmi.spec.domain.devices.disks ?? []).findIndex((disk) => disk.name === name && disk.disk !== undefined);
  if (name === undefined || at < 0) return [];
  const path = `/spec/domain/devices/disks/${at}`;
  return [
    change(`Make the disk ${name} read-only`, { op: 'test', path: `${path}/name`, value: name }, added(`${path}/disk/readonly`, true)),
  ];
}

function takeOut({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.volumes?.[index]?.name;
  const at = (vmi.spec.domain.devices.disks ?? []).findIndex((disk) => disk.name === name);
  if (name === undefined || at < 0) return [];
  const [disk, volume] = [`/spec/domain/devices/disks/${at}`, `/spec/volumes/${index}`];
  const same = (path: string): JsonPatchOperation => ({ op: 'test', path: `${path}/name`, value: name });
  return [change(`Take the disk ${name} out`, same(disk), same(volume), removed(disk), removed(volume))];
}

function userNetwork({ vmi, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const name = vmi.spec.networks?.[index]?.name;
  const { interfaces = [] } = vmi.spec.domain.devices;
  const at = interfaces.findIndex((card) => card.name === name);
  const card = interfaces[at];
  // One network of a machine may be the computer's own.
  const isFree = !(vmi.spec.networks ?? []).some(({ pod }) => pod !== undefined);
  if (name === undefined || card === undefined || !isFree) return [];
  const { bridge: _bridge, ...rest } = card;
  return [
    change(
      `Put ${name} on this computer's connection`,
      { op: 'test', path: `/spec/networks/${index}/name`, value: name },
      added(`/spec/networks/${index}`, { name, pod: {} }),
      { op: 'test', path: `/spec/domain/devices/interfaces/${at}/name`, value: name },
      added(`/spec/domain/devices/interfaces/${at}`, { ...(rest as object), masquerade: {} }),
    ),
  ];
}

const forwardsKey = 'virtdeck.io/port-forwards';

function otherPort({ vmi, facts, indexes: [index = 0] }: Asked): readonly FixAction[] {
  const text = vmi.metadata.annotations?.[forwardsKey] ?? '[]';
  const list = JSON.parse(text) as readonly { readonly host: number }[];
  const one = list[index];
  const others = list.map(({ host }) => host);
  const free = one === undefined ? undefined : freePort(one.host, new Set([...facts.takenPorts, ...others]));
  if (one === undefined || free === undefined) return [];
  const path = `/metadata/annotations/${forwardsKey.replaceAll('/', '~1')}`;
  const next = JSON.stringify(list.with(index, { ...one, host: free }));
  return [change(`Use port ${free} of this computer`, { op: 'test', path, value: text }, added(path, next))];
}
