// Owns a core in the process of the test, on this computer's real QEMU: for what only a test may pretend, such as that memory is short.
// Must not hold expectations.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Schemas } from '../../electron/api/schema.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import type { Host } from '../../electron/engine/ports.ts';
import { createDisks } from '../../electron/host/disks/disks.ts';
import { createHost } from '../../electron/host/host.ts';
import { createImageCache } from '../../electron/host/images/registry/image-cache.ts';
import { randomIds } from '../../electron/host/random-ids.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { listen } from '../../electron/server/http.ts';
import { createRouter } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { giveAnswers } from '../bench/kept-answers.ts';
import { type RecordingLog, recordingLog } from '../fakes/recording-log.ts';

export interface CoreInProcess {
  readonly engine: Engine;
  readonly host: Host;
  readonly log: RecordingLog;
  readonly folder: string;
  /** Its API, for consoles. */
  readonly socket: string;
  /** Removes everything; machines must have ended. */
  close(): Promise<void>;
}

const schemasFile = new URL('../../resources/generated/schemas.json', import.meta.url);

/** `pretend` replaces parts of the computer. */
export async function coreInProcess(pretend: (host: Host) => Host): Promise<CoreInProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-core-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  giveAnswers(dataDir);
  const log = recordingLog();
  const clock = systemClock;
  const images = await createImageCache(dataDir);
  const disks = await createDisks({ dataDir, log, images });
  const real = await createHost({ dataDir, runDir: join(folder, 'run'), version: '0.0.0-test', clock, log, disks, images });
  const host = pretend(real);
  const store = openStore({ path: join(dataDir, 'virtdeck.db') });
  const engine = createEngine({ store, host, clock, ids: randomIds, log });
  await engine.start();
  const schemas = JSON.parse(readFileSync(schemasFile, 'utf8')) as Schemas;
  const router = createRouter({ engine, schemas, clock, log, version: '0.0.0-test' });
  const socket = join(folder, 'api.sock');
  const listening = await listen({ router, log, unixSocket: socket });
  return {
    engine,
    host,
    log,
    folder,
    socket,
    async close() {
      await listening.close();
      await engine.close();
      store.close();
      await real.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
