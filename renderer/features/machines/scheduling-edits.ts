// Owns what each edit of a machine's scheduling changes: where it may run, and whether it has cores of its own.
// Must not place anything; the core does.
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { domainPath, type Patch, specOf, unchanged } from './machine-edits.ts';

type Labels = Readonly<Record<string, string>>;

/** One `key=value` a line, as the dialog shows it. */
export function nodeSelectorText(vm: VirtualMachine): string {
  return Object.entries(specOf(vm).nodeSelector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/** An empty selector is taken away. */
export function nodeSelectorPatch(vm: VirtualMachine, labels: Labels): Patch {
  const path = '/spec/template/spec/nodeSelector';
  const old = specOf(vm).nodeSelector;
  if (Object.keys(labels).length > 0) return [...unchanged(path, old), { op: 'add', path, value: labels }];
  return old === undefined ? [] : [...unchanged(path, old), { op: 'remove', path }];
}

export function hasLabels({ metadata }: Pick<Node, 'metadata'>, labels: Labels): boolean {
  return Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
}

export function hasOwnCores(vm: VirtualMachine): boolean {
  return specOf(vm).domain.cpu?.dedicatedCpuPlacement === true;
}

/** Without cores of its own there is none to keep free for QEMU either. */
export function ownCoresPatch(vm: VirtualMachine, wanted: boolean): Patch {
  const old = specOf(vm).domain.cpu;
  if (wanted === hasOwnCores(vm)) return [];
  const { dedicatedCpuPlacement: _dedicated, isolateEmulatorThread, ...rest } = old ?? {};
  const isolated = isolateEmulatorThread === undefined ? {} : { isolateEmulatorThread };
  const value: object = wanted ? { ...rest, ...isolated, dedicatedCpuPlacement: true } : rest;
  return [...unchanged(`${domainPath}/cpu`, old), { op: 'add', path: `${domainPath}/cpu`, value: { ...value } }];
}
