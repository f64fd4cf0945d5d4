// What becomes of a machine on its way to a cluster and back: a remark for every field that is not the same, a cause for what stands against it.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { TransferSpec } from '../../../electron/api/kinds/transfer.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { incoming, type IncomingFacts } from '../../../electron/core/clusters/incoming.ts';
import { outgoing, type OutgoingFacts, transferLabel } from '../../../electron/core/clusters/outgoing.ts';
import { referencesOf } from '../../../electron/core/clusters/references.ts';

type Template = NonNullable<VirtualMachine['spec']['template']['spec']>;

interface Given {
  readonly spec?: Partial<VirtualMachine['spec']>;
  readonly template?: Partial<Template>;
  readonly devices?: Template['domain']['devices'];
  readonly notes?: Readonly<Record<string, string>>;
}

function machine({ spec, template, devices, notes }: Given = {}): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(notes === undefined ? {} : { annotations: notes }),
    },
    spec: {
      runStrategy: 'Manual',
      ...spec,
      template: { spec: { domain: { memory: { guest: '1Gi' }, devices: { ...devices } }, ...template } },
    },
  };
}

const sending: TransferSpec = { direction: 'send', connection: 'lab', machine: 'web', disks: 'upload' };
const disk = { path: '/pool/default/root.qcow2', format: 'qcow2', sizeBytes: 2 ** 30 } as const;

function sent(vm: VirtualMachine, facts: Partial<OutgoingFacts> = {}) {
  return outgoing(vm, 'uid-1', {
    spec: sending,
    namespace: 'team',
    running: false,
    hostname: 'desk',
    files: new Map(),
    found: new Map(),
    ...facts,
  });
}

const lines = ({ remarks }: { readonly remarks: readonly { readonly type: string; readonly field: string }[] }): string[] =>
  remarks.map(({ type, field }) => `${type} ${field}`);

describe('to a cluster', () => {
  test('a plain machine goes as it is, stopped and marked', () => {
    const { machine: there, causes, remarks, disks } = sent(machine());
    expect([causes, remarks, disks]).toEqual([[], [], []]);
    expect(there).toMatchObject({
      metadata: { name: 'web', namespace: 'team', labels: { [transferLabel]: 'uid-1' } },
      spec: { runStrategy: 'Manual' },
    });
  });

  const rows: readonly (readonly [what: string, given: Given, facts: Partial<OutgoingFacts>, expected: readonly string[]])[] = [
    ['a run strategy', { spec: { runStrategy: 'Always' } }, {}, ['changed spec.runStrategy']],
    ['port forwards', { notes: { [annotations.portForwards]: '[]' } }, {}, [`removed metadata.annotations[${annotations.portForwards}]`]],
    ['a description', { notes: { [annotations.description]: 'x' } }, {}, [`changed metadata.annotations[${annotations.description}]`]],
    [
      'a disk',
      { template: { volumes: [{ name: 'root', dataVolume: { name: 'web-root' } }] } },
      { files: new Map([['root', disk]]) },
      ['changed spec.template.spec.volumes[0]'],
    ],
    [
      'a node of this computer',
      { template: { nodeSelector: { 'kubernetes.io/hostname': 'desk', disk: 'nvme' } } },
      {},
      ['removed spec.template.spec.nodeSelector[kubernetes.io/hostname]'],
    ],
    [
      'a device of this computer',
      { devices: { hostDevices: [{ name: 'gpu', deviceName: 'nvidia.com/GA102' }] } },
      {},
      ['needed spec.template.spec.domain.devices.hostDevices[0]'],
    ],
    ['a TPM that keeps', { devices: { tpm: { persistent: true } } }, {}, ['removed spec.template.spec.domain.devices.tpm']],
    [
      'a Secret that is not there',
      { template: { volumes: [{ name: 'ci', cloudInitNoCloud: { secretRef: { name: 'ci' } } }] } },
      { found: new Map([['/api/v1/namespaces/team/secrets/ci', false]]) },
      ['needed spec.template.spec.volumes[0].secretRef'],
    ],
    [
      'a Secret that nobody may look for',
      { template: { volumes: [{ name: 'ci', cloudInitNoCloud: { secretRef: { name: 'ci' } } }] } },
      {},
      [],
    ],
    [
      'a network that is not there',
      {
        devices: { interfaces: [{ name: 'lan', bridge: {} }] },
        template: { networks: [{ name: 'lan', multus: { networkName: 'office' } }] },
      },
      { found: new Map([['/apis/k8s.cni.cncf.io/v1/namespaces/team/network-attachment-definitions/office', false]]) },
      ['changed spec.template.spec.networks[0]'],
    ],
  ];
  test.each(rows)('%s', (...[, given, facts, expected]) => {
    expect(lines(sent(machine(given), facts))).toEqual(expected);
  });

  test('its own words do not go to a stranger', () => {
    const there = sent(
      machine({ notes: { [annotations.description]: 'The shop', [annotations.vncListen]: '0.0.0.0', mine: 'kept' } }),
    ).machine;
    expect(there.metadata.annotations).toEqual({ description: 'The shop', mine: 'kept' });
  });

  test('a disk becomes a claim of the same size, filled before the machine is there', () => {
    const vm = machine({ template: { volumes: [{ name: 'root', dataVolume: { name: 'web-root' } }] } });
    const going = sent(vm, { files: new Map([['root', disk]]), spec: { ...sending, storageClassName: 'fast' } });
    expect(going.dataVolumes).toMatchObject([
      {
        metadata: { name: 'web-root', namespace: 'team', labels: { [transferLabel]: 'uid-1' } },
        spec: { source: { upload: {} }, storage: { storageClassName: 'fast', resources: { requests: { storage: '1Gi' } } } },
      },
    ]);
  });

  test('every reason why it cannot go is said at once', () => {
    const vm = machine({ template: { volumes: [{ name: 'root', dataVolume: { name: 'gone' } }] } });
    const { causes } = sent(vm, { running: true, files: new Map([['root', 'missing']]) });
    expect(causes.map(({ reason, field }) => `${reason} ${field}`)).toEqual([
      'Running spec.machine',
      'FieldValueNotFound spec.template.spec.volumes[0]',
    ]);
    expect(causes.every(({ fix }) => fix !== undefined && fix !== '')).toBe(true);
  });

  test('container images are named one after the other', () => {
    const vm = machine({
      template: {
        volumes: [
          { name: 'a', hostDisk: { path: '/a', type: 'Disk' } },
          { name: 'b', hostDisk: { path: '/b', type: 'Disk' } },
        ],
      },
    });
    const files = new Map([
      ['a', { ...disk, path: '/a' }],
      ['b', { ...disk, path: '/b' }],
    ]);
    const spec: TransferSpec = { ...sending, disks: 'containerdisk', image: 'r.example.com:5000/team/web:1' };
    expect(sent(vm, { files, spec }).disks.map(({ image }) => image)).toEqual([
      'r.example.com:5000/team/web:1',
      'r.example.com:5000/team/web-2:1',
    ]);
    expect(sent(vm, { files, spec: { ...spec, image: undefined } }).causes).toMatchObject([{ field: 'spec.image' }]);
  });
});

