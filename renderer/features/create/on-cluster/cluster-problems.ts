// Owns what is wrong with a machine for a cluster: the rules of the other steps, and those of the cluster's own sources.
// Must not know how much the cluster has; it says so itself.
import type { CreateForm } from '../form.ts';
import type { World } from '../suggestions.ts';
import { allProblems, type Problem } from '../validation.ts';
import type { ClusterChoice } from './cluster-choice.ts';

/** `registry.example.com:5000/team/image:tag`, or by digest. */
const imageName = /^(?!.*:\/\/)[a-z0-9][a-z0-9._:/-]*[a-z0-9](?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const webAddress = /^https?:\/\/[^\s/]+\/\S*$/;

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
  const problem = (code: Problem['code']): readonly Problem[] => [{ step: 'system', field: 'address', code, severity: 'error' }];
  if (source !== 'registry' && source !== 'container' && source !== 'url') return [];
  if (address === '') return problem('addressMissing');
  if (source === 'url') return webAddress.test(address) ? [] : problem('addressWrong');
  return imageName.test(address) ? [] : problem('imageNameWrong');
}
