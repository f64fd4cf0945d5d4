// Owns the rows of how far a new machine is.
// Must not test wording.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { creationState, progressOf, stagesOf } from '../../../renderer/features/create/progress.ts';

function volume(name: string, { phase, progress, message }: { phase?: string; progress?: string; message?: string } = {}): DataVolume {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name,
      uid: '1',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(progress === undefined ? {} : { annotations: { 'virtdeck.io/progress': progress } }),
    },
    spec: {},
    status: {
      ...(phase === undefined ? {} : { phase }),
      ...(message === undefined ? {} : { conditions: [{ type: 'Running', status: 'False', message }] }),
    },
  };
}

function machine(printableStatus: string, conditions: { type: string; status: string; message?: string }[] = []): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web', uid: '2', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { template: { spec: { domain: { devices: {} } } } },
    status: { printableStatus, conditions },
  };
}

const running = '{"step":"download","percent":34,"doneBytes":1200,"totalBytes":3500,"secondsLeft":40}';

describe('stagesOf', () => {
  test.each([
    {
      name: 'nothing heard yet',
      creation: { machine: undefined, disks: ['a'], volumes: [], willStart: true },
      want: [
        { id: 'a', kind: 'disk', state: 'waiting' },
        { id: 'start', kind: 'start', state: 'waiting' },
      ],
      state: 'working',
    },
    {
      name: 'an import by a cluster, which says no more than the percentage',
      creation: {
        machine: machine('Provisioning'),
        disks: ['a'],
        volumes: [{ ...volume('a'), status: { phase: 'ImportInProgress', progress: '34.5%' } }],
        willStart: false,
      },
      want: [{ id: 'a', kind: 'disk', state: 'working', percent: 34.5 }],
      state: 'working',
    },
    {
      name: 'a cluster that forgets a DataVolume as soon as it is filled',
      creation: { machine: machine('Running'), disks: ['a'], volumes: [], willStart: true },
      want: [
        { id: 'a', kind: 'disk', state: 'done', percent: 100 },
        { id: 'start', kind: 'start', state: 'done' },
      ],
      state: 'done',
    },
    {
      name: 'a download with its numbers',
      creation: {
        machine: machine('Provisioning'),
        disks: ['a'],
        volumes: [volume('a', { phase: 'ImportInProgress', progress: running })],
        willStart: true,
      },
      want: [
        { id: 'a', kind: 'disk', state: 'working', step: 'download', percent: 34, doneBytes: 1200, totalBytes: 3500, secondsLeft: 40 },
        { id: 'start', kind: 'start', state: 'waiting' },
      ],
      state: 'working',
    },
    {
      name: 'disks there, starting',
      creation: {
        machine: machine('Starting'),
        disks: ['a'],
        volumes: [volume('a', { phase: 'Succeeded', progress: running })],
        willStart: true,
      },
      want: [
        { id: 'a', kind: 'disk', state: 'done', percent: 100 },
        { id: 'start', kind: 'start', state: 'working' },
      ],
      state: 'working',
    },
    {
      name: 'running',
      creation: { machine: machine('Running'), disks: [], volumes: [], willStart: true },
      want: [{ id: 'start', kind: 'start', state: 'done' }],
      state: 'done',
    },
    {
      name: 'a disk that failed says why',
      creation: {
        machine: machine('DataVolumeError'),
        disks: ['a'],
        volumes: [volume('a', { phase: 'Failed', message: 'The server answered 404.' })],
        willStart: false,
      },
      want: [{ id: 'a', kind: 'disk', state: 'failed', message: 'The server answered 404.' }],
      state: 'failed',
    },
    {
      name: 'a machine that cannot be placed says why',
      creation: {
        machine: machine('ErrorUnschedulable', [
          { type: 'Ready', status: 'False', message: 'not ready' },
          { type: 'Failure', status: 'True', message: '2 GiB are missing.' },
        ]),
        disks: [],
        volumes: [],
        willStart: true,
      },
      want: [{ id: 'start', kind: 'start', state: 'failed', message: '2 GiB are missing.' }],
      state: 'failed',
    },
    {
      name: 'a machine without its disks says nothing new',
      creation: {
        machine: machine('ErrorPvcNotFound', [{ type: 'Ready', status: 'False', message: 'VMI does not exist' }]),
        disks: ['a'],
        volumes: [volume('a', { phase: 'ImportInProgress' })],
        willStart: true,
      },
      want: [
        { id: 'a', kind: 'disk', state: 'working' },
        { id: 'start', kind: 'start', state: 'waiting' },
      ],
      state: 'working',
    },
    {
      name: 'the condition that knows the reason',
      creation: {
        machine: machine('ErrorPvcNotFound', [
          { type: 'Ready', status: 'False', message: 'Guest VM is not reported as running' },
          { type: 'Synchronized', status: 'False', message: 'PVC default/a not found.' },
        ]),
        disks: [],
        volumes: [],
        willStart: true,
      },
      want: [{ id: 'start', kind: 'start', state: 'failed', message: 'PVC default/a not found.' }],
      state: 'failed',
    },
    {
      name: 'nothing to wait for',
      creation: { machine: machine('Stopped'), disks: [], volumes: [], willStart: false },
      want: [],
      state: 'done',
    },
  ])('$name', ({ creation, want, state }) => {
    const stages = stagesOf(creation);
    expect([stages, creationState(stages)]).toEqual([want, state]);
  });
});

test.each(['', '{', '[]', 'null', '3', '{"percent":"x","step":4}'])('progress that is none: %s', (progress) => {
  expect(progressOf(volume('a', { progress }))).toEqual({});
});
