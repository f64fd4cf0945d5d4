// Owns how a running machine grows, and KubeVirt's words for what takes a restart.
import { expect, test } from 'vitest';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { grownParts, growthOf } from '../../../electron/core/reconcile/growth.ts';

type Domain = VirtualMachineInstanceSpec['domain'];
type Change = Pick<Domain, 'cpu' | 'memory'> & { readonly multiQueue?: boolean };

function spec({ cpu, memory, multiQueue }: Change): VirtualMachineInstanceSpec {
  return {
    domain: {
      cpu: { sockets: 2, cores: 1, threads: 1, maxSockets: 4, ...cpu },
      memory: { guest: '2Gi', maxGuest: '4Gi', ...memory },
      devices: multiQueue === true ? { networkInterfaceMultiqueue: true } : {},
    },
  };
}

const higher = "CPU sockets updated in template spec to a value higher than what's available";
const tooMuch = "memory updated in template spec to a value higher than what's available";

const rows: readonly {
  readonly what: string;
  readonly run?: Change;
  readonly wanted: Change;
  /** Sockets and memory of the run afterwards. */
  readonly becomes: readonly [number, string];
  readonly restart?: string;
}[] = [
  { what: 'nothing new', wanted: {}, becomes: [2, '2Gi'] },
  { what: 'the same amount, written otherwise', wanted: { memory: { guest: '2048Mi' } }, becomes: [2, '2Gi'] },
  { what: 'another socket', wanted: { cpu: { sockets: 3 } }, becomes: [3, '2Gi'] },
  { what: 'all sockets', wanted: { cpu: { sockets: 4 } }, becomes: [4, '2Gi'] },
  { what: 'a socket too many', wanted: { cpu: { sockets: 5, maxSockets: 8 } }, becomes: [2, '2Gi'], restart: higher },
  {
    what: 'a socket less',
    wanted: { cpu: { sockets: 1 } },
    becomes: [2, '2Gi'],
    restart: 'Reduction of CPU socket count requires a restart',
  },
  {
    what: 'sockets where cards have a queue for each processor',
    wanted: { cpu: { sockets: 3 }, multiQueue: true },
    becomes: [2, '2Gi'],
    restart: 'Changes to CPU sockets require a restart when NetworkInterfaceMultiQueue is enabled',
  },
  {
    what: 'sockets on cores of their own',
    run: { cpu: { dedicatedCpuPlacement: true } },
    wanted: { cpu: { sockets: 3, dedicatedCpuPlacement: true } },
    becomes: [2, '2Gi'],
    restart: 'Changes to CPU sockets require a restart when dedicatedCpuPlacement is enabled',
  },
  { what: 'more memory', wanted: { memory: { guest: '3Gi' } }, becomes: [2, '3Gi'] },
  { what: 'memory back to that of the start', run: { memory: { guest: '3Gi' } }, wanted: {}, becomes: [2, '2Gi'] },
  {
    what: 'less memory than at the start',
    wanted: { memory: { guest: '1Gi' } },
    becomes: [2, '2Gi'],
    restart: 'memory updated in template spec to a value lower than what the VM started with',
  },
  {
    what: 'more memory than there is room for',
    wanted: { memory: { guest: '5Gi', maxGuest: '8Gi' } },
    becomes: [2, '2Gi'],
    restart: tooMuch,
  },
  {
    what: 'more huge pages',
    run: { memory: { hugepages: { pageSize: '2Mi' } } },
    wanted: { memory: { guest: '3Gi', hugepages: { pageSize: '2Mi' } } },
    becomes: [2, '2Gi'],
    restart: tooMuch,
  },
  {
    what: 'both, of which one takes a restart',
    wanted: { cpu: { sockets: 3 }, memory: { guest: '5Gi' } },
    becomes: [3, '2Gi'],
    restart: tooMuch,
  },
];

test.each(rows)('$what', ({ run = {}, wanted, becomes, restart }) => {
  const before = { spec: spec(run), status: { phase: 'Running', memory: { guestAtBoot: '2Gi' } } };
  const growth = growthOf(before, spec(wanted));
  const { cpu, memory } = growth.spec.domain;
  expect([cpu?.sockets, memory?.guest]).toEqual(becomes);
  expect(growth.restart).toBe(restart);
  // Once it has that, nothing is asked any more.
  expect(growthOf({ ...before, spec: growth.spec }, spec(wanted)).spec).toBe(growth.spec);
});

test('a machine without room, or one that does not run, stays as it is', () => {
  const bare = { domain: { cpu: { sockets: 1 }, memory: { guest: '1Gi' }, devices: {} } };
  const asked = { domain: { cpu: { sockets: 2 }, memory: { guest: '1Gi' }, devices: {} } };
  expect(growthOf({ spec: bare, status: { phase: 'Running' } }, asked)).toEqual({ spec: bare, restart: higher });
  expect(growthOf({ spec: spec({}), status: { phase: 'Scheduling' } }, spec({ cpu: { sockets: 3 } })).spec.domain.cpu?.sockets).toBe(2);
});

test('only what is more needs room', () => {
  const [small, large] = [spec({}), spec({ cpu: { sockets: 3 }, memory: { guest: '3Gi' } })];
  expect([grownParts(small, large), grownParts(large, small), grownParts(small, small)]).toEqual([['cpu', 'memory'], [], []]);
});
