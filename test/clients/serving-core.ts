// Owns a core that real clients reach over TCP: real engine, store and router, a pretended computer, a kubeconfig to find it by.
// Must not know any client.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { listen } from '../../electron/server/http.ts';
import { createRouter } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { countingIds } from '../fakes/counting-ids.ts';
import { fakeHost } from '../fakes/fake-host.ts';
import { realClock } from '../fakes/real-clock.ts';
import { recordingLog, type RecordingLog } from '../fakes/recording-log.ts';
import { schemas } from '../server/core-fixture.ts';

export interface ServingCore {
  /** Path of a kubeconfig with one context, as a client finds it in KUBECONFIG. */
  readonly kubeconfig: string;
  readonly origin: string;
  /** Gone at the end; for manifests and caches of the clients. */
  readonly folder: string;
  readonly engine: Engine;
  readonly log: RecordingLog;
  close(): Promise<void>;
}

export interface ServingOptions {
  /** How many changes the feed keeps; older watches are expired. */
  readonly feedLength?: number;
}

export async function serveCore({ feedLength }: ServingOptions = {}): Promise<ServingCore> {
  const folder = await mkdtemp(join(tmpdir(), 'vd-clients-'));
  const clock = realClock();
  const log = recordingLog();
  const store = openStore({ path: join(folder, 'data.db'), ...(feedLength === undefined ? {} : { feedLength }) });
  const engine = createEngine({ store, host: fakeHost({ clock }), clock, ids: countingIds(), log });
  await engine.start();
  const router = createRouter({ engine, schemas, clock, log, version: '1.2.3' });
  const unixSocket = join(folder, 'api.sock');
  const listening = await listen({ router, log, unixSocket });
  const door = await loopbackTo(unixSocket);
  const origin = door.origin;
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, JSON.stringify(kubeconfigOf(origin)), { mode: 0o600 });
  return {
    kubeconfig,
    origin,
    folder,
    engine,
    log,
    async close() {
      door.close();
      await listening.close();
      await engine.close();
      store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'virtdeck', cluster: { server } }],
    users: [{ name: 'virtdeck', user: {} }],
    contexts: [{ name: 'virtdeck', context: { cluster: 'virtdeck', user: 'virtdeck', namespace: 'default' } }],
    'current-context': 'virtdeck',
  };
}

/** kubectl speaks no unix sockets. */
async function loopbackTo(path: string): Promise<{ readonly origin: string; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(path);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => open.delete(one));
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
