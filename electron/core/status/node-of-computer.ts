// Owns this computer's Node object: what it has, what it can run, as KubeVirt's node labeller would say it.
// Must not place machines; core/placement does.
import type { Node } from '../../api/kinds/node.ts';
import type { HostFacts } from '../facts.ts';
import { timestamp } from './conditions.ts';

type NodeCondition = NonNullable<NonNullable<Node['status']>['conditions']>[number];

/** Labels that follow from facts: written anew each time, so that what is no longer true goes. */
const ownPrefixes: readonly string[] = ['cpu-model.node.kubevirt.io/', 'cpu-feature.node.kubevirt.io/', 'cpu-vendor.node.kubevirt.io/'];
const ownLabels: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'kubevirt.io/schedulable',
  'virtdeck.io/accelerator',
];

// KubeVirt's device plugin offers a thousand of each: they are permissions, not pieces.
const deviceCount = '1000';

/** Labels of the user stay. */
export function nodeLabels(facts: HostFacts, old: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  const kept = Object.entries(old).filter(([name]) => !ownLabels.includes(name) && !ownPrefixes.some((prefix) => name.startsWith(prefix)));
  const { inUse } = facts.accelerator;
  const models = facts.qemu?.cpuModels[inUse] ?? [];
  const features = facts.qemu?.cpuFeatures[inUse] ?? new Map<string, boolean>();
  return {
    ...Object.fromEntries(kept),
    'kubernetes.io/hostname': facts.hostname,
    'kubernetes.io/arch': facts.arch,
    'kubernetes.io/os': 'linux',
    'kubevirt.io/schedulable': String(facts.qemu !== undefined),
    'virtdeck.io/accelerator': inUse,
    ...(facts.cpus.vendor === '' ? {} : { [`cpu-vendor.node.kubevirt.io/${facts.cpus.vendor}`]: 'true' }),
    ...namedTrue(
      'cpu-model.node.kubevirt.io/',
      models.flatMap((model) => (model.unavailableFeatures.length === 0 ? [model.name] : [])),
    ),
    ...namedTrue(
      'cpu-feature.node.kubevirt.io/',
      [...features].flatMap(([name, available]) => (available ? [name] : [])),
    ),
  };
}

export function nodeStatus(facts: HostFacts, old: Node['status'], now: number): NonNullable<Node['status']> {
  const amounts = {
    cpu: String(facts.cpus.threads),
    memory: `${facts.memory.totalMiB * 1024}Ki`,
    'devices.kubevirt.io/kvm': facts.accelerator.inUse === 'kvm' ? deviceCount : '0',
    'devices.kubevirt.io/tun': deviceCount,
    'devices.kubevirt.io/vhost-net': deviceCount,
  };
  return {
    ...old,
    capacity: amounts,
    allocatable: amounts,
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
