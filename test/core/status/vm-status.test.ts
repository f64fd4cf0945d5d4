// Owns the proof of a VirtualMachine's status: its one word, its conditions, its requests and its back-off.
// Must not test what is done about it.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine, VirtualMachineStatus } from '../../../electron/api/kinds/virtual-machine.ts';
import { type RunStrategy, vmiPhases } from '../../../electron/api/lifecycle.ts';
import { defaultedInstance } from '../../../electron/core/defaults/virtual-machine-instance.ts';
import { backOffSeconds } from '../../../electron/core/reconcile/start-failure.ts';
import type { VmObserved } from '../../../electron/core/status/vm-observed.ts';
import { vmStatus } from '../../../electron/core/status/vm-status.ts';

const now = Date.parse('2026-05-01T10:00:00Z');
const nowText = '2026-05-01T10:00:00Z';
const metadata = {
  name: 'web',
  namespace: 'default',
  uid: 'vm',
  resourceVersion: '1',
  generation: 2,
  creationTimestamp: '2026-05-01T09:00:00Z',
};
const templateSpec = { domain: { devices: {}, memory: { guest: '1Gi' }, firmware: { uuid: '11111111-2222-4333-8444-555555555555' } } };

function machine(runStrategy: RunStrategy = 'Always', status?: VirtualMachineStatus): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { runStrategy, template: { spec: templateSpec } },
    ...(status === undefined ? {} : { status }),
  };
}

function run(status: VirtualMachineInstanceStatus, more: Partial<VirtualMachineInstance['metadata']> = {}): VirtualMachineInstance {
  const bare = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { ...metadata, uid: 'run', annotations: { 'kubevirt.io/vm-generation': '2' }, ...more },
    spec: templateSpec,
    status,
  };
  return { ...bare, spec: defaultedInstance(bare, { uuid: 'unused', architecture: 'amd64' }).spec };
}

function disk(phase: string | undefined, conditions: object[] = []): DataVolume {
  const status = { ...(phase === undefined ? {} : { phase }), conditions } as NonNullable<DataVolume['status']>;
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { ...metadata, name: 'root' },
    spec: { source: { blank: {} } },
    status,
  };
}

function claim(phase: 'Bound' | 'Pending'): PersistentVolumeClaim {
  const status = { phase } as unknown as NonNullable<PersistentVolumeClaim['status']>;
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...metadata, name: 'root' }, spec: {}, status };
}

const condition = (type: string, status: string, reason?: string): { type: string; status: string; reason?: string } => ({
  type,
  status,
  ...(reason === undefined ? {} : { reason }),
});
const deletion = { deletionTimestamp: nowText };
const failure = { startFailure: { consecutiveFailCount: 2, lastFailedVMIUID: 'old', retryAfterTimestamp: '2026-05-01T10:05:00Z' } };

