// Owns running the API over a pretended computer: `node test/fakes/serve-fake.ts --listen 127.0.0.1:0 --machines 1000`.
// Must not touch the real computer beyond a temporary folder.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { resources } from '../../electron/api/resources.ts';
import { createHostDevices } from '../../electron/host/devices/host-devices.ts';
import { named, vm, withUserNetwork } from './builders.ts';
import { writeDeviceTree } from './device-tree.ts';
import { plainPreparation } from './fake-preparation.ts';
import { workstation } from './fake-topologies.ts';
import { startPretended } from './pretended-core.ts';
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
const [host = '127.0.0.1', port = '0'] = (values.listen ?? '').split(/:(?=\d+$)/);
const core = await startPretended({
  ...(values.listen === undefined ? {} : { tcp: { host, port: Number(port) } }),
  async prepare({ computer, world }, folder) {
    if (!values.workstation) return;
    computer.become({ topology: workstation });
    writeDeviceTree(join(folder, 'root'), deviceTree);
    world.hostDevices = await createHostDevices(join(folder, 'root')).facts();
    // Somebody typed the word at the boot menu: it is in no file yet.
    world.preparation = { ...plainPreparation, cmdline: `${plainPreparation.cmdline} intel_iommu=on`, iommuInUse: true };
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
