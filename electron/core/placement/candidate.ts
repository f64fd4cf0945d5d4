// Owns what a machine asks of a node, read from its definition as KubeVirt writes it into the launcher pod.
// Must not look at any node.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { type ChargeFacts, chargeOf } from './charge.ts';
import type { Candidate, NodeAsk } from './world.ts';

/** Models that are not names of one: they follow what the node has. */
const relativeModels: readonly string[] = ['host-model', 'host-passthrough'];

export function candidateOf(vmi: VirtualMachineInstance, charging: ChargeFacts): Candidate {
  const { metadata, spec } = vmi;
  return {
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    labels: metadata.labels ?? {},
    requests: chargeOf(vmi, charging).requests,
    asks: [...standingAsks(vmi), ...selectorAsks(vmi), ...processorAsks(vmi), ...dedicatedAsks(vmi)],
    ...(spec.affinity === undefined ? {} : { affinity: spec.affinity }),
    ...(spec.nodeSelector === undefined ? {} : { nodeSelector: spec.nodeSelector }),
    tolerations: spec.tolerations ?? [],
    spread: spec.topologySpreadConstraints ?? [],
  };
}

/** Every machine needs a node that runs machines, and guests of its own kind. */
function standingAsks({ spec }: VirtualMachineInstance): readonly NodeAsk[] {
  return [
    ask('kubevirt.io/schedulable', 'true', 'spec.domain'),
    ...(spec.architecture === undefined || spec.architecture === ''
      ? []
      : [ask('kubernetes.io/arch', spec.architecture, 'spec.architecture')]),
  ];
}

function selectorAsks({ spec }: VirtualMachineInstance): readonly NodeAsk[] {
  return Object.entries(spec.nodeSelector ?? {}).map(([key, value]) => ask(key, value, 'spec.nodeSelector'));
}

/**
 * `require` (which is the default) selects, `forbid` excludes; `force` gives the feature whatever the node has, `optional` and `disable` fit
 * anywhere. A node is labelled with the models that it has whole: where features are forced or disabled, the launch decision looks at each.
 */
function processorAsks({ spec: { domain } }: VirtualMachineInstance): readonly NodeAsk[] {
  const { model, features = [] } = domain.cpu ?? {};
  const named = model === undefined || model === '' || relativeModels.includes(model) ? undefined : model;
  const isAltered = features.some(({ policy }) => policy === 'force' || policy === 'disable');
  return [
    ...(named === undefined || isAltered ? [] : [ask(`cpu-model.node.kubevirt.io/${named}`, 'true', 'spec.domain.cpu.model')]),
    ...features.flatMap(({ name, policy }, index): readonly NodeAsk[] => {
      const key = `cpu-feature.node.kubevirt.io/${name}`;
      const field = `spec.domain.cpu.features[${index}]`;
      if (policy === undefined || policy === '' || policy === 'require') return [ask(key, 'true', field)];
      return policy === 'forbid' ? [{ requirement: { key, operator: 'DoesNotExist' }, field }] : [];
    }),
  ];
}

function dedicatedAsks({ spec: { domain } }: VirtualMachineInstance): readonly NodeAsk[] {
  const { dedicatedCpuPlacement, realtime } = domain.cpu ?? {};
  return [
    ...(dedicatedCpuPlacement === true ? [ask('cpumanager', 'true', 'spec.domain.cpu.dedicatedCpuPlacement')] : []),
    ...(realtime === undefined ? [] : [ask('kubevirt.io/realtime', 'true', 'spec.domain.cpu.realtime')]),
  ];
}

function ask(key: string, value: string, field: string): NodeAsk {
  return { requirement: { key, operator: 'In', values: [value] }, field };
}
