// Owns the proof that processors, caches, memory nodes and pools are read as the kernel writes them, and parted as the settings say.
// Must not look at the computer that runs the test, except where it compares.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { cpuListText, parseCpuList } from '../../electron/api/cpu-list.ts';
import { nodeNameOf, type Partition, partitionOf } from '../../electron/core/placement/domains.ts';
import { coresOf, type TopologyFact } from '../../electron/core/placement/topology.ts';
import { readTopology, topologyReader } from '../../electron/host/topology.ts';
import { writeDump } from '../fakes/device-tree.ts';
import { type HwlocTopology, hwlocTopology, isHwlocThere } from './hwloc.ts';
import { type Tree, type TreeCpu, writeTree } from './sysfs-tree.ts';
import { tempDir } from './temp-dir.ts';

const dump = new URL('../../../shared/lab/vfio/sysfs-l1-q35-2node-vtd.txt', import.meta.url);

/** The second threads of all cores are numbered after the first, as most firmware counts. */
function cpusOf(cores: number, threads: number, part: (core: number) => Partial<TreeCpu>): readonly TreeCpu[] {
  return Array.from({ length: cores * threads }, (_, id) => ({ core: id % cores, ...part(id % cores) }));
}

const trees: Readonly<Record<string, Tree>> = {
  'a laptop with two kinds of cores': {
    cpus: [
      ...Array.from({ length: 4 }, (_, id) => ({ core: Math.floor(id / 2), cache: 0 })),
      ...Array.from({ length: 4 }, (_, id) => ({ core: 2 + id, cache: 0 })),
    ],
    performance: '0-3',
    efficiency: '4-7',
    nodesMiB: [16_384],
  },
  'two core complexes with a cache each': { cpus: cpusOf(8, 2, (core) => ({ cache: Math.floor(core / 4) })), nodesMiB: [65_536] },
  'four memory nodes, the last without processors': {
    cpus: cpusOf(6, 1, (core) => ({ node: Math.floor(core / 2), package: Math.floor(core / 2), cache: Math.floor(core / 2) })),
    nodesMiB: [8192, 8192, 8192, 4096],
    distances: ['10 21 21 40', '21 10 21 17', '21 21 10 40', '40 17 40 10'],
    pages: [
      [100, 128],
      [0, 0],
      [0, 0],
      [10, 20],
    ],
  },
  'a thread that is switched off': { cpus: cpusOf(2, 2, () => ({ cache: 0 })), online: '0-2', isolated: '1', nodesMiB: [4096] },
  'a kernel without memory nodes': { cpus: cpusOf(2, 1, () => ({})), pages: [[10, 16]] },
};

async function topologyOf(name: string): ReturnType<typeof readTopology> {
  const root = tempDir();
  writeTree(root, trees[name]!);
  return await readTopology(root);
}

describe('reading', () => {
  test.each<[string, unknown]>([
    ['a laptop with two kinds of cores', { cores: '0-1 2-3 4 5 6 7', caches: '0-7', kinds: 'p p p p e e e e', nodes: '0-7:16384' }],
    [
      'two core complexes with a cache each',
      { cores: '0,8 1,9 2,10 3,11 4,12 5,13 6,14 7,15', caches: '0-3,8-11 4-7,12-15', nodes: '0-15:65536' },
    ],
    [
      'four memory nodes, the last without processors',
      { cores: '0 1 2 3 4 5', caches: '0-1 2-3 4-5', nodes: '0-1:8192 2-3:8192 4-5:8192 :4096' },
    ],
    ['a thread that is switched off', { cores: '0,2 1', caches: '0-2', isolated: '1', nodes: '0-2:4096' }],
    ['a kernel without memory nodes', { cores: '0 1', caches: '', nodes: '0-1:8192' }],
  ])('%s', async (name, want) => {
    const topology = await topologyOf(name);
    const all = topology.cpus.map(({ id }) => id);
    const kinds = topology.cpus.flatMap(({ kind }) => kind?.[0] ?? []).join(' ');
    const isolated = cpuListText(topology.cpus.flatMap(({ id, isolated: is }) => (is ? [id] : [])));
    expect({
      cores: coresOf(topology, all).map(cpuListText).join(' '),
      caches: [...new Set(topology.cpus.map(({ sharesCache }) => cpuListText(sharesCache)))].join(' '),
      ...(kinds === '' ? {} : { kinds }),
      ...(isolated === '' ? {} : { isolated }),
      nodes: topology.numaNodes.map(({ cpus, memoryMiB }) => `${cpuListText(cpus)}:${memoryMiB}`).join(' '),
    }).toEqual(want);
  });

  test('of one memory node, what the computer says of itself counts: its own figures may lack memory that was plugged in', async () => {
    const root = tempDir();
    writeTree(root, { ...trees['a laptop with two kinds of cores']!, nodesMiB: [16_384] });
    writeFileSync(`${root}/sys/devices/system/node/node0/meminfo`, 'Node 0 MemTotal:  1024 kB\n');
    expect((await readTopology(root)).numaNodes.map(({ memoryMiB, availableMiB }) => [memoryMiB, availableMiB])).toEqual([[16_384, 8192]]);
  });

  test('a pool is what is free and not reserved', async () => {
    const [only] = (await topologyOf('a kernel without memory nodes')).numaNodes;
    expect([only?.hugePages, only?.availableMiB]).toEqual([[{ pageBytes: 2 ** 21, total: 16, free: 7 }], 4096]);
  });

  test('cores and caches are read once for each set of processors that are online; memory each time', async () => {
    const root = tempDir();
    writeTree(root, { ...trees['a laptop with two kinds of cores']!, online: '0-3' });
    const read = topologyReader(root);
    const before = await read();
    for (const id of [0, 1, 2, 3]) writeFileSync(`${root}/sys/devices/system/cpu/cpu${id}/topology/thread_siblings_list`, `${id}\n`);
    const again = await read();
    writeFileSync(`${root}/sys/devices/system/cpu/online`, '0-4\n');
    const more = await read();
    const siblings = ({ cpus }: typeof before) => cpus.map((cpu) => cpuListText(cpu.siblings)).join(' ');
    expect([before, again, more].map(siblings)).toEqual(['0-1 0-1 2-3 2-3', '0-1 0-1 2-3 2-3', '0 1 2 3 4']);
  });
});

