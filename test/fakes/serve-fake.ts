// Owns running the API over a pretended computer: `node test/fakes/serve-fake.ts --listen 127.0.0.1:0 --machines 1000`.
// Must not touch the real computer beyond a temporary folder.
import { noNetworks } from '../../electron/core/network/network-facts.ts';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resources } from '../../electron/api/resources.ts';
import type { Schemas } from '../../electron/api/schema.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen } from '../../electron/server/http.ts';
import { createRouter } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { named, vm, withUserNetwork } from './builders.ts';
import { countingIds } from './counting-ids.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { writeDeviceTree } from './device-tree.ts';
import { fakeHost } from './fake-host.ts';
import { workstation } from './fake-topologies.ts';
import { realClock } from './real-clock.ts';
import { workstation as deviceTree } from './workstation.ts';

const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    machines: { type: 'string', default: '0' },
    running: { type: 'string', default: '0' },
    /** Two memory nodes, four caches, huge pages; a graphics card to spare. */
    workstation: { type: 'boolean', default: false },
  },
});
const root = new URL('../..', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'virtdeck-fake-'));
const clock = realClock();
const schemas = JSON.parse(await readFile(join(root, 'resources/generated/schemas.json'), 'utf8')) as Schemas;
const log = {
  info: () => undefined,
  warn: (message: string) => console.error(message),
  error: (message: string, fields?: object) => console.error(message, fields),
};
const store = openStore({ path: join(folder, 'data.db') });
const pretended = fakeHost({ clock });
pretended.world.network = {
  ...noNetworks,
  privilege: 'pkexec',
  bridges: [
    { name: 'br0', vlanFiltering: 'off', defaultVlan: 1, up: true, ownedByVirtdeck: false, ports: ['enp3s0'] },
    { name: 'lab', vlanFiltering: 'on', defaultVlan: 1, up: true, ownedByVirtdeck: true, ports: [] },
  ],
};
if (values.workstation) {
  pretended.computer.become({ topology: workstation });
  writeDeviceTree(join(folder, 'root'), deviceTree);
  pretended.world.hostDevices = await createHostDevices(join(folder, 'root')).facts();
}
const engine = createEngine({ store, host: pretended, clock, ids: countingIds(), log });
await engine.start();
for (let index = 0; index < Number(values.machines); index++) {
  const name = `vm-${String(index + 1).padStart(4, '0')}`;
  await engine.create(resources.virtualMachines, 'default', vm(named(name), withUserNetwork()));
  if (index < Number(values.running)) {
    await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name });
  }
}

const auth = createAuth();
const origin: { now: string | undefined } = { now: undefined };
const router = createRouter({
  engine,
  schemas,
  clock,
  log,
  version: '0.0.0-fake',
  listeners: async () => ({ url: `${origin.now ?? ''}/?code=${auth.issueCode()}` }),
});
const [host = '127.0.0.1', port = '0'] = (values.listen ?? '').split(/:(?=\d+$)/);
const assets = pageAssets(join(root, 'dist/renderer'));
const listening = await listen({
  router,
  log,
  unixSocket: join(folder, 'api.sock'),
  ...(values.listen === undefined ? {} : { tcp: { host, port: Number(port), auth, assets } }),
});
origin.now = listening.origin;
const url = listening.origin === undefined ? undefined : `${listening.origin}/?code=${auth.issueCode()}`;
console.log(JSON.stringify({ socket: listening.socket, url }));

const stop = async (): Promise<void> => {
  await listening.close();
  await engine.close();
  store.close();
  await rm(folder, { recursive: true, force: true });
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
