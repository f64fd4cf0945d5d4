// Owns the devices of this computer that a machine's definition names: reading them, and the patch of an edit.
// Must not know which devices there are.
import { annotations } from '../../../electron/api/annotations.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json } from '../../../electron/api/object.ts';
import { type HostDeviceChoice, hostDeviceDrafts, writtenDevices } from '../../ui/host-device-drafts.ts';
import { annotationPatch, domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

export function hostDevicesDraft(vm: VirtualMachine): HostDeviceChoice {
  const { devices, features } = specOf(vm).domain;
  const { gpus = [], hostDevices = [] } = devices;
  return {
    rows: hostDeviceDrafts({ gpus, hostDevices, options: optionsText(vm) }),
    hideHypervisor: features?.kvm?.hidden === true,
    vendorId: features?.hyperv?.vendorid?.vendorid ?? '',
  };
}

/** A machine's own annotation is inherited by its runs, and the template's wins. */
function optionsText({ metadata, spec }: VirtualMachine): string {
  const inTemplate: { readonly annotations?: Readonly<Record<string, string>> } | undefined = spec.template.metadata;
  return inTemplate?.annotations?.[annotations.hostDeviceOptions] ?? metadata.annotations?.[annotations.hostDeviceOptions] ?? '';
}

export function hostDevicesPatch(vm: VirtualMachine, { rows, hideHypervisor, vendorId }: HostDeviceChoice): Patch {
  const { devices, features } = specOf(vm).domain;
  const written = writtenDevices(rows);
  const before = hostDevicesDraft(vm);
  return [
    ...listPatch('gpus', devices.gpus, written.gpus),
    ...listPatch('hostDevices', devices.hostDevices, written.hostDevices),
    ...(written.options === optionsText(vm) ? [] : optionsPatch(vm, written.options)),
    ...(hideHypervisor === before.hideHypervisor && vendorId === before.vendorId
      ? []
      : featuresPatch(features, { hideHypervisor, vendorId })),
  ];
}

type List = readonly { readonly name: string; readonly deviceName?: string }[];

/** An entry that stays keeps what the dialog does not ask for. */
function listPatch(field: 'gpus' | 'hostDevices', old: List | undefined, wanted: List): Patch {
  const next = wanted.map((entry) => ({ ...old?.find(({ name }) => name === entry.name), ...entry }));
  if (JSON.stringify(next) === JSON.stringify(old ?? [])) return [];
  const path = `${domainPath}/devices/${field}`;
  if (next.length > 0) return [...unchanged(path, old), { op: 'add', path, value: next }];
  return [...unchanged(path, old), { op: 'remove', path }];
}

function optionsPatch(vm: VirtualMachine, text: string): Patch {
  const inTemplate: { readonly annotations?: Readonly<Record<string, string>> } | undefined = vm.spec.template.metadata;
  const old = inTemplate?.annotations?.[annotations.hostDeviceOptions];
  if (old === undefined) return annotationPatch(vm, annotations.hostDeviceOptions, text);
  const path = `/spec/template/metadata/annotations/${annotations.hostDeviceOptions.replaceAll('/', '~1')}`;
  const change: JsonPatchOperation = text === '' ? { op: 'remove', path } : { op: 'add', path, value: text };
  return [...unchanged(path, old), change];
}

type Features = Readonly<Record<string, Json>>;

function featuresPatch(features: unknown, { hideHypervisor, vendorId }: Omit<HostDeviceChoice, 'rows'>): Patch {
  const { kvm: _kvm, hyperv, ...rest } = (features ?? {}) as Features;
  const { vendorid: _vendorId, ...enlightenments } = (hyperv ?? {}) as Features;
  const nextHyperv = vendorId === '' ? enlightenments : { ...enlightenments, vendorid: { enabled: true, vendorid: vendorId } };
  const value = {
    ...rest,
    // An empty hyperv says as little as none, and is kept where somebody wrote it.
    ...(hyperv === undefined && vendorId === '' ? {} : { hyperv: nextHyperv }),
    ...(hideHypervisor ? { kvm: { hidden: true } } : {}),
  };
  return [...unchanged(`${domainPath}/features`, features), { op: 'add', path: `${domainPath}/features`, value }];
}
