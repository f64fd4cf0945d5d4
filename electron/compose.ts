// Owns putting the rooms together: the only file that sees every one of them.
// Must not decide anything; it hands each room what it needs and closes what it opened, in reverse.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from './api/errors.ts';
import type { Schemas } from './api/schema.ts';
import { type ReadyMadeTable, readyMade } from './core/instancetype/ready-made.ts';
import { createEngine } from './engine/engine.ts';
import type { Engine } from './engine/engine-port.ts';
import type { Log } from './engine/ports.ts';
import { createDisks } from './host/disks/disks.ts';
import { createImageCache } from './host/images/registry/image-cache.ts';
import { createHost } from './host/host.ts';
import { createJsonLog } from './host/json-log.ts';
import { randomIds } from './host/random-ids.ts';
import { systemClock } from './host/system-clock.ts';
import { type ApiAddress, createApiDoor, type OpenedApiDoor } from './server/api-door.ts';
import { pageAssets, type PageAssets } from './server/assets.ts';
import { type Auth, createAuth } from './server/auth.ts';
import { createRouter, type Router, type RouterOptions } from './server/router.ts';
import { acquireDataLock } from './store/data-lock.ts';
import { openStore } from './store/store.ts';

export interface ComposeOptions {
  /** Objects, disks and logs. Made 0700 when it is not there. */
  readonly dataDir: string;
  /** Sockets of running machines; short, because a unix socket's path has 107 bytes at most. */
  readonly runDir: string;
  /** Who holds the data, in the words the next one reads: `virtdeck serve`, `the Virtdeck window`. */
  readonly holder: string;
  readonly socket?: string;
  /** Opens a loopback listener when somebody on the unix socket asks for one. */
  readonly listeners?: RouterOptions['listeners'];
  /** Where HTTPS listens when it does. Absent: on the loopback. */
  readonly api?: ApiAddress | undefined;
}

export interface Composition {
  readonly router: Router;
  readonly engine: Engine;
  readonly log: Log;
  /** Who may come in over TCP, and the page that is served there. */
  readonly auth: Auth;
  readonly assets: PageAssets;
  readonly apiDoor: OpenedApiDoor;
  /** Lets go of everything; machines run on. */
  close(): Promise<void>;
}

/** Throws DataLocked (another core has the folder), SchemaNewer, or what the file system says. */
export async function compose(options: ComposeOptions): Promise<Composition> {
  const { dataDir, runDir } = options;
  for (const folder of [dataDir, runDir]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = systemClock;
  const lock = acquireDataLock(dataDir, {
    name: options.holder,
    pid: process.pid,
    startedAt: new Date(clock.now()).toISOString(),
    ...(options.socket === undefined ? {} : { socket: options.socket }),
  });
  const opened: (() => Promise<void> | void)[] = [() => lock.release()];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.toReversed()) await close();
  };
  try {
    const log = createJsonLog({ dataDir, clock });
    const store = openStore({ path: join(dataDir, 'virtdeck.db') });
    opened.push(() => store.close());
    const images = await createImageCache(dataDir);
    const disks = await createDisks({ dataDir, log, images });
    const version = productVersion();
    const host = await createHost({ dataDir, runDir, version, clock, log, disks, images });
    opened.push(() => host.close());
    const schemas = loadSchemas();
    const engine = createEngine({
      store,
      host,
      clock,
      ids: randomIds,
      log,
      readyMade: () => readyMade(loadReadyMade()),
      schemas: () => schemas,
    });
    opened.push(() => engine.close());
    const auth = createAuth(() => clock.now());
    const assets = pageAssets(new URL('../dist/renderer', import.meta.url).pathname);
    const router: Router = createRouter({
      engine,
      schemas,
      clock,
      log,
      version,
      ...(options.listeners === undefined ? {} : { listeners: options.listeners }),
      apiDoor: {
        state: () => apiDoor.state(),
        open: () => apiDoor.open(),
        issueToken: (role) => apiDoor.issueToken(role),
      },
    });
    const apiDoor = createApiDoor({ engine, router, log, auth, assets, address: options.api });
    opened.push(() => apiDoor.close());
    await engine.start();
    await apiDoor.follow();
    return { router, engine, log, auth, assets, apiDoor, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

function loadSchemas(): Schemas {
  const file = new URL('../resources/generated/schemas.json', import.meta.url);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Schemas;
  } catch (cause) {
    throw new AppError('Internal', 'The schemas of the API are missing: run "npm run setup" once.', { cause });
  }
}

function loadReadyMade(): ReadyMadeTable {
  return JSON.parse(readFileSync(new URL('../resources/instancetypes.json', import.meta.url), 'utf8')) as ReadyMadeTable;
}

export function productVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return manifest.version;
}
