// Owns the rows of which field carries each wish.
// Must not ask whether the wish is allowed.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineSpec } from '../../../electron/api/kinds/virtual-machine.ts';
import { wished } from '../../../electron/core/reconcile/intent.ts';

const metadata = { name: 'web', uid: 'vm', resourceVersion: '1', generation: 4, creationTimestamp: '2026-01-02T03:04:05Z' };

function machine(spec: Partial<VirtualMachineSpec>, requests?: readonly object[]): VirtualMachine {
  const status = requests === undefined ? {} : { status: { stateChangeRequests: requests } };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata, spec: { template: {}, ...spec }, ...status } as VirtualMachine;
}

function run(phase: string): VirtualMachineInstance {
  return { metadata: { ...metadata, uid: 'run' }, spec: { domain: { devices: {} } }, status: { phase } } as VirtualMachineInstance;
}

const stop = { action: 'Stop', uid: 'run' };
const start = { action: 'Start' };

interface Row {
  readonly name: string;
  readonly verb: 'start' | 'stop' | 'restart';
  readonly vm: VirtualMachine;
  readonly vmi?: VirtualMachineInstance;
  readonly paused?: boolean;
  readonly spec?: object;
  readonly generation?: number;
  readonly requests?: readonly object[];
}

test.each<Row>([
  {
    name: 'start of a halted machine',
    verb: 'start',
    vm: machine({ runStrategy: 'Halted' }),
    spec: { runStrategy: 'Always' },
    generation: 5,
  },
  {
    name: 'paused start of a halted machine',
    verb: 'start',
    vm: machine({ runStrategy: 'Halted' }),
    paused: true,
    spec: { runStrategy: 'Always' },
    generation: 5,
    requests: [{ action: 'Start', data: { paused: 'true' } }],
  },
  { name: 'start with spec.running', verb: 'start', vm: machine({ running: false }), spec: { running: true }, generation: 5 },
  { name: 'start by hand', verb: 'start', vm: machine({ runStrategy: 'Manual' }), requests: [start] },
  {
    name: 'start by hand after an end',
    verb: 'start',
    vm: machine({ runStrategy: 'Manual' }),
    vmi: run('Succeeded'),
    requests: [stop, start],
  },
  { name: 'start of RerunOnFailure', verb: 'start', vm: machine({ runStrategy: 'RerunOnFailure' }), requests: [start] },
  {
    name: 'stop of Always',
    verb: 'stop',
    vm: machine({ runStrategy: 'Always' }),
    vmi: run('Running'),
    spec: { runStrategy: 'Halted' },
    generation: 5,
  },
  {
    name: 'stop of Once',
    verb: 'stop',
    vm: machine({ runStrategy: 'Once' }),
    vmi: run('Running'),
    spec: { runStrategy: 'Halted' },
    generation: 5,
  },
  {
    name: 'stop with spec.running',
    verb: 'stop',
    vm: machine({ running: true }),
    vmi: run('Running'),
    spec: { running: false },
    generation: 5,
  },
  { name: 'stop by hand', verb: 'stop', vm: machine({ runStrategy: 'Manual' }), vmi: run('Running'), requests: [stop] },
  {
    name: 'stop in the middle of a restart',
    verb: 'stop',
    vm: machine({ runStrategy: 'Manual' }, [stop, start]),
    vmi: run('Running'),
    requests: [stop],
  },
  { name: 'stop of a start that is due', verb: 'stop', vm: machine({ runStrategy: 'RerunOnFailure' }, [start]), requests: [] },
  { name: 'stop of a halted machine', verb: 'stop', vm: machine({ runStrategy: 'Halted' }), vmi: run('Running') },
  { name: 'restart', verb: 'restart', vm: machine({ runStrategy: 'Always' }), vmi: run('Running'), requests: [stop, start] },
  { name: 'restart of nothing', verb: 'restart', vm: machine({ runStrategy: 'Manual' }) },
])('$name', ({ verb, vm, vmi, paused, spec, generation = 4, requests }) => {
  const next = wished(verb, { vm, vmi, options: paused === undefined ? {} : { paused } });
  expect([next.spec, next.metadata.generation, next.status?.stateChangeRequests]).toEqual([
    spec === undefined ? vm.spec : { template: {}, ...spec },
    generation,
    requests,
  ]);
});
