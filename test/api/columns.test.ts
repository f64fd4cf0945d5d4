// Owns what kubectl prints of every kind.
import { describe, expect, test } from 'vitest';
import { kinds } from '../../electron/api/kinds/registry.ts';
import { valueAt } from '../../electron/api/kinds/columns.ts';
import { kindOf } from '../../electron/api/kinds/registry.ts';
import type { KubeObject } from '../../electron/api/object.ts';

const metadata = {
  name: 'web',
  namespace: 'default',
  uid: 'u',
  resourceVersion: '7',
  generation: 1,
  creationTimestamp: '2026-01-02T03:04:05Z',
};

type Row = readonly [resource: string, object: Partial<KubeObject> & Record<string, unknown>, cells: Readonly<Record<string, unknown>>];

/** What kubectl prints, column by column; `-o wide` adds those in brackets. */
const rows: readonly Row[] = [
  [
    'virtualmachines.kubevirt.io',
    { status: { printableStatus: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } },
    { Name: 'web', Age: metadata.creationTimestamp, Status: 'Running', Ready: 'True' },
  ],
  ['virtualmachines.kubevirt.io', {}, { Name: 'web', Age: metadata.creationTimestamp, Status: undefined, Ready: undefined }],
  [
    'virtualmachineinstances.kubevirt.io',
    {
      status: {
        phase: 'Running',
        nodeName: 'workshop',
        interfaces: [{ ipAddress: '10.0.2.15' }],
        conditions: [
          { type: 'Ready', status: 'False' },
          { type: 'LiveMigratable', status: 'False' },
          { type: 'Paused', status: 'True' },
        ],
      },
    },
    {
      Name: 'web',
      Age: metadata.creationTimestamp,
      Phase: 'Running',
      IP: '10.0.2.15',
      NodeName: 'workshop',
      Ready: 'False',
      '[Live-Migratable]': 'False',
      '[Paused]': 'True',
    },
  ],
  ['hyperconvergeds.hco.kubevirt.io', {}, { Name: 'web', Age: metadata.creationTimestamp }],
  [
    'datavolumes.cdi.kubevirt.io',
    { status: { phase: 'ImportInProgress', progress: '34.00%', restartCount: 1 } },
    { Name: 'web', Phase: 'ImportInProgress', Progress: '34.00%', Restarts: 1, Age: metadata.creationTimestamp },
  ],
  [
    'persistentvolumeclaims',
    {
      spec: { volumeName: 'pv-1', storageClassName: 'local', volumeMode: 'Filesystem' },
      status: { phase: 'Bound', accessModes: ['ReadWriteMany', 'ReadWriteOnce'], capacity: { storage: '1Gi' } },
    },
    {
      Name: 'web',
      Status: 'Bound',
      Volume: 'pv-1',
      Capacity: '1Gi',
      'Access Modes': 'RWO,RWX',
      StorageClass: 'local',
      VolumeAttributesClass: '<unset>',
      Age: metadata.creationTimestamp,
      '[VolumeMode]': 'Filesystem',
    },
  ],
  ['namespaces', { status: { phase: 'Active' } }, { Name: 'web', Status: 'Active', Age: metadata.creationTimestamp }],
  [
    'nodes',
    {
      metadata: { ...metadata, labels: { 'node-role.kubernetes.io/worker': '', 'node-role.kubernetes.io/control-plane': '' } },
      spec: { unschedulable: true },
      status: {
        conditions: [{ type: 'Ready', status: 'True' }],
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        nodeInfo: { kubeletVersion: 'v1', osImage: 'Debian 12', kernelVersion: '6.1', containerRuntimeVersion: 'qemu://7.2' },
      },
    },
    {
      Name: 'web',
      Status: 'Ready,SchedulingDisabled',
      Roles: 'control-plane,worker',
      Age: metadata.creationTimestamp,
      Version: 'v1',
      '[Internal-IP]': '127.0.0.1',
      '[External-IP]': '<none>',
      '[OS-Image]': 'Debian 12',
      '[Kernel-Version]': '6.1',
      '[Container-Runtime]': 'qemu://7.2',
    },
  ],
  ['secrets', { type: 'Opaque', data: { a: '', b: '' } }, { Name: 'web', Type: 'Opaque', Data: 2, Age: metadata.creationTimestamp }],
  ['configmaps', { data: { a: '' }, binaryData: { b: '' } }, { Name: 'web', Data: 2, Age: metadata.creationTimestamp }],
  [
    'events',
    {
      involvedObject: { apiVersion: 'v1', kind: 'VirtualMachine', name: 'web', uid: 'u' },
      lastTimestamp: '2026-01-02T03:05:00Z',
      firstTimestamp: '2026-01-02T03:04:00Z',
      type: 'Warning',
      reason: 'FailedCreate',
      message: 'no',
      count: 3,
      source: { component: 'virtdeck' },
    },
    {
      'Last Seen': '2026-01-02T03:05:00Z',
      Type: 'Warning',
      Reason: 'FailedCreate',
      Object: 'virtualmachine/web',
      '[Source]': 'virtdeck',
      Message: 'no',
      '[First Seen]': '2026-01-02T03:04:00Z',
      '[Count]': 3,
      '[Name]': 'web',
    },
  ],
  ...[
    'virtualmachineinstancetypes.instancetype.kubevirt.io',
    'virtualmachineclusterinstancetypes.instancetype.kubevirt.io',
    'virtualmachinepreferences.instancetype.kubevirt.io',
    'virtualmachineclusterpreferences.instancetype.kubevirt.io',
  ].map((resource): Row => [resource, { spec: {} }, { Name: 'web', Age: metadata.creationTimestamp }]),
  ['virtualmachineinstancepresets.kubevirt.io', { spec: {} }, { Name: 'web', Age: metadata.creationTimestamp }],
  ...['virtualmachineinstancereplicasets.kubevirt.io', 'virtualmachinepools.pool.kubevirt.io'].map((resource): Row => [
    resource,
    { spec: { replicas: 3 }, status: { replicas: 2, readyReplicas: 1 } },
    { Name: 'web', Desired: 3, Current: 2, Ready: 1, Age: metadata.creationTimestamp },
  ]),
  [
    'resourcequotas',
    {
      spec: {},
      status: { hard: { pods: '3', 'limits.cpu': '4', 'requests.memory': '8Gi' }, used: { pods: '1', 'requests.memory': '2Gi' } },
    },
    { Name: 'web', Request: 'pods: 1/3, requests.memory: 2Gi/8Gi', Limit: 'limits.cpu: 0/4', Age: metadata.creationTimestamp },
  ],
  ['limitranges', { spec: { limits: [] } }, { Name: 'web', 'Created At': metadata.creationTimestamp }],
  [
    'priorityclasses.scheduling.k8s.io',
    { value: 1000, preemptionPolicy: 'Never' },
    { Name: 'web', Value: 1000, 'Global-Default': false, Age: metadata.creationTimestamp, PreemptionPolicy: 'Never' },
  ],
  [
    'controllerrevisions.apps',
    {
      metadata: {
        ...metadata,
        ownerReferences: [{ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'vm', uid: 'u', controller: true }],
      },
      revision: 0,
    },
    { Name: 'web', Controller: 'virtualmachine/vm', Revision: 0, Age: metadata.creationTimestamp },
  ],
  [
    'network-attachment-definitions.k8s.cni.cncf.io',
    { spec: { config: '{"type":"bridge","bridge":"br1"}' } },
    { Name: 'web', '[Config]': '{"type":"bridge","bridge":"br1"}', Age: metadata.creationTimestamp },
  ],
  [
    'virtualmachinesnapshots.snapshot.kubevirt.io',
    {
      spec: { source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'db' } },
      status: { phase: 'Succeeded', readyToUse: true, creationTime: '2026-01-02T03:04:05Z' },
    },
    {
      Name: 'web',
      SourceKind: 'VirtualMachine',
      SourceName: 'db',
      Phase: 'Succeeded',
      ReadyToUse: true,
      CreationTime: '2026-01-02T03:04:05Z',
      Error: undefined,
    },
  ],
  [
    'virtualmachinesnapshotcontents.snapshot.kubevirt.io',
    { spec: { source: {} }, status: { readyToUse: true, creationTime: '2026-01-02T03:04:05Z' } },
    { Name: 'web', ReadyToUse: true, CreationTime: '2026-01-02T03:04:05Z', Error: undefined },
  ],
  [
    'virtualmachinerestores.snapshot.kubevirt.io',
    { spec: { target: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: 'db' } }, status: { complete: false } },
    {
      Name: 'web',
      TargetKind: 'VirtualMachine',
      TargetName: 'db',
      Complete: false,
      RestoreTime: undefined,
    },
  ],
  [
    'virtualmachineexports.export.kubevirt.io',
    { spec: { source: { kind: 'VirtualMachine', name: 'db' } }, status: { phase: 'Ready' } },
    { Name: 'web', SourceKind: 'VirtualMachine', SourceName: 'db', Phase: 'Ready' },
  ],
  [
    'transfers.virtdeck.io',
    { spec: { direction: 'send', machine: 'db', connection: 'lab' }, status: { phase: 'Copying' } },
    { Name: 'web', Direction: 'send', Machine: 'db', Connection: 'lab', Phase: 'Copying', Age: metadata.creationTimestamp },
  ],
  [
    'connections.virtdeck.io',
    { spec: { kubeconfig: '/home/me/lab.yaml', context: 'lab', namespace: 'team' } },
    { Name: 'web', Context: 'lab', Project: 'team', '[Kubeconfig]': '/home/me/lab.yaml', Age: metadata.creationTimestamp },
  ],
  [
    'machineconfigs.machineconfiguration.openshift.io',
    { spec: { config: { ignition: { version: '3.2.0' } } } },
    { Name: 'web', GeneratedByController: undefined, IgnitionVersion: '3.2.0', Age: metadata.creationTimestamp },
  ],
  ['settings.virtdeck.io', { spec: { accelerator: 'tcg' } }, { Name: 'web', Accelerator: 'tcg', Age: metadata.creationTimestamp }],
];