describe('the one word', () => {
  const rows: readonly [string, VirtualMachine, VmObserved][] = [
    ['Terminating', { ...machine(), metadata: { ...metadata, ...deletion } }, { vmi: run({ phase: 'Running' }) }],
    ['Stopping', machine('Halted'), { vmi: run({ phase: 'Running' }, deletion) }],
    ['Stopping', machine('Halted'), { vmi: run({ phase: 'Running', conditions: [condition('Paused', 'True')] }, deletion) }],
    ['Stopped', machine('Halted'), { vmi: run({ phase: 'Succeeded' }, deletion) }],
    ['Paused', machine(), { vmi: run({ phase: 'Running', conditions: [condition('Paused', 'True')] }) }],
    ['Running', machine(), { vmi: run({ phase: 'Running', conditions: [condition('Paused', 'False')] }) }],
    ['Running', machine(), { vmi: run({ phase: 'Running' }), dataVolumes: [disk('Failed')] }],
    [
      'ErrorPvcNotFound',
      machine(),
      {
        vmi: run({ phase: 'Scheduling', conditions: [condition('Synchronized', 'False', 'FailedPvcNotFound')] }),
        dataVolumes: [disk('Failed')],
      },
    ],
    [
      'DataVolumeError',
      machine(),
      {
        vmi: run({ phase: 'Scheduling', conditions: [condition('PodScheduled', 'False', 'Unschedulable')] }),
        dataVolumes: [disk('Failed')],
      },
    ],
    ['DataVolumeError', machine('Halted'), { dataVolumes: [disk('ImportInProgress', [condition('Running', 'False', 'Error')])] }],
    [
      'ErrorUnschedulable',
      machine(),
      {
        vmi: run({ phase: 'Scheduling', conditions: [condition('PodScheduled', 'False', 'Unschedulable')] }),
        dataVolumes: [disk('ImportInProgress')],
      },
    ],
    ['Provisioning', machine('Halted'), { dataVolumes: [disk('Succeeded'), disk('ImportInProgress')] }],
    ['Provisioning', machine(), { vmi: run({ phase: 'Pending' }), dataVolumes: [disk(undefined)], claims: [claim('Pending')] }],
    ['WaitingForVolumeBinding', machine(), { claims: [claim('Bound'), claim('Pending')] }],
    ['WaitingForVolumeBinding', machine('Manual', { stateChangeRequests: [{ action: 'Start' }] }), { claims: [claim('Pending')] }],
    ['Stopped', machine('Halted'), { claims: [claim('Pending')] }],
    ['Stopped', machine('Manual'), { claims: [claim('Pending')] }],
    ['Starting', machine(), {}],
    ['Starting', machine('Once'), {}],
    ['Starting', machine('RerunOnFailure'), {}],
    ['Starting', machine('Manual', { stateChangeRequests: [{ action: 'Start' }] }), {}],
    ['Starting', machine(), { vmi: run({}) }],
    ['Starting', machine(), { vmi: run({ phase: 'Scheduling' }) }],
    ['Starting', machine(), { vmi: run({ phase: 'Scheduled' }) }],
    ['CrashLoopBackOff', machine('Always', failure), {}],
    ['CrashLoopBackOff', machine('Always', failure), { vmi: run({ phase: 'Failed' }) }],
    ['Starting', machine('Always', failure), { vmi: run({ phase: 'Scheduling' }) }],
    ['Stopped', machine('Halted', failure), {}],
    ['Stopped', machine('RerunOnFailure', { runStrategy: 'RerunOnFailure' }), {}],
    ['Stopped', machine('Manual'), {}],
    ['Stopped', machine('Manual'), { vmi: run({ phase: 'Failed' }) }],
    ['Stopped', machine('Once'), { vmi: run({ phase: 'Succeeded' }) }],
    ['Unknown', machine(), { vmi: run({ phase: 'Unknown' }) }],
  ];
  test.each(rows)('%s', (want, vm, observed) => {
    expect(vmStatus(vm, observed, now).printableStatus).toBe(want);
  });
});

const noRun = {
  type: 'Ready',
  status: 'False',
  reason: 'VMINotExists',
  message: 'VMI does not exist',
  lastProbeTime: null,
  lastTransitionTime: nowText,
};

