// Owns what each edit of a card changes, and that the core takes what comes of it.
import { expect, test } from 'vitest';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { jsonPatch } from '../../../electron/server/json-patch.ts';
import { addCardPatch, cablePatch, takeOutPatch } from '../../../renderer/features/machines/card-edits.ts';

function machine(spec: object): VirtualMachine {
  const metadata = {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '1',
    generation: 1,
    creationTimestamp: '2026-01-01T00:00:00Z',
  };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata, spec: { template: { spec } } } as never;
}

const user = { name: 'default', masquerade: {} };
const lab = { name: 'lab', bridge: {} };
const both = machine({
  domain: { devices: { interfaces: [user, lab] } },
  networks: [
    { name: 'default', pod: {} },
    { name: 'lab', multus: { networkName: 'lab' } },
  ],
});

function after(vm: VirtualMachine, patch: ReturnType<typeof cablePatch>): unknown {
  const patched = jsonPatch(vm as never, patch);
  if (!patched.ok) throw new Error(JSON.stringify(patched.causes));
  const { spec } = (patched.value as never as VirtualMachine).spec.template;
  return [spec?.domain.devices.interfaces, spec?.networks?.map(({ name, multus }) => multus?.networkName ?? name)];
}

test('a cable is pulled and put back', () => {
  expect(after(both, cablePatch(both, 'lab', false))).toEqual([
    [user, { ...lab, state: 'down' }],
    ['default', 'lab'],
  ]);
  const pulled = machine({ ...both.spec.template.spec, domain: { devices: { interfaces: [user, { ...lab, state: 'down' }] } } });
  expect(after(pulled, cablePatch(pulled, 'lab', true))).toEqual([
    [user, lab],
    ['default', 'lab'],
  ]);
});

test('a card is taken out with its network', () => {
  expect(after(both, takeOutPatch(both, 'lab'))).toEqual([[user], ['default']]);
});

test('a card is added under a name of its own; a silent machine keeps the user network', () => {
  expect(after(both, addCardPatch(both, { networkName: 'lab', binding: 'bridge' }))).toEqual([
    [user, lab, { name: 'lab-2', bridge: {} }],
    ['default', 'lab', 'lab'],
  ]);
  const silent = machine({ domain: { devices: {} } });
  expect(after(silent, addCardPatch(silent, { networkName: 'other/lab', binding: 'bridge' }))).toEqual([
    [user, lab],
    ['default', 'other/lab'],
  ]);
  const alone = machine({ domain: { devices: { autoattachPodInterface: false } } });
  expect(after(alone, addCardPatch(alone, { networkName: 'lab', binding: 'bridge' }))).toEqual([[lab], ['lab']]);
  const functions = addCardPatch(alone, { networkName: 'lab', binding: 'sriov' });
  expect(after(alone, functions)).toEqual([[{ name: 'lab', sriov: {} }], ['lab']]);
});
