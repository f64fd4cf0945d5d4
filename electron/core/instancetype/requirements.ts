// Owns whether a machine has what its preference requires (KubeVirt v1.9.0, pkg/instancetype/preference/requirements).
// Must not know whether this computer has it.
import type { Cause } from '../../api/errors.ts';
import type { PreferenceSpec } from '../../api/kinds/preference.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { nanoOf, shown } from '../validate/amounts.ts';
import { cause } from '../validate/rule.ts';
import type { Choice } from './choice.ts';
import { preferredTopology, spreadOptions } from './topology.ts';

type Cpu = NonNullable<VirtualMachineInstanceSpec['domain']['cpu']>;
type Count = 'sockets' | 'cores' | 'threads';

/** `spec` is the machine's own with its defaults, the choice not applied. */
export function requirementCauses(spec: VirtualMachineInstanceSpec, choice: Choice): readonly Cause[] {
  const { preference } = choice;
  if (preference?.requirements === undefined) return [];
  return [
    ...cpuCauses(spec.domain.cpu, choice, preference),
    ...memoryCauses(spec, choice, preference),
    ...architectureCauses(spec, preference),
  ];
}

function unmet(field: string, why: string): Cause {
  const message = `failure checking preference requirements: ${why}`;
  return cause('FieldValueNotFound', field, {
    message,
    fix: 'Give the machine what the preference requires, or choose another preference.',
  });
}

function cpuCauses(cpu: Cpu | undefined, { instancetype }: Choice, preference: PreferenceSpec): readonly Cause[] {
  const wanted = preference.requirements?.cpu?.guest;
  if (wanted === undefined) return [];
  if (instancetype !== undefined) {
    const given = instancetype.cpu.guest;
    if (given >= wanted) return [];
    return [
      unmet(
        'spec.instancetype',
        `insufficient CPU resources of ${given} vCPU provided by instance type, preference requires ${wanted} vCPU`,
      ),
    ];
  }
  const path = 'spec.template.spec.domain.cpu';
  if (cpu === undefined) return [unmet(path, `no CPU resources provided by VirtualMachine, preference requires ${wanted} vCPU`)];
  const { counts, name } = countedBy(preference);
  const given = counts.reduce((product, count) => product * (cpu[count] ?? 0), 1);
  if (given >= wanted) return [];
  const why = `insufficient CPU resources of ${given} vCPU provided by VirtualMachine, preference requires ${wanted} vCPU provided as ${name}`;
  return [unmet(counts.map((count) => `${path}.${count}`).join(', '), why)];
}

/** Which numbers of the machine count, and what upstream's sentence calls them. */
function countedBy(preference: PreferenceSpec): { readonly counts: readonly Count[]; readonly name: string } {
  const topology = preferredTopology(preference);
  switch (topology) {
    case 'cores':
    case 'threads':
      return { counts: [topology], name: topology };
    case 'any':
      return { counts: ['cores', 'sockets', 'threads'], name: 'cores, sockets and threads' };
    case 'spread': {
      const { across } = spreadOptions(preference);
      const counts: Readonly<Record<string, readonly Count[]>> = {
        CoresThreads: ['cores', 'threads'],
        SocketsCoresThreads: ['sockets', 'cores', 'threads'],
      };
      return { counts: counts[across] ?? ['sockets', 'cores'], name: across };
    }
    case 'sockets':
    case undefined:
      return { counts: ['sockets'], name: 'sockets' };
  }
}

function memoryCauses({ domain }: VirtualMachineInstanceSpec, { instancetype }: Choice, preference: PreferenceSpec): readonly Cause[] {
  const wanted = preference.requirements?.memory?.guest;
  const given = instancetype === undefined ? domain.memory?.guest : instancetype.memory.guest;
  if (wanted === undefined || given === undefined || nanoOf(given) >= nanoOf(wanted)) return [];
  const [field, who] =
    instancetype === undefined ? ['spec.template.spec.domain.memory', 'VirtualMachine'] : ['spec.instancetype', 'instance type'];
  return [unmet(field, `insufficient Memory resources of ${shown(given)} provided by ${who}, preference requires ${shown(wanted)}`)];
}

function architectureCauses({ architecture = '' }: VirtualMachineInstanceSpec, preference: PreferenceSpec): readonly Cause[] {
  const wanted = preference.requirements?.architecture;
  if (wanted === undefined || wanted === architecture) return [];
  return [unmet('spec.template.spec.architecture', `preference requires architecture ${wanted} but ${architecture} is being requested`)];
}
