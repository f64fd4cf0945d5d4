// Owns the proof of huge page pools over the API and the command line: told, changed, refused, and offered to a machine that lacks pages.
// Must not reserve pages of the computer that runs the test; test/guests and test/lab do that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import type { TopologyFact } from '../../electron/core/placement/topology.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { named, vm, withDomain } from '../fakes/builders.ts';
import { fakeTopology } from '../fakes/fake-computer.ts';
import { type Places, virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';

const mib = 1024 * 1024;
const topology: TopologyFact = {
  ...fakeTopology,
  numaNodes: fakeTopology.numaNodes.map((node) => ({ ...node, hugePages: [{ pageBytes: 2 * mib, total: 300, free: 300 }] })),
};
let core: Core;
let listening: Listening;
let places: Places;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-pages-'));
  core = await startCore();
  core.host.computer.become({ topology });
  core.host.world.keptPages = [{ sizeKiB: 2048, count: 300 }];
  listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  places = { data: folder, run: folder };
});
afterAll(async () => {
  await listening.close();
  await core.close();
  rmSync(places.run, { recursive: true });
});

test('a machine that lacks pages is told how many, and can have them now or at each start', async () => {
  const { engine, clock, host } = core;
  const large = withDomain((domain) => ({ ...domain, memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } } }));
  await engine.create(resources.virtualMachines, 'default', vm(named('large'), large));
  await clock.settle();
  const { stdout } = await virtdeck(places, ['why', 'large']);
  expect(stdout).toContain('has 300 pages of 2Mi left of 300 pages (0 pages are promised); the machine needs 512 pages, 212 pages more.');
  expect(stdout).toContain(
    '[1] Reserve 212 more huge pages of 2Mi on memory node 0 now\n      virtdeck hugepages reserve 2Mi --more=212 --node=0',
  );
  expect(stdout).toContain('[2] Reserve 212 more huge pages of 2Mi on memory node 0 at each start of this computer\n');
  await virtdeck(places, ['why', 'large', '--fix', '1', '--yes']);
  await virtdeck(places, ['why', 'large', '--fix', '2', '--yes']);
  expect(host.world.asked.splice(0)).toEqual([
    { verb: 'hugepages-set', sizeKiB: 2048, count: 512 },
    { verb: 'hugepages-keep', sizeKiB: 2048, count: 512 },
  ]);
});

test('virtdeck hugepages tells and reserves; what cannot be is refused before a password is asked for', async () => {
  expect(
    (await virtdeck(places, ['hugepages'])).stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
  ).toEqual([
    ['NODE', 'SIZE', 'TOTAL', 'FREE', 'AT BOOT'],
    ['0', '2Mi', '300', '300', '300'],
  ]);
  expect((await virtdeck(places, ['hugepages', 'reserve', '2Mi', '64'])).status).toBe(0);
  expect(core.host.world.asked.splice(0)).toEqual([{ verb: 'hugepages-set', sizeKiB: 2048, count: 64 }]);
  const many = await virtdeck(places, ['hugepages', 'reserve', '2Mi', '99999']);
  expect([many.status, many.stderr]).toEqual([1, expect.stringContaining('memory node 0 has 24576 MiB available.')]);
  expect((await virtdeck(places, ['hugepages', 'reserve', '2Mi'])).stderr).toContain('--more');
  expect(core.host.world.asked).toEqual([]);
});
