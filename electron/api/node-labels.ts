// Owns which labels of a Node follow from facts, and are written anew whenever the computer is looked at.
// Must not make any label.
const prefixes: readonly string[] = [
  'cpu-model.node.kubevirt.io/',
  'cpu-feature.node.kubevirt.io/',
  'cpu-vendor.node.kubevirt.io/',
  'host-model-cpu.node.kubevirt.io/',
  'host-model-required-features.node.kubevirt.io/',
  'topology.virtdeck.io/',
];
const names: readonly string[] = [
  'kubernetes.io/hostname',
  'kubernetes.io/arch',
  'kubernetes.io/os',
  'kubevirt.io/schedulable',
  'virtdeck.io/accelerator',
];

/** What a user writes there is gone at the next look: what is no longer true must go. */
export function isOfFacts(label: string): boolean {
  return names.includes(label) || prefixes.some((prefix) => label.startsWith(prefix));
}
