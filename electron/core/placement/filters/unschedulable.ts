// Owns the cordon: a node that takes nothing new.
// Must not know why somebody cordoned it.
import { tolerates } from '../../../api/tolerations.ts';
import type { Filter } from '../world.ts';

/** The taint that a cordon stands for: whoever tolerates it may come. */
const cordon = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' } as const;

export const nodeUnschedulable: Filter = {
  name: 'NodeUnschedulable',
  prepare:
    ({ tolerations }) =>
    ({ name, unschedulable }) => {
      if (!unschedulable || tolerations.some((toleration) => tolerates(toleration, cordon))) return [];
      return [
        {
          phrase: 'node(s) were unschedulable',
          cause: {
            reason: 'NodeUnschedulable',
            field: 'spec.tolerations',
            message: `Node ${name} takes no new machines (it is cordoned).`,
            fix: `Allow scheduling on ${name} again (kubectl uncordon ${name}).`,
          },
          actions: () => [{ type: 'AllowScheduling', node: name }],
        },
      ];
    },
};