/** As hwloc has it: memory without processors belongs to those of the nearest node. */
function asHwloc({ cpus, numaNodes }: TopologyFact): HwlocTopology {
  const home = ({ cpus: own, distances }: TopologyFact['numaNodes'][number]): readonly number[] =>
    own.length > 0
      ? own
      : (numaNodes.filter((node) => node.cpus.length > 0).toSorted((a, b) => distances[a.id]! - distances[b.id]!)[0]?.cpus ?? []);
  return {
    cpus: cpuListText(cpus.map(({ id }) => id)),
    cores: coresOf(
      { cpus, numaNodes },
      cpus.map(({ id }) => id),
    )
      .map(cpuListText)
      .toSorted(),
    caches: [...new Set(cpus.map(({ sharesCache }) => cpuListText(sharesCache)))].filter((text) => text !== '').toSorted(),
    nodes: numaNodes.map((node) => `${cpuListText(home(node))}:${node.memoryMiB}`),
  };
}

describe.skipIf(!isHwlocThere)(`hwloc reads the same${isHwlocThere ? '' : ' (skipped: hwloc is not installed)'}`, () => {
  test.each(Object.keys(trees))('%s', async (name) => {
    const root = tempDir();
    writeTree(root, trees[name]!);
    expect(asHwloc(await readTopology(root))).toEqual(hwlocTopology(root));
  });

  test.skipIf(!existsSync(dump))('a dump of a computer with two memory nodes (skipped where there is no dump)', async () => {
    const root = tempDir();
    writeDump(root, readFileSync(dump, 'utf8'));
    const [ours, theirs] = [asHwloc(await readTopology(root)), hwlocTopology(root)];
    expect(ours).toEqual({ ...theirs, caches: ours.caches });
    expect(ours.nodes).toHaveLength(2);
    // The dump has caches as lists alone, which hwloc does not read.
    expect([ours.caches, theirs.caches]).toEqual([['0-1', '2-3'], []]);
  });

  test('this computer', async () => {
    const [ours, theirs] = [asHwloc(await readTopology()), hwlocTopology('/')];
    expect([ours.cpus, ours.cores, ours.nodes.length]).toEqual([theirs.cpus, theirs.cores, theirs.nodes.length]);
    expect(availableParallelism()).toBeLessThanOrEqual(parseCpuList(ours.cpus)?.length ?? 0);
  });
});

