// Owns the Node object of one placement domain: what it has, what it can run, as KubeVirt's node labeller would say it.
// Must not place machines nor part the computer; core/placement does.
import { isDeviceResource } from '../../api/device-resource.ts';
import { annotations } from '../../api/annotations.ts';
import { cpuListText } from '../../api/cpu-list.ts';
import { apiVersionOf } from '../../api/kinds/kind.ts';
import { type Node, nodeKind } from '../../api/kinds/node.ts';
import { formatBytes } from '../../api/quantity.ts';
import { guestFeatures } from '../cpu/guest-features.ts';
import type { HostFacts } from '../facts.ts';
import { nodeNameOf, type PlacementDomain } from '../placement/domains.ts';
import { isOfFacts } from '../../api/node-labels.ts';
import { timestamp } from './conditions.ts';

type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

/** Given where the computer can; where it was not asked, it is the user's to give. */
const realtimeLabel = 'kubevirt.io/realtime';

function isRealtime({ realtime }: HostFacts): boolean {
  return realtime !== undefined && realtime.runtimeMicroseconds < 0 && realtime.maySetPriority;
}

// KubeVirt's device plugin offers a thousand of each: they are permissions, not pieces.
const deviceCount = '1000';

export interface NodeParts {
  readonly domain: PlacementDomain;
  readonly facts: HostFacts;
  /** As it is stored: labels, taints and annotations of the user stay. */
  readonly old?: Node;
  /** How many it has of each resource of devices. */
  readonly devices?: Readonly<Record<string, number>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Without uid and resourceVersion when there is no old one: the engine gives them. */
export function nodeOfDomain({ domain, facts, devices, old, now }: NodeParts): Node {
  return {
    apiVersion: apiVersionOf(nodeKind),
    kind: nodeKind.kind,
    spec: {},
    ...old,
    metadata: {
      ...(old?.metadata ?? { name: domain.name, uid: '', resourceVersion: '', generation: 1, creationTimestamp: timestamp(now) }),
      labels: nodeLabels({ domain, facts }, old?.metadata.labels),
      ...nodeAnnotations(domain, old?.metadata.annotations),
    },
    status: nodeStatus({ domain, facts, devices: { ...forgotten(old?.status), ...devices } }, old?.status, now),
  };
}

/** Labels of the user stay. */
function nodeLabels(
  { domain, facts }: Pick<NodeParts, 'domain' | 'facts'>,
  old: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const isOwn = (name: string): boolean => isOfFacts(name) || (name === realtimeLabel && facts.realtime !== undefined);
  const kept = Object.entries(old).filter(([name]) => !isOwn(name));
  const { inUse } = facts.accelerator;
  const hostModel = facts.qemu?.hostModel[inUse];
  const models = facts.qemu?.cpuModels[inUse] ?? [];
  const features = guestFeatures(facts) ?? new Map<string, boolean>();
  return {
    ...Object.fromEntries(kept),
    'kubernetes.io/hostname': nodeNameOf(facts.hostname),
    'kubernetes.io/arch': facts.arch,
    'kubernetes.io/os': 'linux',
    'kubevirt.io/schedulable': String(facts.qemu !== undefined),
    'virtdeck.io/accelerator': inUse,
    ...domain.labels,
    ...(isRealtime(facts) ? { [realtimeLabel]: 'true' } : {}),
    ...(facts.cpus.vendor === '' ? {} : { [`cpu-vendor.node.kubevirt.io/${facts.cpus.vendor}`]: 'true' }),
    ...namedTrue(
      'cpu-model.node.kubevirt.io/',
      models.flatMap((model) => (model.unavailableFeatures.length === 0 ? [model.name] : [])),
    ),
    ...namedTrue(
      'cpu-feature.node.kubevirt.io/',
      [...features].flatMap(([name, available]) => (available ? [name] : [])),
    ),
    ...namedTrue('host-model-cpu.node.kubevirt.io/', hostModel === undefined ? [] : [hostModel.name]),
    ...namedTrue('host-model-required-features.node.kubevirt.io/', hostModel?.added ?? []),
  };
}

/** A list of processors cannot be a label's value. */
function nodeAnnotations(
  { isolatedCpus }: PlacementDomain,
  old: Readonly<Record<string, string>> = {},
): { readonly annotations?: Readonly<Record<string, string>> } {
  const { [annotations.isolatedCpus]: _before, ...kept } = old;
  if (isolatedCpus.length > 0) return { annotations: { ...kept, [annotations.isolatedCpus]: cpuListText(isolatedCpus) } };
  return Object.keys(old).length === 0 ? {} : { annotations: kept };
}

/** What was offered before is not there any more: kubelet says 0 of it, too. */
function forgotten(old: Node['status']): Readonly<Record<string, number>> {
  const names = Object.keys(old?.capacity ?? {}).filter(isDeviceResource);
  return Object.fromEntries(names.map((name) => [name, 0]));
}

function nodeStatus(
  { domain, facts, devices = {} }: Pick<NodeParts, 'domain' | 'facts' | 'devices'>,
  old: Node['status'],
  now: number,
): NonNullable<Node['status']> {
  const { cpus, reservedCpus, memoryMiB, reservedMiB, hugePages } = domain;
  // Pages of a pool are nobody's ordinary memory.
  const pooledMiB = hugePages.reduce((sum, { pageBytes, total }) => sum + (pageBytes * total) / 1024 ** 2, 0);
  const pieces = {
    ...Object.fromEntries(hugePages.map(({ pageBytes, total }) => [`hugepages-${formatBytes(pageBytes)}`, formatBytes(pageBytes * total)])),
    'devices.kubevirt.io/kvm': facts.accelerator.inUse === 'kvm' ? deviceCount : '0',
    'devices.kubevirt.io/tun': deviceCount,
    'devices.kubevirt.io/vhost-net': deviceCount,
    ...Object.fromEntries(Object.entries(devices).map(([name, count]) => [name, String(count)])),
  };
  return {
    ...old,
    capacity: { cpu: String(cpus.length), memory: `${memoryMiB * 1024}Ki`, ...pieces },
    allocatable: {
      cpu: String(cpus.length - reservedCpus.length),
      memory: `${Math.max(0, Math.floor(memoryMiB - reservedMiB - pooledMiB)) * 1024}Ki`,
      ...pieces,
    },
    addresses: [{ type: 'Hostname', address: facts.hostname }],
    nodeInfo: {
      architecture: facts.arch,
      bootID: '',
      containerRuntimeVersion: facts.qemu === undefined ? '' : `qemu://${versionText(facts.qemu.version)}`,
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: '',
      machineID: '',
      operatingSystem: 'linux',
      osImage: '',
      systemUUID: '',
    },
    conditions: [readyCondition(facts, old?.conditions ?? [], now)],
  };
}

function readyCondition({ qemu, accelerator }: HostFacts, old: readonly NodeCondition[], now: number): NodeCondition {
  const next =
    qemu === undefined
      ? { status: 'False', reason: 'QemuMissing', message: 'QEMU was not found on this computer.' }
      : { status: 'True', reason: 'QemuReady', message: accelerator.message };
  const before = old.find(({ type }) => type === 'Ready');
  const same = before?.status === next.status;
  // No heartbeat: this Node is looked at when something may have changed, not by the clock.
  return {
    type: 'Ready',
    ...next,
    lastTransitionTime: same && before.lastTransitionTime !== undefined ? before.lastTransitionTime : timestamp(now),
  };
}

function versionText({ major, minor, micro }: { readonly major: number; readonly minor: number; readonly micro: number }): string {
  return `${major}.${minor}.${micro}`;
}

/** What may not stand in a label's name (63 characters of [A-Za-z0-9._-]) is left out: QEMU has features such as `3dnow`, but none longer. */
function namedTrue(prefix: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.filter((name) => /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/.test(name)).map((name) => [prefix + name, 'true']),
  );
}
