// Owns taints that keep machines away: NoSchedule and NoExecute.
// Must not weigh PreferNoSchedule; a score does.
import { tolerate } from '../relaxing.ts';
import { keepsAway, taintText, tolerates } from '../../../api/tolerations.ts';
import type { Filter } from '../world.ts';

export const taintToleration: Filter = {
  name: 'TaintToleration',
  prepare:
    (candidate) =>
    ({ name, taints }) =>
      taints
        .filter(keepsAway)
        .filter((taint) => !candidate.tolerations.some((toleration) => tolerates(toleration, taint)))
        .map((taint) => ({
          phrase: `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`,
          cause: {
            reason: 'TaintNotTolerated',
            field: 'spec.tolerations',
            message: `Node ${name} has the taint ${taintText(taint)}, which the machine does not tolerate.`,
            fix: `Add a toleration for ${taint.key}, or take the taint off ${name}.`,
          },
          actions: () => [
            tolerate(candidate, taint),
            { type: 'RemoveTaint', node: name, taint: taintText(taint), taints: taints.filter((other) => other !== taint) },
          ],
        })),
};