describe('printer columns', () => {
  test.each(rows)('%s', (resource, more, cells) => {
    const object = { apiVersion: 'v1', kind: 'Any', metadata, ...more } as KubeObject;
    const printed = kindOf(resource)?.columns.map(({ name, priority, value }) => [priority === 0 ? name : `[${name}]`, value(object)]);
    expect(printed).toEqual(Object.entries(cells));
  });

  test('every kind is in the table above', () => {
    expect(
      kinds.filter(({ plural, group }) => rows.every(([resource]) => resource !== (group === '' ? plural : `${plural}.${group}`))),
    ).toEqual([]);
  });

  test('a cell never throws on an object that is nearly empty', () => {
    const bare = { apiVersion: 'v1', kind: 'Event', metadata, involvedObject: { kind: '', name: '' } } as KubeObject;
    for (const kind of kinds) for (const column of kind.columns) expect(() => column.value(bare)).not.toThrow();
  });
});

test('a path ends where the object ends', () => {
  const object = { apiVersion: 'v1', kind: 'X', metadata, status: { list: [{ a: 1 }], deep: { x: true } } } as KubeObject;
  const paths = ['status.list[0].a', 'status.list[1].a', 'status.deep', 'status.deep.x', 'status.toString', 'nothing.at.all'];
  expect(paths.map((path) => valueAt(object, path))).toEqual([1, undefined, undefined, true, undefined, undefined]);
});
