// Owns which of its several names of a CPU feature QEMU itself uses, and which switches of its CPU object are no features.
// Must not know what a computer has.

/** QEMU's aliases that are more than an underscore for a dash (target/i386/cpu.c, x86_cpu_initfn). */
const aliases: ReadonlyMap<string, string> = new Map([
  ['sse3', 'pni'],
  ['pclmuldq', 'pclmulqdq'],
  ['sse4-1', 'sse4.1'],
  ['sse4-2', 'sse4.2'],
  ['xd', 'nx'],
  ['i64', 'lm'],
  ['ffxsr', 'fxsr-opt'],
]);

/** libvirt, and so KubeVirt, writes some names with an underscore. */
export function featureName(name: string): string {
  const dashed = name.replaceAll('_', '-');
  return aliases.get(dashed) ?? dashed;
}

// Forcing one of these would change what `-cpu` itself does.
const switches =
  /^(check|enforce|migratable|kvm|hv-.*|x-.*|kvm-pv-enforce-cpuid|fill-mtrr-mask|full-cpuid-auto-level|host-.*|hotplugg.*|realized|start-powered-off|tcg-cpuid|l3-cache|legacy-cache|vmware-cpuid-freq|cpuid-0xb|lmce)$/;

export function isFeature(property: string): boolean {
  return !switches.test(property);
}

// What KVM adds to every model, and what depends on the hypervisor or on a setting rather than on the processor.
const ofHypervisor = /^(kvm|hypervisor$|x2apic$|pmu$|monitor$|svme-addr-chk$|pcommit$)/;

/** Whether a feature tells one processor from another. */
export function tellsProcessors(name: string): boolean {
  return isFeature(name) && !ofHypervisor.test(name);
}
