// Owns a core that real clients reach over HTTPS: real engine, store, certificates and router, a pretended computer, kubeconfigs to find it by.
// Must not know any client.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostFacts } from '../../electron/core/facts.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import type { ClusterPort } from '../../electron/engine/ports.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { createCertificates } from '../../electron/host/certificates/certificates.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { places } from '../../electron/places.ts';
import { createApiDoor, type OpenedApiDoor } from '../../electron/server/api-door.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen } from '../../electron/server/http.ts';
import { createRouter, type Router } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { countingIds } from '../fakes/counting-ids.ts';
import { type DeviceTree, writeDeviceTree } from '../fakes/device-tree.ts';
import { fakeHost } from '../fakes/fake-host.ts';
import { realClock } from '../fakes/real-clock.ts';
import { recordingLog, type RecordingLog } from '../fakes/recording-log.ts';
import type { Places } from '../server/cli-process.ts';
import { schemas } from '../server/core-fixture.ts';
import { embeddedKubeconfig, printedKubeconfig } from './kubeconfigs.ts';

export interface ServingCore {
  /** Paths of kubeconfigs with one context each, as a client finds them in KUBECONFIG. */
  readonly kubeconfigs: {
    /** As `virtdeck kubeconfig` prints it: each call of a client asks for a certificate of its own. */
    readonly printed: string;
    /** With a certificate in it, good for an hour: clients that are called hundreds of times need not ask each time. */
    readonly admin: string;
    readonly view: string;
  };
  readonly origin: string;
  /** Gone at the end; for manifests and caches of the clients. */
  readonly folder: string;
  /** Where the command line finds the core. */
  readonly where: Places;
  readonly engine: Engine;
  readonly router: Router;
  readonly log: RecordingLog;
  close(): Promise<void>;
}

export interface ServingOptions {
  /** How many changes the feed keeps; older watches are expired. */
  readonly feedLength?: number;
  /** Lines to clusters; absent: there is no kubeconfig. */
  readonly clusters?: ClusterPort;
  /** Devices of the pretended computer. */
  readonly devices?: DeviceTree;
  /** What else the pretended computer is. */
  readonly computer?: Partial<HostFacts>;
}

export async function serveCore({ feedLength, clusters, devices, computer }: ServingOptions = {}): Promise<ServingCore> {
  const folder = await mkdtemp(join(tmpdir(), 'vd-clients-'));
  const where = { data: join(folder, 'data'), run: join(folder, 'run') };
  for (const path of Object.values(where)) await mkdir(path, { mode: 0o700 });
  const clock = realClock();
  const log = recordingLog();
  const store = openStore({ path: join(where.data, 'data.db'), ...(feedLength === undefined ? {} : { feedLength }) });
  const host = fakeHost({ clock, certificates: createCertificates(where.data), ...(clusters === undefined ? {} : { clusters }) });
  if (computer !== undefined) host.computer.become(computer);
  if (devices !== undefined) {
    writeDeviceTree(join(folder, 'devices'), devices);
    host.world.hostDevices = await createHostDevices(join(folder, 'devices')).facts();
  }
  const engine = createEngine({ store, host, clock, ids: countingIds(), log });
  const auth = createAuth();
  const apiDoor: { state: OpenedApiDoor['state']; open: OpenedApiDoor['open']; issueToken: OpenedApiDoor['issueToken'] } = {
    state: () => door.state(),
    open: () => door.open(),
    issueToken: (role) => door.issueToken(role),
  };
  const router = createRouter({ engine, schemas, clock, log, version: '1.2.3', apiDoor });
  const door = createApiDoor({ engine, router, log, auth, assets: pageAssets('/nonexistent') });
  await engine.start();
  const listening = await listen({ router, log, unixSocket: places(where).socket });
  const { server: origin = '' } = await door.open();
  return {
    kubeconfigs: {
      printed: await printedKubeconfig(where, folder),
      admin: await embeddedKubeconfig(where, folder),
      view: await embeddedKubeconfig(where, folder, 'view'),
    },
    origin,
    folder,
    where,
    engine,
    router,
    log,
    async close() {
      await door.close();
      await listening.close();
      await engine.close();
      store.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
