// Owns a machine as the window shows it: definition and run joined into one value.
// Must not be changed after it is made; the same objects give the same view.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { machineState, type MachineState } from '../../../electron/api/lifecycle.ts';
import { machineSize, type MachineSize } from '../../client/machine-size.ts';
import { machineStatus, type MachineStatus } from './machine-status.ts';

export interface MachineView {
  /** `namespace/name`. */
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly vm: VirtualMachine;
  readonly vmi?: VirtualMachineInstance;
  readonly state: MachineState;
  readonly status: MachineStatus;
  readonly size: MachineSize;
  readonly description?: string;
  /** `key=value`, or `key` alone when the value is empty. */
  readonly labels: readonly string[];
  readonly addresses: readonly string[];
  readonly node?: string;
  /** RFC 3339; present while it runs. */
  readonly startedAt?: string;
  /** Everything a search may find, in lower case. */
  readonly text: string;
}

export type MachineViews = (vms: readonly VirtualMachine[], vmis: readonly VirtualMachineInstance[]) => readonly MachineView[];

/** A maker that gives the same view for the same objects, so that a change of one machine draws one row. Sorted by name. */
export function createMachineViews(): MachineViews {
  const made = new WeakMap<VirtualMachine, MachineView>();
  // A change of status, by far the most frequent, leaves the order as it is: a thousand names are not compared for it.
  let order: { readonly uids: readonly string[]; readonly positions: readonly number[] } = { uids: [], positions: [] };
  return (vms, vmis) => {
    const runs = new Map(vmis.map((vmi) => [idOf(vmi), vmi]));
    const views = vms.map((vm) => {
      const vmi = runs.get(idOf(vm));
      const known = made.get(vm);
      if (known !== undefined && known.vmi === vmi) return known;
      const view = machineView(vm, vmi);
      made.set(vm, view);
      return view;
    });
    const uids = vms.map(({ metadata }) => metadata.uid);
    if (uids.length !== order.uids.length || uids.some((uid, index) => uid !== order.uids[index])) {
      order = { uids, positions: [...views.keys()].toSorted((a, b) => byName(views[a]!, views[b]!)) };
    }
    return order.positions.map((position) => views[position]!);
  };
}

export function machineView(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): MachineView {
  const { name, namespace = 'default', annotations: notes = {} } = vm.metadata;
  const status = machineStatus(vm);
  const description = notes[annotations.description];
  const labels = Object.entries(vm.metadata.labels ?? {}).map(([key, value]) => (value === '' ? key : `${key}=${value}`));
  const addresses = (vmi?.status?.interfaces ?? []).flatMap(({ ipAddresses, ipAddress }) => ipAddresses ?? ipAddress ?? []);
  const node = vmi?.status?.nodeName;
  return {
    id: idOf(vm),
    namespace,
    name,
    vm,
    vmi,
    state: machineState(vm, vmi),
    status,
    size: machineSize(vmi?.spec ?? vm.spec.template.spec),
    description,
    labels,
    addresses,
    node,
    startedAt: status.group === 'running' || status.group === 'paused' ? startedAt(vmi) : undefined,
    text: [name, description, status.reason, ...labels, ...addresses, node].filter(Boolean).join('\n').toLowerCase(),
  };
}

function startedAt(vmi: VirtualMachineInstance | undefined): string | undefined {
  const running = vmi?.status?.phaseTransitionTimestamps?.find(({ phase }) => phase === 'Running');
  return running?.phaseTransitionTimestamp ?? vmi?.metadata.creationTimestamp;
}

function idOf({ metadata }: VirtualMachine | VirtualMachineInstance): string {
  return `${metadata.namespace}/${metadata.name}`;
}

// One collator for all comparisons: making one takes longer than the sorting.
const collator = new Intl.Collator('en', { numeric: true });

function byName(a: MachineView, b: MachineView): number {
  return collator.compare(a.name, b.name) || collator.compare(a.namespace, b.namespace);
}
