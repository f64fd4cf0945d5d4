// Owns the proof that a machine's view says what its objects say, and stays the same value while they do.
// Must not test filters.
import { describe, expect, test } from 'vitest';
import { createMachineViews, machineView } from '../../../renderer/features/machines/machine-view.ts';
import { withDomain, withMeta } from '../../fakes/builders.ts';
import { createdAt, storedVm, storedVmi } from './machines.ts';

test('a running machine', () => {
  const definition = storedVm(
    'web',
    { status: { printableStatus: 'Running' } },
    withMeta({ labels: { tier: 'front', plain: '' }, annotations: { 'virtdeck.io/description': 'The shop' } }),
    withDomain((domain) => ({ ...domain, cpu: { sockets: 1, cores: 2, threads: 2 } })),
  );
  const run = storedVmi(definition, {
    phase: 'Running',
    nodeName: 'desk',
    interfaces: [{ name: 'default', ipAddress: '10.0.2.15', ipAddresses: ['10.0.2.15', 'fe80::1'] }],
    phaseTransitionTimestamps: [{ phase: 'Running', phaseTransitionTimestamp: '2026-01-01T00:01:00Z' }],
  });
  const { vm: _vm, vmi: _vmi, state: _state, ...view } = machineView(definition, run);
  expect(view).toEqual({
    id: 'default/web',
    namespace: 'default',
    name: 'web',
    status: { id: 'Running', group: 'running' },
    size: { vcpus: 4, sockets: 1, cores: 2, threads: 2, memoryMiB: 256 },
    description: 'The shop',
    labels: ['tier=front', 'plain'],
    addresses: ['10.0.2.15', 'fe80::1'],
    node: 'desk',
    startedAt: '2026-01-01T00:01:00Z',
    text: 'web\nthe shop\ntier=front\nplain\n10.0.2.15\nfe80::1\ndesk',
  });
});

test('a run that has not told when it began is as old as its object', () => {
  const definition = storedVm('web', { status: { printableStatus: 'Running' } });
  expect(machineView(definition, storedVmi(definition)).startedAt).toBe(createdAt);
});

describe('createMachineViews', () => {
  const a = storedVm('a', { status: { printableStatus: 'Stopped' } });
  const b = storedVm('b-10', { status: { printableStatus: 'Stopped' } });
  const c = storedVm('b-9', { status: { printableStatus: 'Stopped' } });

  test('sorts names as people do', () => {
    expect(createMachineViews()([b, c, a], []).map(({ name }) => name)).toEqual(['a', 'b-9', 'b-10']);
  });

  test('keeps the order true when machines come, go and change', () => {
    const views = createMachineViews();
    const names = (vms: readonly (typeof a)[]): string =>
      views(vms, [])
        .map(({ name }) => name)
        .join(' ');
    const changed = { ...b, metadata: { ...b.metadata, resourceVersion: '2' } };
    expect([names([b, a]), names([changed, a]), names([changed, a, c]), names([c, a]), names([])]).toEqual([
      'a b-10',
      'a b-10',
      'a b-9 b-10',
      'a b-9',
      '',
    ]);
  });

  test('gives the same view for the same objects, a new one when either changed', () => {
    const views = createMachineViews();
    const [first] = views([a], []);
    expect(views([a, b], [])[0]).toBe(first);
    const run = storedVmi(a);
    const [started] = views([a], [run]);
    expect(started).not.toBe(first);
    expect(views([a], [run])[0]).toBe(started);
  });
});
