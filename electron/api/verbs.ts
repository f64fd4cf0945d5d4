// Owns the names of what can be asked: the verbs of every kind and the subresources of KubeVirt.
// Must not say when they are allowed; that is lifecycle.ts.

export const objectVerbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'] as const;
export type ObjectVerb = (typeof objectVerbs)[number];

/** Actions on a machine. `pause`, `unpause`, `softreboot`, `reset` act on the VirtualMachineInstance, as in KubeVirt. */
export const machineVerbs = ['start', 'stop', 'restart', 'pause', 'unpause', 'softreboot', 'reset'] as const;
export type MachineVerb = (typeof machineVerbs)[number];

/** Byte channels of a running VirtualMachineInstance. */
export const consoleNames = ['console', 'vnc'] as const;
export type ConsoleName = (typeof consoleNames)[number];

/** GET …/virtdeck.io/v1alpha1/namespaces/NS/virtualmachineinstances/NAME/viewers: how many are connected; a JSON line whenever it changes. */
export type ConsoleViewers = Readonly<Record<ConsoleName, number>>;

/** Options of start, stop and restart (KubeVirt's StartOptions, StopOptions, RestartOptions). */
export interface MachineVerbOptions {
  readonly dryRun?: boolean;
  /** start: leave the machine paused before its first instruction. */
  readonly paused?: boolean;
  /** start: throw away what the guest writes, when the machine is off. */
  readonly discardChanges?: boolean;
  /** stop, restart: seconds to wait for the guest; 0 is a power cut. */
  readonly gracePeriodSeconds?: number;
}