describe('the whole status', () => {
  test('of a machine that never ran', () => {
    expect(vmStatus(machine('Halted'), {}, now)).toEqual({ created: false, ready: false, printableStatus: 'Stopped', conditions: [noRun] });
  });

  test('of a machine that runs: the conditions of its run are its own', () => {
    const conditions = [
      { ...condition('Ready', 'True'), lastProbeTime: null, lastTransitionTime: nowText },
      condition('LiveMigratable', 'False', 'SingleComputer'),
      condition('AgentConnected', 'True'),
    ];
    expect(
      vmStatus(
        machine('Always', { conditions: [noRun, condition('Paused', 'True')] }),
        { vmi: run({ phase: 'Running', conditions }) },
        now,
      ),
    ).toEqual({
      created: true,
      ready: true,
      runStrategy: 'Always',
      observedGeneration: 2,
      desiredGeneration: 2,
      printableStatus: 'Running',
      conditions,
    });
  });

  test('of a machine whose run was just made', () => {
    expect(vmStatus(machine(), { vmi: run({}) }, now).conditions).toEqual([
      { ...noRun, reason: 'VMIConditionMissing', message: 'VMI is missing the Ready condition' },
    ]);
  });

  test('of a machine whose last step failed, until one succeeds', () => {
    const failed = vmStatus(machine(), { failure: { reason: 'FailedCreate', message: 'no memory requested' } }, now);
    expect(failed.conditions).toEqual([
      noRun,
      {
        type: 'Failure',
        status: 'True',
        reason: 'FailedCreate',
        message: 'no memory requested',
        lastProbeTime: null,
        lastTransitionTime: nowText,
      },
    ]);
    expect(vmStatus(machine('Always', failed), {}, now).conditions).toEqual([noRun]);
  });

  test('of a machine that asks for what is not done here', () => {
    const vm = machine('Halted');
    const spec = { ...templateSpec, priorityClassName: 'high', schedulerName: 'mine' };
    expect(vmStatus({ ...vm, spec: { ...vm.spec, template: { spec } } }, {}, now).conditions?.[1]).toEqual({
      type: 'NotHonoured',
      status: 'True',
      reason: 'NotOnThisComputer',
      message: [
        'spec.template.spec.priorityClassName: Machines have no priority classes here.',
        'spec.template.spec.schedulerName: There is one scheduler here.',
      ].join('\n'),
      lastProbeTime: null,
      lastTransitionTime: nowText,
    });
  });

  test('what other versions of KubeVirt keep there is kept', () => {
    const volumeSnapshotStatuses = [{ enabled: false, name: 'root' }];
    expect(vmStatus(machine('Halted', { volumeSnapshotStatuses }), {}, now)).toMatchObject({ volumeSnapshotStatuses });
  });
});

describe('the very same object comes back', () => {
  const observations: readonly VmObserved[] = [
    {},
    { vmi: run({ phase: 'Running', conditions: [condition('Ready', 'True')] }) },
    { vmi: run({ phase: 'Failed' }) },
    { dataVolumes: [disk('ImportInProgress')], failure: { reason: 'FailedCreate', message: 'no' } },
  ];
  test.each(observations)('when nothing changed: %#', (observed) => {
    const once = vmStatus(machine(), observed, now);
    expect(vmStatus(machine('Always', once), observed, now + 1000)).toBe(once);
  });
});

describe('a restart is required', () => {
  const changed = (spec: object, runs: VirtualMachineInstance): boolean => {
    const vm = machine();
    const status = vmStatus(
      { ...vm, metadata: { ...metadata, generation: 3 }, spec: { ...vm.spec, template: { spec: { ...templateSpec, ...spec } } } },
      { vmi: runs },
      now,
    );
    return status.conditions?.some(({ type }) => type === 'RestartRequired') === true;
  };
  const more = { domain: { ...templateSpec.domain, memory: { guest: '2Gi' } } };

  test.each<[string, object, VirtualMachineInstance, boolean]>([
    ['other memory', more, run({ phase: 'Running' }), true],
    ['the same template written anew', {}, run({ phase: 'Running' }), false],
    ['what a default gave is written out', { architecture: 'amd64', evictionStrategy: 'None' }, run({ phase: 'Running' }), false],
    ['its grace period alone', { terminationGracePeriodSeconds: 5 }, run({ phase: 'Running' }), false],
    ['the run is over', more, run({ phase: 'Succeeded' }), false],
    ['the run is ending', more, run({ phase: 'Running' }, deletion), false],
  ])('%s', (...[, spec, runs, want]) => {
    expect(changed(spec, runs)).toBe(want);
  });

  test('it is taken back with the change', () => {
    const vm = machine('Always', { conditions: [condition('RestartRequired', 'True')] });
    expect(vmStatus(vm, { vmi: run({ phase: 'Running' }) }, now).conditions?.map(({ type }) => type)).toEqual(['Ready']);
  });
});

