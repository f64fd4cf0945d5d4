// Owns the proof of what the engine tells of this computer: the map as it is, as it would be, and the load of its processors.
// Must not repeat the map itself; core's tests have it.
import { expect, test } from 'vitest';
import type { CpuLoadLine } from '../../electron/api/node-map.ts';
import { resources } from '../../electron/api/resources.ts';
import { named, vm, withDomain, withMemory, withRunStrategy } from '../fakes/builders.ts';
import { startCore } from './harness.ts';

test('a machine with cores of its own is on the map while it runs', async () => {
  const core = await startCore();
  await core.settle();
  const key = { resource: resources.nodes, name: 'workshop' };
  const node = core.engine.get(key);
  await core.engine.update(key, { ...node, metadata: { ...node.metadata, labels: { ...node.metadata.labels, cpumanager: 'true' } } });
  const own = withDomain((domain) => ({ ...domain, cpu: { cores: 2, sockets: 1, threads: 1, dedicatedCpuPlacement: true } }));
  await core.made(vm(named('game'), withRunStrategy('Always'), withMemory('1Gi'), own));
  const map = await core.engine.nodeMap();
  const owned = map.nodes.flatMap(({ processors }) => processors.filter(({ owner }) => owner.type === 'machine'));
  expect(owned.map(({ id, owner }) => [id, owner])).toEqual([
    [2, { type: 'machine', namespace: 'default', name: 'game', part: 'vcpu', vcpu: 0 }],
    [3, { type: 'machine', namespace: 'default', name: 'game', part: 'vcpu', vcpu: 1 }],
  ]);
  expect(map.nodes[0]?.machines[0]?.requests['cpu']).toBe('2');
});

test('other settings are shown and not kept; what is no setting is refused', async () => {
  const core = await startCore();
  await core.settle();
  const would = await core.engine.nodeMap({
    by: 'custom',
    domains: [
      { name: 'a', cpus: '0-3' },
      { name: 'b', cpus: '4-7' },
    ],
  });
  expect(would.nodes.map(({ name }) => name)).toEqual(['workshop-a', 'workshop-b']);
  expect((await core.engine.nodeMap()).nodes.map(({ name }) => name)).toEqual(['workshop']);
  await expect(core.engine.nodeMap({ by: 'moon' })).rejects.toThrow(/placement\.by/);
});

test('the load is told a second apart, to whoever looks, and nobody is asked after the last has left', async () => {
  const core = await startCore();
  const lines: CpuLoadLine[] = [];
  const stop = core.engine.watchCpuLoad((line) => lines.push(line));
  for (let second = 0; second < 3; second += 1) await core.clock.advance(1_000);
  expect(lines[0]?.busy).toMatchObject({ '0': 0, '1': 10, '7': 70 });
  stop();
  const told = lines.length;
  await core.clock.advance(5_000);
  expect(lines).toHaveLength(told);
});
