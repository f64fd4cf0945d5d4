// Owns where in the window the field of a reason is changed, or what it is about is looked after.
// Must not judge, or offer what the core offers.
import type { Cause } from '../../../electron/api/errors.ts';
import type { EditId } from './machine-editors.ts';
import type { MachineTab } from './machine-path.ts';

export type CausePlace =
  | { readonly type: 'edit'; readonly id: EditId }
  | { readonly type: 'tab'; readonly tab: Extract<MachineTab, 'details' | 'yaml' | 'disks' | 'network'> }
  | { readonly type: 'page'; readonly page: CausePage };

export type CausePage = 'networks' | 'disks' | 'host-devices' | 'quotas' | 'nodes' | 'settings';

/** What lies outside of the machine. */
const byReason: Readonly<Record<CausePage, readonly string[]>> = {
  networks: ['NetworkMissing', 'BridgeMissing', 'BridgeDown', 'BridgeNotAllowed', 'VlanFilteringOff', 'VlanNotAvailable'],
  disks: ['DiskFull', 'FailedPvcNotFound', 'VolumeMissing', 'VolumeFailed', 'VolumeImporting'],
  'host-devices': [
    'HostDeviceNotPermitted',
    'HostDeviceMissing',
    'HostDeviceInUse',
    'NotBound',
    'NoIommu',
    'NoInterruptRemapping',
    'UnsafeInterrupts',
    'GroupNotViable',
    'NoAccess',
  ],
  quotas: ['ExceededQuota', 'QuotaDemandsLimits', 'OutsideLimitRange'],
  nodes: ['NoNodes', 'NodeUnschedulable', 'TopologySpread'],
  settings: ['QemuMissing', 'FirmwareMissing', 'SwtpmMissing', 'SwtpmTooOld'],
};

/** The first that fits. */
const byField: readonly { readonly field: RegExp; readonly place: CausePlace }[] = [
  { field: /\.domain\.memory\.hugepages/, place: { type: 'tab', tab: 'yaml' } },
  { field: /\.domain\.memory/, place: { type: 'edit', id: 'memory' } },
  { field: /\.domain\.cpu\.(model|features)/, place: { type: 'edit', id: 'processor' } },
  { field: /\.domain\.cpu\.dedicatedCpuPlacement/, place: { type: 'edit', id: 'ownCores' } },
  { field: /\.domain\.cpu\.(realtime|numa)/, place: { type: 'tab', tab: 'yaml' } },
  { field: /\.domain\.cpu/, place: { type: 'edit', id: 'cpu' } },
  { field: /\.domain\.resources/, place: { type: 'edit', id: 'resources' } },
  { field: /\.domain\.firmware/, place: { type: 'edit', id: 'firmware' } },
  { field: /\.devices\.tpm/, place: { type: 'edit', id: 'tpm' } },
  { field: /\.devices\.(gpus|hostDevices)/, place: { type: 'tab', tab: 'details' } },
  { field: /\.(networks|devices\.interfaces)\[|\[virtdeck\.io\/port-forwards\]/, place: { type: 'tab', tab: 'network' } },
  { field: /\.(volumes|devices\.disks)\b/, place: { type: 'tab', tab: 'disks' } },
  { field: /\.nodeSelector/, place: { type: 'edit', id: 'nodeSelector' } },
  { field: /\.tolerations/, place: { type: 'edit', id: 'tolerations' } },
  { field: /\.affinity/, place: { type: 'edit', id: 'affinity' } },
  { field: /^metadata\.labels/, place: { type: 'edit', id: 'labels' } },
];

/** Undefined where nothing is to be changed: the machine runs already. */
export function causePlace({ reason, field }: Pick<Cause, 'reason' | 'field'>): CausePlace | undefined {
  if (field === '') return undefined;
  const page = (Object.keys(byReason) as CausePage[]).find((each) => byReason[each].includes(reason));
  if (page !== undefined) return { type: 'page', page };
  // Everything stands in the YAML.
  return byField.find((row) => row.field.test(field))?.place ?? { type: 'tab', tab: 'yaml' };
}
