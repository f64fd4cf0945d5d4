// Owns the proof that guests boot over the user network, without a bridge and without root: BIOS, UEFI, Secure Boot, an address.
// Must not reach into the core: whatever is seen here, any client sees.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { stopAndForget } from '../bench/machines.ts';
import { openConsole } from './console.ts';
import { netbootFolder } from './netboot-folder.ts';
import { removeMachines, startMachine } from './network-machine.ts';
import { tinyLinuxMarker } from './tiny-linux.ts';

const mac = 'de:00:00:00:00:de';
let core: CoreProcess;
let folder: string;
let web: Server;
let port = 0;
beforeAll(async () => {
  core = await startCore();
  folder = await netbootFolder({ commands: ['echo "CARD $(cat /sys/class/net/eth0/address)" > /dev/ttyS0'] });
  web = createServer((request, response) => {
    void readFile(path.join(folder, path.basename(request.url ?? ''))).then(
      (bytes) => response.end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const address = web.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterAll(async () => {
  web.close();
  await removeMachines(core);
  await core.end();
  core.remove();
});

test.each([
  { name: 'bios', firmware: 'bios', said: 'firmware=bios', from: 'folder' },
  { name: 'uefi', firmware: 'uefi', said: 'firmware=uefi secureboot=no', from: 'folder' },
  { name: 'secure', firmware: 'secureBoot', said: 'firmware=uefi secureboot=yes', from: 'folder' },
  { name: 'address', firmware: 'bios', said: 'firmware=bios', from: 'url' },
] as const)('$name boots from a $from', async ({ name, firmware, said, from }) => {
  await startMachine(core, {
    name,
    firmware,
    interfaces: [{ name: 'default', masquerade: {}, macAddress: 'DE-00-00-00-00-DE', bootOrder: 1 }],
    networks: [{ name: 'default', pod: {} }],
    networkBoot: from === 'folder' ? { folder } : { url: `http://10.0.2.1:${port}/boot.ipxe` },
  });
  const terminal = await openConsole(core.socket, name);
  await terminal.waitFor(new RegExp(`${tinyLinuxMarker} ${said}`), 280_000);
  const [, address] = await terminal.waitFor(/CARD (\S+)\s/, 60_000);
  expect(address).toBe(mac);
  terminal.close();
  await stopAndForget(core, name);
});
