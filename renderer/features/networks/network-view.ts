// Owns what the page shows of a NetworkAttachmentDefinition, and the definition that its form makes.
// Must not decide what is valid beyond the form: the core reads every configuration again.
import { resourceAnnotation } from '../../../electron/api/annotations.ts';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { NetworkAttachmentDefinition } from '../../../electron/api/kinds/network-attachment-definition.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { isLabelName } from '../../ui/object-name.ts';
import { networkPlugin } from '../../ui/network-plugin.ts';

export interface NetworkView {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly bridge?: string;
  /** Its cards are virtual functions, of this name of the allow list. Without a bridge and without these it cannot be read. */
  readonly functions?: { readonly resourceName?: string };
  readonly vlan?: number;
  readonly onlyOwnAddress: boolean;
  /** Running or not, of any project. */
  readonly usedBy: readonly NetworkUser[];
}

export interface NetworkUser {
  readonly namespace: string;
  readonly name: string;
  /** A run of it is on the network now. */
  readonly isRunning: boolean;
}

export function networkViews(
  definitions: readonly NetworkAttachmentDefinition[],
  machines: readonly VirtualMachine[],
  runs: readonly VirtualMachineInstance[],
): readonly NetworkView[] {
  const users = [
    ...runs.map(({ metadata, spec }) => ({ ...userOf(metadata, true), on: networkNames(metadata, spec) })),
    ...machines.map(({ metadata, spec }) => ({ ...userOf(metadata, false), on: networkNames(metadata, spec.template.spec) })),
  ];
  return definitions
    .map(({ metadata: { namespace = 'default', name, annotations }, spec }): NetworkView => {
      const usedBy = once(users.filter(({ on }) => on.includes(`${namespace}/${name}`)));
      return { id: `${namespace}/${name}`, namespace, name, usedBy, ...connectionIn(spec?.config, annotations) };
    })
    .toSorted((a, b) => a.id.localeCompare(b.id));
}

type Named = Pick<VirtualMachine['metadata'], 'namespace' | 'name'>;

function userOf({ namespace = 'default', name }: Named, isRunning: boolean): NetworkUser {
  return { namespace, name, isRunning };
}

/** A machine and its run are one: the run comes first. */
function once(users: readonly NetworkUser[]): readonly NetworkUser[] {
  const byName = new Map<string, NetworkUser>();
  for (const { namespace, name, isRunning } of users) {
    const id = `${namespace}/${name}`;
    if (!byName.has(id)) byName.set(id, { namespace, name, isRunning });
  }
  return [...byName.values()].toSorted((a, b) => a.name.localeCompare(b.name));
}

/** As Multus names them: in the machine's own project, or with a project in front. */
function networkNames({ namespace = 'default' }: Named, spec: VirtualMachine['spec']['template']['spec']): readonly string[] {
  // A card that is being taken out, or was, stands in the run until it ends.
  const gone = new Set((spec?.domain.devices.interfaces ?? []).flatMap((card) => (card.state === 'absent' ? [card.name] : [])));
  const names = (spec?.networks ?? []).flatMap(({ name, multus }) => (gone.has(name) ? [] : (multus?.networkName ?? [])));
  return names.map((name) => (name.includes('/') ? name : `${namespace}/${name}`));
}

function connectionIn(
  config: string | undefined,
  annotations: Readonly<Record<string, string>> | undefined,
): Pick<NetworkView, 'bridge' | 'functions' | 'vlan' | 'onlyOwnAddress'> {
  const plugin = networkPlugin(config);
  if (plugin === undefined) return { onlyOwnAddress: false };
  const { type, bridge, vlan, macspoofchk, spoofchk } = plugin;
  const tag = typeof vlan === 'number' && vlan > 0 ? { vlan } : {};
  if (type === 'sriov') {
    const resourceName = annotations?.[resourceAnnotation];
    return { functions: resourceName === undefined ? {} : { resourceName }, onlyOwnAddress: spoofchk === 'on', ...tag };
  }
  return typeof bridge === 'string' ? { bridge, onlyOwnAddress: macspoofchk === true, ...tag } : { onlyOwnAddress: false };
}

export interface NetworkForm {
  readonly name: string;
  readonly kind: 'bridge' | 'sriov';
  readonly bridge: string;
  /** Of the allow list: what stands for virtual functions. */
  readonly resourceName: string;
  /** As typed. */
  readonly vlan: string;
  readonly onlyOwnAddress: boolean;
}

/** Keys under `networks:create.invalid`, by field. */
export interface NetworkProblems {
  readonly name?: 'name' | 'taken';
  readonly bridge?: 'bridge';
  readonly vlan?: 'vlan';
}

export function networkProblems({ name, kind, bridge, vlan }: NetworkForm, taken: ReadonlySet<string>): NetworkProblems {
  return {
    ...(isLabelName(name) ? {} : { name: 'name' as const }),
    ...(taken.has(name) ? { name: 'taken' as const } : {}),
    ...(kind === 'sriov' || isInterfaceName(bridge) ? {} : { bridge: 'bridge' as const }),
    ...(vlan === '' || (/^\d{1,4}$/.test(vlan) && Number(vlan) >= 1 && Number(vlan) <= 4094) ? {} : { vlan: 'vlan' as const }),
  };
}

export function isInterfaceName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}$/.test(name);
}

/** With `cnv-bridge`, as OpenShift writes it; upstream's `bridge` means the same. */
export function networkDraft(form: NetworkForm, namespace: string): DraftObject {
  const { name, bridge, vlan, onlyOwnAddress } = form;
  if (form.kind === 'sriov') return functionNetworkDraft(form, namespace);
  const plugin = {
    type: 'cnv-bridge',
    bridge,
    ...(vlan === '' ? {} : { vlan: Number(vlan) }),
    ...(onlyOwnAddress ? { macspoofchk: true } : {}),
  };
  const config = { cniVersion: '0.3.1', name, plugins: [plugin, { type: 'cnv-tuning' }] };
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { namespace, name },
    spec: { config: JSON.stringify(config, undefined, 2) },
  };
}

/** As OpenShift's SR-IOV operator writes it. */
function functionNetworkDraft({ name, resourceName, vlan, onlyOwnAddress }: NetworkForm, namespace: string): DraftObject {
  const config = {
    cniVersion: '0.3.1',
    name,
    type: 'sriov',
    vlan: vlan === '' ? 0 : Number(vlan),
    spoofchk: onlyOwnAddress ? 'on' : 'off',
    trust: 'off',
    ipam: {},
  };
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { namespace, name, annotations: { [resourceAnnotation]: resourceName } },
    spec: { config: JSON.stringify(config, undefined, 2) },
  };
}

/** Names of the allow list that stand for virtual functions of network cards. */
export function functionResources({ resources, pci }: Pick<HostDeviceReport, 'resources' | 'pci'>): readonly string[] {
  const functions = new Set(
    pci.filter(({ physfn, classCode }) => physfn !== undefined && classCode.startsWith('02')).map(({ address }) => address),
  );
  return resources.filter(({ devices }) => devices.some(({ address }) => functions.has(address))).map(({ name }) => name);
}
