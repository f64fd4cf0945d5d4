// Owns the rows of what changing the form does beside the change, and of reading the stored objects.
// Must not test validation.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { CreateForm } from '../../../renderer/features/create/form.ts';
import { type Change, changed } from '../../../renderer/features/create/form-changes.ts';
import { withSuggestions } from '../../../renderer/features/create/suggestions.ts';
import { worldOf } from '../../../renderer/features/create/world.ts';
import { noOffers } from '../../../renderer/ui/device-groups.ts';
import { computer, form, world } from './forms.ts';

describe('changed', () => {
  test.each<{ change: Change; touched: readonly (keyof CreateForm['touched'])[] }>([
    { change: { section: 'name', to: 'x' }, touched: ['name'] },
    { change: { section: 'size', to: { cpus: 3 } }, touched: ['size'] },
    { change: { section: 'disk', to: { sizeGiB: 3 } }, touched: ['diskSize'] },
    { change: { section: 'disk', to: { bus: 'sata' } }, touched: [] },
    { change: { section: 'network', to: { mac: 'x' } }, touched: [] },
    { change: { section: 'network', to: { mode: 'bridge' } }, touched: ['connection'] },
    { change: { section: 'network', to: { forwards: [] } }, touched: ['forwards'] },
    { change: { section: 'account', to: { password: 'x' } }, touched: [] },
    { change: { section: 'account', to: { sshKeys: [] } }, touched: ['account'] },
    { change: { section: 'options', to: { firmware: 'uefi' } }, touched: ['firmware'] },
    { change: { section: 'options', to: { run: 'always' } }, touched: [] },
    { change: { section: 'startWhenCreated', to: false }, touched: [] },
  ])('$change', ({ change, touched }) => {
    const next = changed(form(), change);
    expect(Object.entries(next.touched).flatMap(([name, yes]) => (yes ? [name] : []))).toEqual(touched);
  });

  test('another system and back loses nothing that was entered', () => {
    const steps: readonly Change[] = [
      { section: 'system', to: { source: 'file', path: '/a.iso' } },
      { section: 'name', to: 'mine' },
      { section: 'account', to: { user: 'me' } },
      { section: 'system', to: { source: 'empty' } },
      { section: 'system', to: { source: 'file' } },
    ];
    const end = steps.reduce((last, change) => withSuggestions(changed(last, change), world()), form({ name: '' }));
    expect([end.system.path, end.name, end.account.user]).toEqual(['/a.iso', 'mine', 'me']);
  });
});

const metadata = (name: string, namespace = 'default') => ({
  name,
  namespace,
  uid: name,
  resourceVersion: '1',
  generation: 1,
  creationTimestamp: '2026-01-01T00:00:00Z',
});

function machine(name: string, forwards?: string): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { ...metadata(name), ...(forwards === undefined ? {} : { annotations: { 'virtdeck.io/port-forwards': forwards } }) },
    spec: { template: { spec: { domain: { devices: {} } } } },
  };
}

function run(phase: string, memory: object): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: metadata(phase),
    spec: { domain: { devices: {}, ...memory } },
    status: { phase },
  };
}

test('worldOf reads names of the project, ports of all machines, memory of what runs', () => {
  const object = (name: string, namespace?: string) => ({ apiVersion: 'v1', kind: 'X', metadata: metadata(name, namespace) });
  expect(
    worldOf({
      namespace: 'default',
      machines: [machine('a', '[{"host":2222},{"host":"x"},null]'), machine('b', 'broken'), machine('c', '{}'), machine('d')],
      instances: [
        run('Running', { memory: { guest: '1Gi' } }),
        run('Scheduling', { resources: { requests: { memory: '512Mi' } } }),
        run('Succeeded', { memory: { guest: '8Gi' } }),
      ],
      volumes: [object('v'), object('w', 'other')],
      claims: [object('v'), object('p')],
      secrets: [object('s')],
      networks: [object('lan', 'other'), object('blue')],
      computer,
    }),
  ).toEqual({
    namespace: 'default',
    devices: noOffers,
    networkNames: ['blue', 'other/lan'],
    functionNetworks: new Set(),
    machineNames: new Set(['a', 'b', 'c', 'd']),
    diskNames: new Set(['v', 'p']),
    secretNames: new Set(['s']),
    forwardedPorts: new Set([2222]),
    promisedMiB: 1536,
    computer,
    user: computer.user,
  });
});
