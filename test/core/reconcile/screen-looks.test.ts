// Owns the proof of whose screen is looked at.
// Must not look.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { isLookedAt, lookEveryMs, type Occupation } from '../../../electron/core/reconcile/screen-looks.ts';

const free: Occupation = { isStopping: false, isBeingSaved: false, isDown: false };

type Spec = VirtualMachineInstance['spec'];
type Domain = Spec['domain'];

interface Given {
  readonly metadata?: Partial<VirtualMachineInstance['metadata']>;
  readonly domain?: Partial<Domain>;
  readonly status?: NonNullable<VirtualMachineInstance['status']>;
}

function run({ metadata, domain, status }: Given = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'run',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-05-01T09:00:00Z',
      ...metadata,
    },
    spec: { domain: { devices: {}, ...domain } },
    status: { phase: 'Running', ...status },
  };
}

test.each<{ readonly what: string; readonly vmi?: Given; readonly occupation?: Partial<Occupation>; readonly looked: boolean }>([
  { what: 'one that runs', looked: true },
  { what: 'before it runs', vmi: { status: { phase: 'Scheduled' } }, looked: false },
  { what: 'after its end', vmi: { status: { phase: 'Failed' } }, looked: false },
  { what: 'on its way out', vmi: { metadata: { deletionTimestamp: '2026-05-01T10:00:00Z' } }, looked: false },
  { what: 'paused', vmi: { status: { phase: 'Running', conditions: [{ type: 'Paused', status: 'True' }] } }, looked: false },
  { what: 'paused before', vmi: { status: { phase: 'Running', conditions: [{ type: 'Paused', status: 'False' }] } }, looked: true },
  { what: 'without a screen', vmi: { domain: { devices: { autoattachGraphicsDevice: false } } }, looked: false },
  { what: 'real-time', vmi: { domain: { cpu: { cores: 2, realtime: {} } } }, looked: false },
  { what: 'pinned alone', vmi: { domain: { cpu: { cores: 2, dedicatedCpuPlacement: true } } }, looked: true },
  { what: 'being stopped', occupation: { isStopping: true }, looked: false },
  { what: 'being saved', occupation: { isBeingSaved: true }, looked: false },
  { what: 'between the halves of a reboot', occupation: { isDown: true }, looked: false },
])('$what', ({ vmi, occupation, looked }) => {
  expect(isLookedAt(run(vmi), { ...free, ...occupation })).toBe(looked);
});

test('a guest that hung shows the screen that is kept: kernels feed a heartbeat of 30 s after half of it', () => {
  expect(lookEveryMs).toBeLessThan(15_000);
});
