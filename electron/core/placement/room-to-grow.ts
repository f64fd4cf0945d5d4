// Owns whether a machine that runs may have more where it is: its project's quotas, and what is left on its node.
// Must not look for another node, nor judge again what was judged at the start.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { type QuotaFacts, quotaCauses } from '../quota/machine-quota.ts';
import { candidateOf } from './candidate.ts';
import type { ChargeFacts } from './charge.ts';
import { withPromised } from './promised.ts';
import { resourcesFit } from './filters/resources-fit.ts';
import type { PlacementWorld } from './world.ts';

export interface GrowthFacts extends ChargeFacts {
  /** Without the machine itself. */
  readonly world: PlacementWorld;
  readonly quota?: QuotaFacts;
}

/** `vmi` as it would be. Empty: there is room. */
export function growthCauses(vmi: VirtualMachineInstance, { world, quota, ...charging }: GrowthFacts): readonly Cause[] {
  const judge = resourcesFit.prepare(candidateOf(vmi, charging), withPromised(world));
  const node = world.nodes.find(({ name }) => name === vmi.status?.nodeName);
  return [
    ...(quota === undefined ? [] : quotaCauses(vmi, quota, charging)),
    ...(node === undefined ? [] : judge(node).map(({ cause }) => cause)),
  ];
}
