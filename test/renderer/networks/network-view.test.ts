// Owns what the page of networks shows, and the definitions that its form makes.
import { expect, test } from 'vitest';
import type { NetworkAttachmentDefinition } from '../../../electron/api/kinds/network-attachment-definition.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { readAttachment } from '../../../electron/core/network/attachment.ts';
import { interfaceNameFault } from '../../../electron/core/network/interface-name.ts';
import { isInterfaceName, networkDraft, networkProblems, networkViews } from '../../../renderer/features/networks/network-view.ts';

const meta = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };

function definition(name: string, config: string, namespace = 'default'): NetworkAttachmentDefinition {
  return {
    apiVersion: 'k8s.cni.cncf.io/v1',
    kind: 'NetworkAttachmentDefinition',
    metadata: { ...meta, name, namespace },
    spec: { config },
  };
}

function machine(name: string, networkName: string, namespace = 'default'): VirtualMachine {
  const spec = { domain: { devices: {} }, networks: [{ name: 'lan', multus: { networkName } }] };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { ...meta, name, namespace }, spec: { template: { spec } } };
}

function run(name: string, networkName: string): VirtualMachineInstance {
  const spec = { domain: { devices: {} }, networks: [{ name: 'lan', multus: { networkName } }] };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata: { ...meta, name, namespace: 'default' }, spec };
}

test('each network with its bridge, its VLAN and its machines, those of other projects and runs without a machine as well', () => {
  const definitions = [
    definition('lab', '{"plugins": [{"type": "cnv-tuning"}, {"type": "cnv-bridge", "bridge": "br1", "vlan": 10, "macspoofchk": true}]}'),
    definition('home', '{"type": "bridge", "bridge": "br0", "vlan": 0}'),
    definition('broken', 'no JSON'),
    definition('fast', '{"type": "sriov", "vlan": 100, "spoofchk": "on"}'),
  ];
  const machines = [machine('a', 'lab'), machine('b', 'default/lab', 'other'), machine('c', 'lab', 'other')];
  // `a` runs; `alone` is a run that no machine owns.
  const runs = [run('a', 'lab'), run('alone', 'lab')];
  const usedBy = [
    { namespace: 'default', name: 'a', isRunning: true },
    { namespace: 'default', name: 'alone', isRunning: true },
    { namespace: 'other', name: 'b', isRunning: false },
  ];
  expect(networkViews(definitions, machines, runs)).toEqual([
    { id: 'default/broken', namespace: 'default', name: 'broken', onlyOwnAddress: false, usedBy: [] },
    { id: 'default/fast', namespace: 'default', name: 'fast', functions: {}, vlan: 100, onlyOwnAddress: true, usedBy: [] },
    { id: 'default/home', namespace: 'default', name: 'home', bridge: 'br0', onlyOwnAddress: false, usedBy: [] },
    { id: 'default/lab', namespace: 'default', name: 'lab', bridge: 'br1', vlan: 10, onlyOwnAddress: true, usedBy },
  ]);
});

const good = { name: 'lab', kind: 'bridge', bridge: 'br1', resourceName: '', vlan: '10', onlyOwnAddress: true } as const;
const functions = { ...good, kind: 'sriov', bridge: '', resourceName: 'intel.com/vf' } as const;

test('what the form makes is what the core reads', () => {
  const { spec } = networkDraft(good, 'default') as { readonly spec?: { readonly config?: string } };
  expect(readAttachment(spec?.config)).toEqual({
    attachment: { type: 'bridge', bridge: 'br1', vlan: 10, macSpoofCheck: true },
    causes: [],
    warnings: [],
  });
  const drawn = networkDraft(functions, 'default') as NetworkAttachmentDefinition;
  expect(drawn.metadata.annotations).toEqual({ 'k8s.v1.cni.cncf.io/resourceName': 'intel.com/vf' });
  expect(readAttachment(drawn.spec?.config)).toEqual({
    attachment: { type: 'sriov', vlan: 10, qos: 0, spoofCheck: true, trust: false },
    causes: [],
    warnings: [],
  });
});

test.each([
  [{}, {}],
  [{ vlan: '' }, {}],
  [{ vlan: '0' }, { vlan: 'vlan' }],
  [{ vlan: '4095' }, { vlan: 'vlan' }],
  [{ vlan: '1e1' }, { vlan: 'vlan' }],
  [{ name: 'Lab' }, { name: 'name' }],
  [{ name: 'home' }, { name: 'taken' }],
  [{ bridge: 'a b' }, { bridge: 'bridge' }],
  [{ bridge: '' }, { bridge: 'bridge' }],
  [functions, {}],
] as const)('%j has %j', (change, problems) => {
  expect(networkProblems({ ...good, ...change }, new Set(['home']))).toEqual(problems);
});

test.each(['br1', 'br-lan', 'a.b', '-x', '.x', 'a234567890123456', 'a/b'])('%s is a name here exactly when the core takes it', (name) => {
  expect(isInterfaceName(name)).toBe(interfaceNameFault(name) === undefined);
});
