// Owns the shape of a LaunchPlan: everything that starting one machine will do, as frozen plain data.
// Must not do any of it; engine/steps.ts does, through host.
import type { Cause } from '../../api/errors.ts';
import type { PciAddress } from '../../api/host-devices.ts';
import type { JsonObject } from '../../api/object.ts';
import type { VirtualFunctionSettings } from '../../api/privileged.ts';
import type { LimitPlan } from '../limits/limit-plan.ts';
import type { GivenDevice } from '../devices/assignment.ts';
import type { Binding } from '../placement/place-machine.ts';

/** One QEMU option. Objects are written as JSON, strings as they are. */
export interface Argument {
  readonly flag: `-${string}`;
  readonly value?: string | JsonObject;
  /** Field of the VirtualMachineInstance it came from; undefined when it is a decision of ours. */
  readonly field?: string;
  /** Why it is there, for the Command tab. */
  readonly reason?: string;
}

/** A file to be there before QEMU starts. All are made 0600, folders 0700. */
export type PlannedFile =
  | { readonly type: 'folder'; readonly path: string }
  /** Gone with the run directory. */
  | { readonly type: 'secret'; readonly path: string; readonly text: string }
  /** Made once as a qcow2 copy, and then kept: NVRAM. */
  | { readonly type: 'convertOnce'; readonly from: string; readonly fromFormat: 'qcow2' | 'raw'; readonly to: string }
  /** A file, or a folder with what is in it, made anew each start. */
  | { readonly type: 'copy'; readonly from: string; readonly to: string }
  | {
      readonly type: 'emptyDisk';
      readonly path: string;
      readonly format: 'qcow2' | 'raw';
      readonly sizeBytes: number;
      readonly keep: boolean;
    }
  /** Unpacked, not installed, and then kept: `to` is the folder in it that is served. */
  | { readonly type: 'debianPackage'; readonly package: string; readonly to: string }
  /** ISO 9660 with Joliet, made anew each start. Names of entries may have folders: `openstack/latest/user_data`. */
  | { readonly type: 'iso'; readonly path: string; readonly label: string; readonly entries: Readonly<Record<string, IsoEntry>> };

/** A program that serves a device of the machine: started before QEMU, watched, ended with it. swtpm is one. */
export interface Sidecar {
  /** Lower case, once in a plan: names its log and its scope. */
  readonly name: string;
  /** Absolute. */
  readonly program: string;
  /** Its arguments hold the path of its socket: that is how it is found again when nobody wrote down its pid. */
  readonly args: readonly string[];
  /** In the run directory. The program is ready when the socket is there. */
  readonly socket: string;
  /** What it prints. */
  readonly log: string;
  /** Given on file descriptor 3, which is closed then: a secret is neither in argv, nor in the environment, nor on a disk. */
  readonly secret?: string;
  /** What the machine has by it, for the user: `The TPM`. */
  readonly serves: string;
  readonly field: string;
}

/** Text, or bytes that came as base64 and need not be text: cloud-init takes gzip. */
export type IsoEntry = string | { readonly base64: string };

/** A network interface that has to be there before QEMU opens it, and that goes with the run. */
export interface TapConnection {
  readonly tap: string;
  readonly bridge: string;
  readonly vlan?: number;
  /** Frames from any other address are dropped. */
  readonly onlyMac?: string;
}

/** A virtual function that its card is told about before QEMU opens it; as it was before when the run is over. */
export interface FunctionConnection {
  readonly address: PciAddress;
  readonly settings: VirtualFunctionSettings;
}

export interface QmpCommand {
  readonly execute: string;
  readonly arguments?: JsonObject;
}

export interface LaunchPlan {
  readonly vmi: { readonly namespace: string; readonly name: string; readonly uid: string };
  /** `-uuid`: the identity asked for again at adoption. Equals firmware.uuid. */
  readonly uuid: string;
  readonly binary: string;
  readonly accelerator: 'kvm' | 'tcg';
  readonly args: readonly Argument[];
  /** Added to QEMU's environment: `TZ` is how `-rtc base=localtime` learns of another time zone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly runDir: string;
  readonly stateDir: string;
  readonly sockets: { readonly qmp: string; readonly serial?: string; readonly vnc?: string; readonly agent?: string };
  readonly pidFile: string;
  readonly serialLog?: string;
  /** QEMU's stderr. */
  readonly qemuLog: string;
  readonly files: readonly PlannedFile[];
  readonly sidecars: readonly Sidecar[];
  /** Image files that this machine writes to: locked against two owners. */
  readonly locks: readonly string[];
  readonly taps: readonly TapConnection[];
  /** Absent without any. */
  readonly functions?: readonly FunctionConnection[];
  /** What of this computer it has, to be written down before it starts. Absent without any. */
  readonly hostDevices?: readonly GivenDevice[];
  /** MiB that QEMU has to be allowed to lock. */
  readonly lockedMiB?: number;
  /** Addresses that the certificate of VNC must name; absent when VNC has none. */
  readonly tlsHosts?: readonly string[];
  /** Sent one after the other while the machine is still paused. */
  readonly beforeCont: readonly QmpCommand[];
  /** Where its threads and its memory are. Threads are pinned before the first instruction of the guest. */
  readonly binding: Binding;
  /** What the images call the memory that the guest goes on with, before its processors run. */
  readonly savedState?: string;
  /** What its processes may take together, as far as something here can hold them to it. */
  readonly limits: LimitPlan;
  readonly startPaused: boolean;
  readonly memoryMiB: number;
  readonly vcpus: number;
}

/** `plan` is absent only when causes make it impossible to write one. */
export interface LaunchDecision {
  readonly plan?: LaunchPlan;
  /** kube-scheduler's sentence, when no node would do. */
  readonly unschedulable?: string;
  readonly causes: readonly Cause[];
  readonly warnings: readonly Cause[];
  readonly passed: readonly string[];
}

/** The argv that the plan means, program first. */
export function argvOf(plan: Pick<LaunchPlan, 'binary' | 'args'>): string[] {
  return [plan.binary, ...plan.args.flatMap(({ flag, value }) => (value === undefined ? [flag] : [flag, valueText(value)]))];
}

export function valueText(value: string | JsonObject): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
