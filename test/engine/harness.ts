// Owns an engine over a real store, a pretended computer and a clock that stands still.
// Must not reach into the engine: tests see what a client sees.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { DataVolume } from '../../electron/api/kinds/data-volume.ts';
import type { Event } from '../../electron/api/kinds/event.ts';
import type { PersistentVolumeClaim } from '../../electron/api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { kindNamed } from '../../electron/api/kinds/registry.ts';
import { resourceId } from '../../electron/api/kinds/kind.ts';
import type { DraftObject, KubeObject, ObjectKey, ResourceId } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { MachineVerb, MachineVerbOptions } from '../../electron/api/verbs.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { Ids, Store } from '../../electron/engine/ports.ts';
import { openStore } from '../../electron/store/store.ts';
import { vm, withRunStrategy } from '../fakes/builders.ts';
import { countingIds } from '../fakes/counting-ids.ts';
import { type FakeHost, fakeHost } from '../fakes/fake-host.ts';
import type { FakeGuest } from '../fakes/fake-world.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { type RecordingLog, recordingLog } from '../fakes/recording-log.ts';

export interface TestCore {
  readonly engine: Engine;
  readonly host: FakeHost;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly log: RecordingLog;
  /** Lets everything that is due happen. */
  settle(): Promise<void>;
  create(draft: DraftObject): Promise<KubeObject>;
  /** Creates and settles. */
  made(...drafts: readonly DraftObject[]): Promise<void>;
  act(verb: MachineVerb, name?: string, options?: MachineVerbOptions): Promise<void>;
  delete(resource: ResourceId, name: string, options?: Parameters<Engine['delete']>[1]): Promise<void>;
  vm(name?: string): VirtualMachine | undefined;
  vmi(name?: string): VirtualMachineInstance | undefined;
  dataVolume(name: string): DataVolume | undefined;
  claim(name: string): PersistentVolumeClaim | undefined;
  /** `reason: message`, oldest first. */
  events(name?: string): readonly string[];
  guest(name?: string): FakeGuest;
  /** kill -9 of the core, what happens meanwhile, and a new core on what it left. */
  reborn(meanwhile?: () => void | Promise<void>): Promise<TestCore>;
  /** The same without starting the new one. */
  stillborn(host: FakeHost): Promise<TestCore>;
}

interface CoreOptions {
  readonly host?: FakeHost;
  readonly clock?: ManualClock;
  readonly path?: string;
  readonly ids?: Ids;
  /** The new core does not start by itself. */
  readonly idle?: boolean;
  readonly readyMade?: () => readonly DraftObject[];
}

export async function startCore(options: CoreOptions = {}): Promise<TestCore> {
  const clock = options.clock ?? manualClock();
  const host = options.host ?? fakeHost({ clock });
  const path = options.path ?? temporaryPath();
  const ids = options.ids ?? countingIds();
  const log = recordingLog();
  const store = openStore({ path });
  onTestFinished(() => store.close());
  const engine = createEngine({
    store,
    host,
    clock,
    ids,
    log,
    ...(options.readyMade === undefined ? {} : { readyMade: options.readyMade }),
  });
  const read = (resource: ResourceId, name: string): KubeObject | undefined => store.get({ resource, namespace: 'default', name });
  const core: TestCore = {
    engine,
    host,
    clock,
    store,
    log,
    settle: () => clock.settle(),
    create(draft) {
      const kind = kindNamed(draft.apiVersion, draft.kind);
      if (kind === undefined) throw new Error(`no kind ${draft.kind}`);
      return engine.create(resourceId(kind), kind.namespaced ? (draft.metadata.namespace ?? 'default') : undefined, draft);
    },
    async made(...drafts) {
      for (const draft of drafts) await core.create(draft);
      await clock.settle();
    },
    async act(verb, name = 'web', options_ = {}) {
      await engine.act(verb, machineKey(name), options_);
      await clock.settle();
    },
    async delete(resource, name, options_) {
      await engine.delete({ resource, namespace: 'default', name }, options_);
      await clock.settle();
    },
    vm: (name = 'web') => read(resources.virtualMachines, name) as VirtualMachine | undefined,
    vmi: (name = 'web') => read(resources.virtualMachineInstances, name) as VirtualMachineInstance | undefined,
    dataVolume: (name) => read(resources.dataVolumes, name) as DataVolume | undefined,
    claim: (name) => read(resources.persistentVolumeClaims, name) as PersistentVolumeClaim | undefined,
    events: (name = 'web') =>
      (store.list(resources.events, 'default') as readonly Event[])
        .filter(({ involvedObject }) => involvedObject.name === name)
        .toSorted(
          (a, b) => Number(a.metadata.uid.slice(-12)) - Number(b.metadata.uid.slice(-12)) || a.metadata.uid.localeCompare(b.metadata.uid),
        )
        .map(({ reason, message }) => `${reason}: ${message}`),
    guest(name = 'web') {
      const guest = host.world.guest(name);
      if (guest === undefined) throw new Error(`no guest ${name}`);
      return guest;
    },
    async reborn(meanwhile) {
      const next = host.crash();
      // The dead write nothing.
      store.close();
      await meanwhile?.();
      return startCore({ host: next, clock, path, ids });
    },
    async stillborn(next) {
      store.close();
      return startCore({ host: next, clock, path, ids, idle: true });
    },
  };
  // Runs before the closing of the store: the last registered is the first run.
  onTestFinished(async () => {
    if (!host.crashed) await engine.close();
  });
  if (options.idle !== true) {
    await engine.start();
    await clock.settle();
  }
  return core;
}

export function machineKey(name = 'web'): ObjectKey {
  return { resource: resources.virtualMachines, namespace: 'default', name };
}

export function temporaryPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'virtdeck-engine-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'virtdeck.db');
}

/** The condition of that type as `Status/Reason`, or undefined. */
export function condition(object: { readonly status?: unknown } | undefined, type: string): string | undefined {
  const status = object?.status as { readonly conditions?: readonly { type: string; status: string; reason?: string }[] } | undefined;
  const found = status?.conditions?.find((one) => one.type === type);
  return found === undefined ? undefined : found.reason === undefined ? found.status : `${found.status}/${found.reason}`;
}

/** `Code: message` of the AppError that the work rejects with. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'allowed';
  } catch (error) {
    if (error instanceof AppError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** What the list shows of `web`. */
export function printable(core: TestCore, name = 'web'): string | undefined {
  return core.vm(name)?.status?.printableStatus;
}

/** A core with the machine `web` running. */
export async function running(strategy: 'Always' | 'Manual' = 'Always'): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(withRunStrategy(strategy)));
  if (strategy === 'Manual') await core.act('start');
  return core;
}

/** Changes the definition of `web`. */
export async function update(core: TestCore, change: (draft: DraftObject) => DraftObject): Promise<void> {
  const stored = core.vm() as VirtualMachine;
  await core.engine.update(machineKey(), change({ ...stored }));
  await core.settle();
}
