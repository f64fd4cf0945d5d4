// Owns a core with its API and window over a pretended computer, whose world a test may change while it runs.
// Must not touch the real computer beyond a temporary folder.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { Schemas } from '../../electron/api/schema.ts';
import { noNetworks } from '../../electron/core/network/network-facts.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen } from '../../electron/server/http.ts';
import { createRouter } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { countingIds } from './counting-ids.ts';
import { type FakeHost, fakeHost } from './fake-host.ts';
import { realClock } from './real-clock.ts';

export interface PretendedCore {
  readonly engine: Engine;
  readonly host: FakeHost;
  readonly socket: string | undefined;
  /** Of the window; each call issues a one-time code. Undefined when no address was given to listen at. */
  url(): string | undefined;
  stop(): Promise<void>;
}

export interface PretendedOptions {
  /** Where a browser reaches it; a socket alone when absent. */
  readonly tcp?: { readonly host: string; readonly port: number };
  /** Changes the computer before the core looks at it; `folder` goes with the core. */
  readonly prepare?: (host: FakeHost, folder: string) => void | Promise<void>;
  /** Machines that are there when it starts. */
  readonly machines?: readonly DraftObject[];
}

const root = new URL('../..', import.meta.url).pathname;

/** A bridge with a card of the computer, and one of ours that keeps VLANs apart. */
const twoBridges = {
  ...noNetworks,
  privilege: 'pkexec',
  bridges: [
    { name: 'br0', vlanFiltering: 'off', defaultVlan: 1, up: true, ownedByVirtdeck: false, ports: ['enp3s0'] },
    { name: 'lab', vlanFiltering: 'on', defaultVlan: 1, up: true, ownedByVirtdeck: true, ports: [] },
  ],
} as const;

export async function startPretended({ tcp, prepare, machines = [] }: PretendedOptions): Promise<PretendedCore> {
  const folder = await mkdtemp(join(tmpdir(), 'virtdeck-fake-'));
  const clock = realClock();
  const schemas = JSON.parse(await readFile(join(root, 'resources/generated/schemas.json'), 'utf8')) as Schemas;
  const log = {
    info: () => undefined,
    warn: (message: string) => console.error(message),
    error: (message: string, fields?: object) => console.error(message, fields),
  };
  const store = openStore({ path: join(folder, 'data.db') });
  const host = fakeHost({ clock });
  host.world.network = twoBridges;
  await prepare?.(host, folder);
  const engine = createEngine({ store, host, clock, ids: countingIds(), log });
  if (machines.length > 0)
    await engine.create(resources.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } });
  for (const machine of machines) await engine.create(resources.virtualMachines, 'default', machine);
  await engine.start();
  const auth = createAuth();
  const origin: { now: string | undefined } = { now: undefined };
  const url = (): string | undefined => (origin.now === undefined ? undefined : `${origin.now}/?code=${auth.issueCode()}`);
  const router = createRouter({ engine, schemas, clock, log, version: '0.0.0-fake', listeners: async () => ({ url: url() ?? '' }) });
  const listening = await listen({
    router,
    log,
    unixSocket: join(folder, 'api.sock'),
    ...(tcp === undefined ? {} : { tcp: { ...tcp, auth, assets: pageAssets(join(root, 'dist/renderer')) } }),
  });
  origin.now = listening.origin;
  return {
    engine,
    host,
    socket: listening.socket,
    url,
    async stop() {
      await listening.close();
      await engine.close();
      store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
