// Owns what the parts of the engine share: the ports, and each other.
// Must not hold behaviour.
import type { DraftObject, ObjectKey } from '../api/object.ts';
import type { HostFacts } from '../core/facts.ts';
import type { StartLine } from '../core/reconcile/start-order.ts';
import type { Clusters } from './clusters/clusters.ts';
import type { Certificates } from './certificates.ts';
import type { EventRecorder } from './events.ts';
import type { Fills } from './fills.ts';
import type { InterruptedGroups } from './interrupted-groups.ts';
import type { Machines } from './machines.ts';
import type { MediatedDevices } from './mediated-devices.ts';
import type { Objects } from './objects.ts';
import type { Viewers } from './viewers.ts';
import type { Pulls } from './pulls.ts';
import type { Probes } from './probes.ts';
import type { Pinning } from './pinning.ts';
import type { Schemas } from '../api/schema.ts';
import type { TransferRuns } from './transfers/runs.ts';
import type { Clock, Host, Ids, Log, Store } from './ports.ts';

export interface EngineParts {
  readonly store: Store;
  readonly host: Host;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** Read when something that is no request of ours must be decoded. */
  readonly schemas?: () => Schemas;
  /** Instance types and preferences that come with the program; read once, at the start. */
  readonly readyMade?: () => readonly DraftObject[];
}

export interface EngineContext extends EngineParts {
  readonly objects: Objects;
  readonly events: EventRecorder;
  readonly certificates: Certificates;
  readonly clusters: Clusters;
  readonly transfers: TransferRuns;
  /** Such as https://127.0.0.1:8443: where others reach this computer; undefined while nobody is let in. */
  readonly door: { origin: string | undefined };
  readonly machines: Machines;
  readonly fills: Fills;
  readonly viewers: Viewers;
  readonly pulls: Pulls;
  readonly probes: Probes;
  /** Who comes up after whom. Undefined until everything that runs is adopted: nothing begins by itself before. */
  readonly starts: { line: StartLine | undefined };
  readonly pinning: Pinning;
  readonly mediated: MediatedDevices;
  readonly interrupted: InterruptedGroups;
  /** What this computer is, under the settings as they are now. Cached by the host. */
  readonly hostFacts: () => Promise<HostFacts>;
  /** What defaulting depends on is known when this resolves: for the first time it may take a moment. */
  readonly knowComputer: () => Promise<void>;
  /** Have a controller look at it soon. */
  readonly wake: (key: ObjectKey) => void;
  /** The same, then: milliseconds since 1970. */
  readonly wakeAt: (key: ObjectKey, at: number) => void;
}

/** Brings one object nearer to what is wanted. Looked at again whenever something changed; throws to be tried again later. */
export interface Controller {
  reconcile(key: ObjectKey): Promise<void>;
}