const bringing: TransferSpec = { direction: 'bring', connection: 'lab', machine: 'web', disks: 'upload' };

function brought(vm: VirtualMachine, facts: Partial<IncomingFacts> = {}) {
  return incoming(vm, 'uid-1', {
    spec: bringing,
    namespace: 'default',
    running: false,
    claimBytes: new Map(),
    found: new Map(),
    taken: new Set(),
    ...facts,
  });
}

describe('from a cluster', () => {
  test('a disk is downloaded under a name that is free', () => {
    const vm = machine({ template: { volumes: [{ name: 'root', dataVolume: { name: 'web-root' } }] } });
    const coming = brought(vm, { claimBytes: new Map([['web-root', 2 ** 30]]), taken: new Set(['web-root', 'web-root-2']) });
    expect(coming.disks).toEqual([{ volume: 'root', remote: 'web-root', claim: 'web-root-3', sizeBytes: 2 ** 30 }]);
    expect(coming.machine).toMatchObject({
      spec: { template: { spec: { volumes: [{ name: 'root', dataVolume: { name: 'web-root-3' } }] } } },
    });
  });

  test('every reason why it cannot come is said at once', () => {
    const vm = machine({
      template: {
        volumes: [
          { name: 'root', persistentVolumeClaim: { claimName: 'gone' } },
          { name: 'host', hostDisk: { path: '/x', type: 'Disk' } },
        ],
      },
    });
    expect(brought(vm, { running: true, claimBytes: new Map([['gone', undefined]]) }).causes.map(({ reason }) => reason)).toEqual([
      'Running',
      'FieldValueNotFound',
      'FieldValueNotSupported',
    ]);
  });

  test('what controllers of the cluster wrote about the cluster stays there', () => {
    const notes = { 'kubevirt.io/latest-observed-api-version': 'v1', 'kubemacpool.io/x': 'y', description: 'The shop', mine: 'kept' };
    expect(brought(machine({ notes })).machine.metadata.annotations).toEqual({ 'virtdeck.io/description': 'The shop', mine: 'kept' });
  });

  test('a field that this computer does not honour is said', () => {
    expect(lines(brought(machine({ template: { schedulerName: 'mine' } })))).toContain('unknown spec.template.spec.schedulerName');
  });
});

test('a machine speaks of Secrets, ConfigMaps, networks and types by name', () => {
  const vm = machine({
    spec: { instancetype: { name: 'u1.small' } },
    template: {
      volumes: [
        { name: 'a', secret: { secretName: 's' } },
        { name: 'b', configMap: { name: 'c' } },
      ],
      networks: [{ name: 'lan', multus: { networkName: 'infra/office' } }],
    },
  });
  expect(referencesOf(vm, 'team').map(({ path }) => path)).toEqual([
    '/api/v1/namespaces/team/secrets/s',
    '/api/v1/namespaces/team/configmaps/c',
    '/apis/k8s.cni.cncf.io/v1/namespaces/infra/network-attachment-definitions/office',
    '/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes/u1.small',
  ]);
});
