// Owns which machines a quota is about.
// Must not count them.
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';

type QuotaSpec = ResourceQuota['spec'];
type Requirement = NonNullable<NonNullable<QuotaSpec['scopeSelector']>['matchExpressions']>[number];

/** Machines have no deadline, and each requests memory: none is Terminating, none is BestEffort. */
const ofEveryMachine: Readonly<Record<string, boolean>> = {
  NotTerminating: true,
  Terminating: false,
  NotBestEffort: true,
  BestEffort: false,
};

export const knownScopes: readonly string[] = [...Object.keys(ofEveryMachine), 'PriorityClass'];

/** With a scope, a quota is about machines alone. */
export function isScoped({ scopes = [], scopeSelector }: QuotaSpec): boolean {
  return scopes.length > 0 || (scopeSelector?.matchExpressions ?? []).length > 0;
}

export function coversMachine({ scopes = [], scopeSelector }: QuotaSpec, vmi: VirtualMachineInstance): boolean {
  const plain = scopes.map((scopeName): Requirement => ({ scopeName, operator: 'Exists' }));
  return [...plain, ...(scopeSelector?.matchExpressions ?? [])].every((requirement) => holds(requirement, vmi));
}

function holds({ scopeName, operator, values = [] }: Requirement, { spec }: VirtualMachineInstance): boolean {
  if (scopeName !== 'PriorityClass') return ofEveryMachine[scopeName] === true;
  const name = spec.priorityClassName ?? '';
  switch (operator) {
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
    case 'DoesNotExist':
      return name === '';
    default:
      return name !== '';
  }
}
