// Owns the proof of the map of a computer: who has which processor, and what of the memory is promised.
// Must not repeat how domains are made; the tests of the host's trees have that.
import { expect, test } from 'vitest';
import { cpuListText } from '../../../electron/api/cpu-list.ts';
import { cpusOf, giveCores, sharedCpus } from '../../../electron/core/placement/cores.ts';
import { partitionOf } from '../../../electron/core/placement/domains.ts';
import { nodeMap } from '../../../electron/core/placement/node-map.ts';
import type { TopologyFact } from '../../../electron/core/placement/topology.ts';
import { fakeTopology } from '../../fakes/fake-computer.ts';

const mib = 1024 * 1024;
const twoNodes: TopologyFact = {
  cpus: fakeTopology.cpus.map((cpu) => ({ ...cpu, numaNode: cpu.id < 4 ? 0 : 1, sharesCache: cpu.id < 4 ? [0, 1, 2, 3] : [4, 5, 6, 7] })),
  numaNodes: [0, 1].map((id) => ({
    id,
    cpus: [0, 1, 2, 3].map((cpu) => cpu + id * 4),
    memoryMiB: 8192,
    availableMiB: 6000,
    distances: [10, 21],
    hugePages: [{ pageBytes: 2 * mib, total: 512, free: 300 }],
  })),
};

test('dedicated cores name their machine and thread; the rest is shared, or kept for the computer', () => {
  const map = nodeMap({
    topology: twoNodes,
    partition: partitionOf(twoNodes, 'desk'),
    machines: [
      {
        namespace: 'default',
        name: 'game',
        node: 'desk-numa1',
        requests: { cpu: 3000, memory: 200 * mib, 'hugepages-2Mi': 256 * mib },
        own: { vcpus: [4, 6], emulator: [], spare: [5, 7] },
      },
      { namespace: 'lab', name: 'web', node: 'desk-numa0', requests: { cpu: 100, memory: 612 * mib } },
    ],
  });
  expect(map.nodes.map(({ name }) => name)).toEqual(['desk-numa0', 'desk-numa1']);
  const owners = map.nodes.flatMap(({ processors }) => processors.map(({ id, owner }) => [id, owner]));
  const game = { type: 'machine', namespace: 'default', name: 'game' };
  expect(owners).toEqual([
    [0, { type: 'computer' }],
    [1, { type: 'computer' }],
    [2, { type: 'shared' }],
    [3, { type: 'shared' }],
    [4, { ...game, part: 'vcpu', vcpu: 0 }],
    [5, { ...game, part: 'spare' }],
    [6, { ...game, part: 'vcpu', vcpu: 1 }],
    [7, { ...game, part: 'spare' }],
  ]);
  expect(map.nodes[1]?.memory).toEqual({
    numaNodes: [1],
    totalMiB: 8192,
    availableMiB: 6000,
    reservedMiB: 1024,
    pooledMiB: 1024,
    promisedMiB: 200,
    hugePages: [{ pageSize: '2Mi', total: 512, free: 300, promised: 128 }],
  });
  expect(map.nodes[0]?.machines).toEqual([{ namespace: 'lab', name: 'web', requests: { cpu: '100m', memory: '612Mi' } }]);
});

test('what is left out by hand is outside; a domain with half of a memory node has half of what is available', () => {
  const partition = partitionOf(fakeTopology, 'desk', { by: 'custom', domains: [{ name: 'fast', cpus: '0-3' }] });
  const map = nodeMap({ topology: fakeTopology, partition, machines: [] });
  expect(map.outside.map(({ id }) => id)).toEqual([4, 5, 6, 7]);
  expect(map.nodes.map(({ name, memory }) => [name, memory.totalMiB, memory.availableMiB])).toEqual([['desk-fast', 16_384, 12_288]]);
});

test('settings that cannot be done are causes, and the memory nodes are shown', () => {
  const partition = partitionOf(twoNodes, 'desk', { by: 'custom', domains: [{ name: 'a', cpus: '0-99' }] });
  const map = nodeMap({ topology: twoNodes, partition, machines: [] });
  expect(map.causes.map(({ message }) => message)).toEqual(['This computer has no processor 8-99.']);
  expect(map.nodes).toHaveLength(2);
});

const isolating = (from: number): TopologyFact => ({
  ...fakeTopology,
  cpus: fakeTopology.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id >= from })),
});

test('cores isolated at boot are handed out first', () => {
  const [domain] = partitionOf(isolating(6), 'desk').domains;
  if (domain === undefined) throw new Error('one domain');
  const asked = { vcpus: 3, threads: 1, ioThreads: 0, isolateEmulator: false, hasNeighbours: false };
  expect(giveCores(domain, new Map(), asked)).toMatchObject({ ok: true, cpus: { vcpus: [6, 7, 2], spare: [3] } });
});

test('machines that share are kept off isolated cores; where there are no others, the computer keeps an isolated one and they share', () => {
  const owners = (from: number): readonly string[] => {
    const topology = isolating(from);
    const partition = partitionOf(topology, 'desk');
    const own = { vcpus: [6], ioThreads: [7] };
    const machine = { namespace: 'default', name: 'game', node: 'desk', requests: {}, own };
    const [node] = nodeMap({ topology, partition, machines: [machine] }).nodes;
    const kept = partition.domains.flatMap((domain) => sharedCpus(domain, [cpusOf(own)]));
    return [
      ...(node?.processors ?? []).map(({ owner }) => (owner.type === 'machine' ? owner.part : owner.type)),
      `shared ${cpuListText(kept)}`,
    ];
  };
  expect(owners(4)).toEqual(['computer', 'computer', 'shared', 'shared', 'isolated', 'isolated', 'vcpu', 'ioThread', 'shared 0-3']);
  expect(owners(0)).toEqual(['computer', 'computer', 'shared', 'shared', 'shared', 'shared', 'vcpu', 'ioThread', 'shared 0-5']);
});

test('who shares needs a processor that is not isolated', () => {
  const [domain] = partitionOf(isolating(2), 'desk', { reserved: { cores: 0 } }).domains;
  if (domain === undefined) throw new Error('one domain');
  const asked = { vcpus: 6, threads: 1, ioThreads: 0, isolateEmulator: true };
  expect(giveCores(domain, new Map(), { ...asked, hasNeighbours: false }).ok).toBe(true);
  expect(giveCores(domain, new Map(), { ...asked, isolateEmulator: false, hasNeighbours: true }).ok).toBe(true);
  const whole = giveCores(domain, new Map([['default/other', [0, 1]]]), { ...asked, vcpus: 2, hasNeighbours: true });
  expect(whole).toMatchObject({ ok: false, cause: { reason: 'CoresShort' } });
});
