// Owns what one device family adds to a launch plan.
// Must not know the families; launch.ts lists them.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { Cause } from '../../api/errors.ts';
import type { LaunchFacts } from '../facts.ts';
import type { GivenDevice } from '../devices/assignment.ts';
import type { Binding } from '../placement/place-machine.ts';
import type { Source } from './args.ts';
import type { Argument, FunctionConnection, LaunchPlan, PlannedFile, QmpCommand, Sidecar, TapConnection } from './launch-plan.ts';

/** One property of the single `-machine` option, which many families write. */
export interface MachineProperty extends Source {
  readonly value: string | boolean;
}

/** Everything is optional: a family that has nothing to do returns `{}`. */
export interface Fragment {
  readonly args?: readonly Argument[];
  readonly machine?: Readonly<Record<string, MachineProperty>>;
  readonly sockets?: Partial<LaunchPlan['sockets']>;
  readonly serialLog?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: readonly PlannedFile[];
  readonly sidecars?: readonly Sidecar[];
  readonly beforeCont?: readonly QmpCommand[];
  readonly locks?: readonly string[];
  readonly taps?: readonly TapConnection[];
  readonly functions?: readonly FunctionConnection[];
  readonly hostDevices?: readonly GivenDevice[];
  /** MiB that QEMU has to lock. */
  readonly lockedMiB?: number;
  /** What the certificate of VNC must name. */
  readonly tlsHosts?: readonly string[];
  /** Why the machine cannot start. */
  readonly causes?: readonly Cause[];
  /** What will be different from the manifest. */
  readonly warnings?: readonly Cause[];
  /** What was checked and is fine, in words. */
  readonly passed?: readonly string[];
}

/** What a family depends on: the facts, and where the machine goes. */
export interface FamilyFacts extends LaunchFacts {
  readonly binding: Binding;
}

/** Pure: the same machine and facts give the same fragment. */
export type Family = (vmi: VirtualMachineInstance, facts: FamilyFacts) => Fragment;

/** Puts fragments one behind the other. */
export function joined(
  fragments: readonly Fragment[],
): Required<Omit<Fragment, 'serialLog' | 'lockedMiB'>> & Pick<Fragment, 'serialLog' | 'lockedMiB'> {
  const lockedMiB = fragments.find((fragment) => fragment.lockedMiB !== undefined)?.lockedMiB;
  const serialLog = fragments.find((fragment) => fragment.serialLog !== undefined)?.serialLog;
  return {
    args: fragments.flatMap((fragment) => fragment.args ?? []),
    machine: Object.assign({}, ...fragments.map((fragment) => fragment.machine ?? {})),
    sockets: Object.assign({}, ...fragments.map((fragment) => fragment.sockets ?? {})),
    env: Object.assign({}, ...fragments.map((fragment) => fragment.env ?? {})),
    files: fragments.flatMap((fragment) => fragment.files ?? []),
    sidecars: fragments.flatMap((fragment) => fragment.sidecars ?? []),
    beforeCont: fragments.flatMap((fragment) => fragment.beforeCont ?? []),
    locks: fragments.flatMap((fragment) => fragment.locks ?? []),
    functions: fragments.flatMap((fragment) => fragment.functions ?? []),
    hostDevices: fragments.flatMap((fragment) => fragment.hostDevices ?? []),
    tlsHosts: fragments.flatMap((fragment) => fragment.tlsHosts ?? []),
    taps: fragments.flatMap((fragment) => fragment.taps ?? []),
    causes: fragments.flatMap((fragment) => fragment.causes ?? []),
    warnings: fragments.flatMap((fragment) => fragment.warnings ?? []),
    passed: fragments.flatMap((fragment) => fragment.passed ?? []),
    ...(serialLog === undefined ? {} : { serialLog }),
    ...(lockedMiB === undefined ? {} : { lockedMiB }),
  };
}
