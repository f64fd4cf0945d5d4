// The name that a connection is suggested.
import { expect, test } from 'vitest';
import { nameProblem, suggestedName } from '../../../renderer/features/clusters/connection-name.ts';

test.each([
  ['lab', [], 'lab'],
  ['lab', ['lab', 'lab-2'], 'lab-3'],
  ['default/api-ocp-example-com:6443/kube:admin', [], 'default-api-ocp-example-com-6443-kube-admin'],
  ['GKE_proj_zone', [], 'gke-proj-zone'],
  ['集群', [], 'cluster'],
])('%s beside %j is %s', (context, taken, name) => {
  expect(suggestedName(context, taken)).toBe(name);
  expect(nameProblem(name, taken)).toBeUndefined();
});

test.each([
  ['', 'name'],
  ['Lab', 'name'],
  ['-a', 'name'],
  ['lab', 'taken'],
])('%j is refused: %s', (name, problem) => {
  expect(nameProblem(name, ['lab'])).toBe(problem);
});
