// Owns a core for server tests: real store, pretended computer, a clock that stands still.
// Must not hold expectations.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Schemas } from '../../electron/api/schema.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { createRouter, type Router, type RouterOptions } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { countingIds } from '../fakes/counting-ids.ts';
import { type FakeHost, fakeHost } from '../fakes/fake-host.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { type RecordingLog, recordingLog } from '../fakes/recording-log.ts';

export const schemas = JSON.parse(readFileSync(new URL('../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;

export interface Core {
  readonly engine: Engine;
  readonly router: Router;
  readonly clock: ManualClock;
  readonly log: RecordingLog;
  /** Whose machines, disks and guests a test reaches into. */
  readonly host: FakeHost;
  /** How many listen to the engine's changes. */
  subscriptions(): number;
  close(): Promise<void>;
}

export interface CoreOptions {
  /** Replaces calls of the engine. */
  readonly override?: (engine: Engine) => Partial<Engine>;
  readonly listeners?: RouterOptions['listeners'];
}

export async function startCore({ override, listeners }: CoreOptions = {}): Promise<Core> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-core-'));
  const clock = manualClock();
  const log = recordingLog();
  const store = openStore({ path: join(folder, 'data.db') });
  const host = fakeHost({ clock });
  const real = createEngine({ store, host, clock, ids: countingIds(), log });
  let subscriptions = 0;
  const counted: Engine = {
    ...real,
    subscribe(listener) {
      subscriptions += 1;
      const stop = real.subscribe(listener);
      return () => {
        subscriptions -= 1;
        stop();
      };
    },
  };
  const engine = { ...counted, ...override?.(counted) };
  await engine.start();
  const router = createRouter({ engine, schemas, clock, log, version: '1.2.3', ...(listeners === undefined ? {} : { listeners }) });
  return {
    engine,
    router,
    clock,
    log,
    host,
    subscriptions: () => subscriptions,
    async close() {
      await real.close();
      store.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Lines of a stream of JSON lines, one by one. */
export async function* jsonLines(response: Response): AsyncGenerator<Record<string, unknown>> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Record<string, unknown>;
  }
  if (rest !== '') throw new Error(`the stream ended within a line: ${rest}`);
}