describe('parting', () => {
  const shown = ({ domains }: Partition): readonly string[] =>
    domains.map(({ name, cpus, memoryNodes, memoryMiB, reservedCpus }) =>
      [name, cpuListText(cpus), `mem ${memoryNodes.join('+')}`, `${memoryMiB} MiB`, `kept ${cpuListText(reservedCpus)}`].join(' | '),
    );

  test('one memory node is the whole computer, under its own name, bound to nothing', async () => {
    expect(shown(partitionOf(await topologyOf('two core complexes with a cache each'), 'desk'))).toEqual([
      'desk | 0-15 | mem  | 65536 MiB | kept 0,8',
    ]);
  });

  test('by cache: each complex has its share of the memory', async () => {
    expect(shown(partitionOf(await topologyOf('two core complexes with a cache each'), 'desk', { by: 'cache' }))).toEqual([
      'desk-cache0 | 0-3,8-11 | mem  | 32768 MiB | kept 0,8',
      'desk-cache1 | 4-7,12-15 | mem  | 32768 MiB | kept ',
    ]);
  });

  test('by memory node: memory without processors goes with the nearest', async () => {
    const { domains } = partitionOf(await topologyOf('four memory nodes, the last without processors'), 'desk');
    expect([shown({ domains, causes: [] }), domains.map(({ hugePages }) => hugePages)]).toEqual([
      [
        'desk-numa0 | 0-1 | mem 0 | 8192 MiB | kept 0',
        'desk-numa1 | 2-3 | mem 1+3 | 12288 MiB | kept ',
        'desk-numa2 | 4-5 | mem 2 | 8192 MiB | kept ',
      ],
      [
        [{ pageBytes: 2 ** 21, total: 128, free: 100, numaNode: 0, share: 1 }],
        [{ pageBytes: 2 ** 21, total: 20, free: 10, numaNode: 1, share: 1 }],
        [{ pageBytes: 2 ** 21, total: 0, free: 0, numaNode: 2, share: 1 }],
      ],
    ]);
  });

  test('by hand: kinds of cores apart, with what memory each is given', async () => {
    const domains = [
      { name: 'fast', cpus: '0-3', memory: '12Gi' },
      { name: 'quiet', cpus: '4-7' },
    ];
    const parted = partitionOf(await topologyOf('a laptop with two kinds of cores'), 'desk', {
      by: 'custom',
      domains,
      reserved: { cores: 0 },
    });
    expect([shown(parted), parted.domains.map(({ labels }) => labels['topology.virtdeck.io/core-kind'])]).toEqual([
      ['desk-fast | 0-3 | mem  | 12288 MiB | kept ', 'desk-quiet | 4-7 | mem  | 8192 MiB | kept '],
      ['performance', 'efficiency'],
    ]);
  });

  test('by hand and wrong: every mistake is told, and the memory nodes are used', async () => {
    const domains = [
      { name: 'a', cpus: '0-3,99', devices: ['0000:01:00.0'] },
      { name: 'a', cpus: '3-4', devices: ['0000:01:00.0'] },
      { name: 'b', cpus: 'many', memory: '1Ti' },
    ];
    const { causes, ...parted } = partitionOf(await topologyOf('a laptop with two kinds of cores'), 'desk', { by: 'custom', domains });
    expect([causes.map(({ field, message }) => `${field}: ${message}`), shown({ ...parted, causes })]).toEqual([
      [
        'spec.placement.domains[0].cpus: This computer has no processor 99.',
        'spec.placement.domains[1].cpus: Processor 3 is in a already.',
        'spec.placement.domains[1].devices: The device 0000:01:00.0 is in a already.',
        'spec.placement.domains[2].cpus: "many" is no list of processors.',
        'spec.placement.domains[1].name: There are two domains a.',
      ],
      ['desk | 0-7 | mem  | 16384 MiB | kept 0-1'],
    ]);
  });

  test('the computer never keeps more than half for itself', async () => {
    const [only] = partitionOf(await topologyOf('a thread that is switched off'), 'desk', {
      reserved: { cores: 9, memory: '1Ti' },
    }).domains;
    expect([only?.reservedCpus, only?.reservedMiB]).toEqual([[0, 2], 2048]);
  });
});

test.each<[string, string]>([
  ['desk', 'desk'],
  ['Büro_PC 2', 'b-ro-pc-2'],
  ['(none)', 'none'],
  ['a..b.-c.', 'a.b.c'],
  ['', 'computer'],
  ['x'.repeat(80), 'x'.repeat(63)],
])('a computer named %j is the node %s', (hostname, want) => {
  expect(nodeNameOf(hostname)).toBe(want);
});

describe('a list of processors', () => {
  test.each<[string, readonly number[] | undefined]>([
    ['', []],
    ['0\n', [0]],
    ['0-3,8,10-11', [0, 1, 2, 3, 8, 10, 11]],
    ['3,1,2,1', [1, 2, 3]],
    ['3-1', undefined],
    ['a', undefined],
    ['1,,2', undefined],
    ['-1', undefined],
  ])('%j', (text, want) => {
    expect(parseCpuList(text)).toEqual(want);
    if (want !== undefined) expect(parseCpuList(cpuListText(want))).toEqual(want);
  });
});