describe('requests are forgotten once they are done', () => {
  const stopRun = { action: 'Stop', uid: 'run' };
  const start = { action: 'Start' };
  test.each<[string, VirtualMachineInstance | undefined, readonly { action: string; uid?: string }[], readonly object[] | undefined]>([
    ['stopped', undefined, [stopRun], undefined],
    ['stopped, to start again', undefined, [stopRun, start], [start]],
    ['another run since', run({ phase: 'Running' }, { uid: 'next' }), [stopRun], undefined],
    ['still running', run({ phase: 'Running' }), [stopRun, start], [stopRun, start]],
    ['a stop of nobody', run({ phase: 'Running' }), [{ action: 'Stop' }], undefined],
    ['started', run({ phase: 'Pending' }), [start], undefined],
    ['the old run is in the way', run({ phase: 'Failed' }), [start], [start]],
    ['the old run is ending', run({ phase: 'Running' }, deletion), [start], [start]],
    ['not started', undefined, [start], [start]],
  ])('%s', (...[, vmi, requests, want]) => {
    const vm = machine('Manual', { stateChangeRequests: [...requests] });
    expect(vmStatus(vm, vmi === undefined ? {} : { vmi }, now).stateChangeRequests).toEqual(want);
  });
});

describe('the back-off', () => {
  const at = (second: number): string => new Date(now - 60_000 + second * 1000).toISOString().replace('.000Z', 'Z');
  const transitions = (...phases: readonly [string, number][]): VirtualMachineInstanceStatus => ({
    phase: phases.at(-1)?.[0] ?? '',
    phaseTransitionTimestamps: phases.map(([phase, second]) => ({ phase, phaseTransitionTimestamp: at(second) })),
  });
  const neverRan = transitions(['Pending', 0], ['Failed', 1]);
  const crashedAtOnce = transitions(['Pending', 0], ['Running', 1], ['Failed', 3]);
  const ranAndCrashed = transitions(['Pending', 0], ['Running', 1], ['Failed', 40]);
  const first = { consecutiveFailCount: 1, lastFailedVMIUID: 'run', retryAfterTimestamp: '2026-05-01T10:00:10Z' };
  const third = { consecutiveFailCount: 3, lastFailedVMIUID: 'run', retryAfterTimestamp: '2026-05-01T10:01:30Z' };

  test.each<[string, VirtualMachine, VirtualMachineInstance | undefined, object | undefined]>([
    ['the first failure', machine(), run(neverRan), first],
    ['under Once, too', machine('Once'), run(neverRan), first],
    ['one more', machine('Always', failure), run(neverRan), third],
    ['counted already', machine('Always', { startFailure: first }), run(neverRan), first],
    ['crashed as soon as it ran', machine(), run(crashedAtOnce), first],
    ['ran for a while', machine('Always', failure), run(ranAndCrashed), undefined],
    ['shut down', machine('Always', failure), run(transitions(['Running', 0], ['Succeeded', 1])), undefined],
    ['while it waits', machine('Always', failure), undefined, failure.startFailure],
    ['nobody would try again', machine('Manual', failure), run(neverRan), undefined],
    ['stopped', machine('Halted', failure), undefined, undefined],
  ])('%s', (...[, vm, vmi, want]) => {
    expect(vmStatus(vm, vmi === undefined ? {} : { vmi }, now).startFailure).toEqual(want);
  });

  test('grows to five minutes', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 100].map(backOffSeconds)).toEqual([10, 10, 40, 90, 160, 250, 300, 300]);
  });
});

test('every phase has a word', () => {
  expect(vmiPhases.map((phase) => vmStatus(machine(), { vmi: run({ phase }) }, now).printableStatus)).toEqual([
    'Starting',
    'Starting',
    'Starting',
    'Running',
    'Stopped',
    'CrashLoopBackOff',
    'Unknown',
  ]);
});
