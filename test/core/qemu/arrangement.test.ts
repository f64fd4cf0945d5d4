// Owns what golden files show without saying why: vCPUs, boot order, I/O threads, names and places.
// Must not compare whole command lines.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diskNode } from '../../../electron/core/qemu/block-nodes.ts';
import { bootOrderOf } from '../../../electron/core/qemu/boot-order.ts';
import { ioThreadsOf } from '../../../electron/core/qemu/io-threads.ts';
import { onPort, portAddress } from '../../../electron/core/qemu/pci.ts';
import { topologyOf } from '../../../electron/core/qemu/topology.ts';
import { machine } from './machines.ts';

test.each([
  { name: 'nothing', domain: {}, want: [1, 1, 1, 1, 'spec.domain.resources.limits.cpu'] },
  { name: 'cores alone', domain: { cpu: { cores: 4 } }, want: [1, 4, 1, 4, 'spec.domain.cpu'] },
  { name: 'all three', domain: { cpu: { sockets: 2, cores: 3, threads: 2 } }, want: [2, 3, 2, 12, 'spec.domain.cpu'] },
  {
    name: 'a model is no topology',
    domain: { cpu: { model: 'host-model' }, resources: { requests: { cpu: '2' } } },
    want: [2, 1, 1, 2, 'spec.domain.resources.requests.cpu'],
  },
  {
    name: 'part of a CPU is one',
    domain: { resources: { requests: { cpu: '100m' } } },
    want: [1, 1, 1, 1, 'spec.domain.resources.requests.cpu'],
  },
  {
    name: 'a limit, rounded up',
    domain: { resources: { limits: { cpu: '1500m' } } },
    want: [2, 1, 1, 2, 'spec.domain.resources.limits.cpu'],
  },
  {
    name: 'the topology wins over requests',
    domain: { cpu: { cores: 1 }, resources: { requests: { cpu: '8' } } },
    want: [1, 1, 1, 1, 'spec.domain.cpu'],
  },
])('topology: $name', ({ domain, want }) => {
  const { sockets, cores, threads, vcpus, field } = topologyOf(machine({ domain }));
  expect([sockets, cores, threads, vcpus, field]).toEqual(want);
});

const seed = { name: 'seed', cloudInitNoCloud: {} };
test.each([
  { name: 'no disks', disks: [], interfaces: [], want: [false, [], []] },
  {
    name: 'in turn, without the seed',
    disks: [{ name: 'a' }, { name: 'seed' }, { name: 'b' }],
    interfaces: [],
    want: [
      false,
      [
        ['a', 1],
        ['b', 2],
      ],
      [],
    ],
  },
  {
    name: 'one order given, the others are not booted',
    disks: [{ name: 'a' }, { name: 'b', bootOrder: 7 }],
    interfaces: [],
    want: [true, [['b', 7]], []],
  },
  { name: 'a card alone', disks: [{ name: 'a' }], interfaces: [{ name: 'n', bootOrder: 1 }], want: [true, [], [['n', 1]]] },
  { name: 'a seed may be told to boot', disks: [{ name: 'seed', bootOrder: 1 }], interfaces: [], want: [true, [['seed', 1]], []] },
])('boot order: $name', ({ disks, interfaces, want }) => {
  const order = bootOrderOf(machine({ devices: { disks, interfaces }, volumes: [seed] }));
  expect([order.explicit, [...order.disks], [...order.interfaces]]).toEqual(want);
});

const virtio = (name: string, dedicatedIOThread = false) => ({ name, disk: { bus: 'virtio' }, dedicatedIOThread });
test.each([
  { name: 'no policy', domain: {}, disks: [virtio('a')], want: [0, []] },
  {
    name: 'no policy, one dedicated: the others share',
    domain: {},
    disks: [virtio('a', true), virtio('b'), virtio('c')],
    want: [
      2,
      [
        ['a', 'iothread1'],
        ['b', 'iothread0'],
        ['c', 'iothread0'],
      ],
    ],
  },
  {
    name: 'shared',
    domain: { ioThreadsPolicy: 'shared' },
    disks: [virtio('a'), virtio('b')],
    want: [
      1,
      [
        ['a', 'iothread0'],
        ['b', 'iothread0'],
      ],
    ],
  },
  { name: 'shared, all dedicated', domain: { ioThreadsPolicy: 'shared' }, disks: [virtio('a', true)], want: [1, [['a', 'iothread0']]] },
  {
    name: 'auto: two for each vCPU',
    domain: { ioThreadsPolicy: 'auto' },
    disks: [virtio('a'), virtio('b'), virtio('c')],
    want: [
      2,
      [
        ['a', 'iothread0'],
        ['b', 'iothread1'],
        ['c', 'iothread0'],
      ],
    ],
  },
  {
    name: 'auto: no more threads than disks',
    domain: { ioThreadsPolicy: 'auto', cpu: { cores: 8 } },
    disks: [virtio('a')],
    want: [1, [['a', 'iothread0']]],
  },
  {
    name: 'a pool',
    domain: { ioThreadsPolicy: 'supplementalPool', ioThreads: { supplementalPoolThreadCount: 2 } },
    disks: [virtio('a'), virtio('b'), virtio('c')],
    want: [
      2,
      [
        ['a', 'iothread0'],
        ['b', 'iothread1'],
        ['c', 'iothread0'],
      ],
    ],
  },
  {
    name: 'other buses have none',
    domain: { ioThreadsPolicy: 'shared' },
    disks: [
      { name: 's', disk: { bus: 'sata' } },
      { name: 'cd', cdrom: {} },
    ],
    want: [0, []],
  },
])('I/O threads: $name', ({ domain, disks, want }) => {
  const { args, ofDisk } = ioThreadsOf(machine({ domain, devices: { disks } }));
  expect([args.length, [...ofDisk]]).toEqual(want);
});

test('block nodes have names that QEMU takes, and no two disks the same', () => {
  const name = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  fc.assert(
    fc.property(name, name, (one, two) => {
      fc.pre(one !== two);
      // Limit of a node name, with `-file` still to come; id_wellformed() of util/id.c.
      expect(diskNode(one)).toMatch(/^[A-Za-z][A-Za-z0-9._-]{0,25}$/);
      expect(diskNode(one)).not.toBe(diskNode(two));
    }),
  );
});

test('no two ports share a place', () => {
  const ports = [
    ...Array.from({ length: 8 }, (_, index) => ['network', index] as const),
    ...Array.from({ length: 32 }, (_, index) => ['disk', index] as const),
  ];
  expect(new Set(ports.map(([kind, index]) => portAddress(kind, index))).size).toBe(40);
  expect(new Set(ports.map(([kind, index]) => onPort(kind, index).bus)).size).toBe(40);
});
