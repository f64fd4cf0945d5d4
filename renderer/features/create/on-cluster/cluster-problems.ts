// Owns what is wrong with a machine for a cluster: the rules of the other steps, and those of the cluster's own sources.
// Must not know how much the cluster has; it says so itself.
import { imageNameProblem, webAddressProblem } from '../../../ui/image-address.ts';
import type { CreateForm } from '../form.ts';
import type { World } from '../suggestions.ts';
import { allProblems, type Problem } from '../validation.ts';
import type { ClusterChoice } from './cluster-choice.ts';

export function clusterProblems(form: CreateForm, world: World, choice: ClusterChoice): readonly Problem[] {
  const counts = (problem: Problem): boolean => {
    if (problem.step === 'system') return problem.code === 'claimMissing';
    // The image is as large as it is.
    if (problem.step === 'disk' && problem.field === 'size') return choice.source !== 'container';
    return true;
  };
  return [...addressIsUsable(choice), ...allProblems(form, world).filter(counts)];
}

function addressIsUsable({ source, address }: ClusterChoice): readonly Problem[] {
  if (source !== 'registry' && source !== 'container' && source !== 'url') return [];
  const code = source === 'url' ? webAddressProblem(address) : imageNameProblem(address);
  return code === undefined ? [] : [{ step: 'system', field: 'address', code, severity: 'error' }];
}
