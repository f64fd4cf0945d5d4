// Owns how this computer is parted into Nodes and who has which of its processors and memory, as it is asked for and shown.
// Must not decide any of it; core/placement does.
import type { Cause } from './errors.ts';

/** GET /apis/virtdeck.io/v1alpha1/nodemap; POST {placement} answers how it would be with these settings, and changes nothing. */
export interface NodeMap {
  readonly nodes: readonly MappedNode[];
  /** Processors that are in no Node: no machine runs there. */
  readonly outside: readonly MappedProcessor[];
  /** What of the settings cannot be done; then the Nodes are those of memory nodes. */
  readonly causes: readonly Cause[];
}

export interface MappedNode {
  readonly name: string;
  readonly processors: readonly MappedProcessor[];
  readonly memory: MappedMemory;
  readonly machines: readonly MappedMachine[];
}

export interface MappedProcessor {
  /** As Linux numbers it. */
  readonly id: number;
  readonly packageId: number;
  readonly dieId: number;
  /** -1: the computer does not say. */
  readonly numaNode: number;
  /** The first processor that shares its last level cache; absent when the computer does not say. */
  readonly cache?: number;
  /** The first thread of its core. */
  readonly core: number;
  readonly kind?: 'performance' | 'efficiency';
  /** Taken out of the scheduler's hands at boot. */
  readonly isolated: boolean;
  readonly owner: ProcessorOwner;
}

export type ProcessorOwner =
  /** Every machine of the Node that has none of its own. */
  | { readonly type: 'shared' }
  /** Shared, but never handed out as a core of one machine. */
  | { readonly type: 'computer' }
  /** Isolated at boot: only ever handed out as a core of one machine. */
  | { readonly type: 'isolated' }
  | {
      readonly type: 'machine';
      readonly namespace: string;
      readonly name: string;
      /** `spare`: another thread of one of its cores, left empty so that nobody is heard there. */
      readonly part: 'vcpu' | 'ioThread' | 'emulator' | 'spare';
      readonly vcpu?: number;
    };

export interface MappedMemory {
  /** Memory nodes of Linux that it comes from. */
  readonly numaNodes: readonly number[];
  readonly totalMiB: number;
  /** Free or to be had at once, now. */
  readonly availableMiB: number;
  /** Kept for this computer. */
  readonly reservedMiB: number;
  /** In pools of huge pages. */
  readonly pooledMiB: number;
  /** What machines were promised of the rest: their requests, with what runs them. */
  readonly promisedMiB: number;
  readonly hugePages: readonly { readonly pageSize: string; readonly total: number; readonly free: number; readonly promised: number }[];
}

export interface MappedMachine {
  readonly namespace: string;
  readonly name: string;
  /** What is set aside for it, guest and what runs it, as quantities. */
  readonly requests: Readonly<Record<string, string>>;
}

/** GET …/cpuload?watch=true: a line a second while somebody reads. */
export interface CpuLoadLine {
  readonly at: number;
  /** Percent of the time since the line before, by Linux' number. */
  readonly busy: Readonly<Record<string, number>>;
}
