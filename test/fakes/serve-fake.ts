// Owns running the API over a pretended computer: `node test/fakes/serve-fake.ts --listen 127.0.0.1:0 --machines 1000`.
// Must not touch the real computer beyond a temporary folder.
import { parseArgs } from 'node:util';
import { resources } from '../../electron/api/resources.ts';
import { becomeComputer } from './become-computer.ts';
import { named, vm, withUserNetwork } from './builders.ts';
import { type ComputerName, computers } from './computers.ts';
import { startPretended } from './pretended-core.ts';

const computerNames = Object.keys(computers) as readonly ComputerName[];
const { values } = parseArgs({
  options: {
    listen: { type: 'string' },
    machines: { type: 'string', default: '0' },
    running: { type: 'string', default: '0' },
    /** Two memory nodes, four caches, huge pages; a graphics card to spare. */
    workstation: { type: 'boolean', default: false },
    /** One of computers.ts: its devices in the place of the workstation's. */
    computer: { type: 'string' },
  },
});
const [host = '127.0.0.1', port = '0'] = (values.listen ?? '').split(/:(?=\d+$)/);
const core = await startPretended({
  ...(values.listen === undefined ? {} : { tcp: { host, port: Number(port) } }),
  async prepare(pretended, folder) {
    const name = computerNames.find((one) => one === (values.computer ?? (values.workstation ? 'workstation' : undefined)));
    if (name !== undefined) await becomeComputer(pretended, folder, name);
  },
});
for (let index = 0; index < Number(values.machines); index++) {
  const name = `vm-${String(index + 1).padStart(4, '0')}`;
  await core.engine.create(resources.virtualMachines, 'default', vm(named(name), withUserNetwork()));
  if (index < Number(values.running)) {
    await core.engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name });
  }
}
console.log(JSON.stringify({ socket: core.socket, url: core.url() }));
process.once('SIGTERM', () => void core.stop());
process.once('SIGINT', () => void core.stop());
