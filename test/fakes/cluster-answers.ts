// Owns what a cluster of three nodes with KubeVirt answers, in the shapes that Kubernetes 1.31, KubeVirt 1.5 and CDI 1.62 send.
// Must not hold what a workstation has as well: it is about the rest.

const at = '2026-11-20T08:00:00Z';
const project = 'shop';

function meta(name: string, more: object = {}): object {
  return { name, uid: `uid-${name}`, resourceVersion: '1000', generation: 1, creationTimestamp: at, ...more };
}

function list(apiVersion: string, kind: string, items: readonly object[]): object {
  return {
    apiVersion,
    kind: `${kind}List`,
    metadata: { resourceVersion: '1000' },
    items: items.map((item) => ({ apiVersion, kind, ...item })),
  };
}

function node(name: string, { isReady, taints = [] }: { readonly isReady: boolean; readonly taints?: readonly object[] }): object {
  const amounts = { cpu: '64', memory: '263860Mi', pods: '250', 'devices.kubevirt.io/kvm': '1k', 'nvidia.com/GA102GL_A10': '2' };
  const kubelet = isReady
    ? { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }
    : { status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
  return {
    metadata: meta(name, {
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'topology.kubernetes.io/zone': 'eu-1a',
        'node-role.kubernetes.io/worker': '',
        'cpu-model.node.kubevirt.io/SapphireRapids': 'true',
      },
    }),
    spec: { taints },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [
        { type: 'Ready', ...kubelet },
        { type: 'NetworkUnavailable', status: 'False', reason: 'CalicoIsUp', message: 'Calico is running on this node' },
      ],
    },
  };
}

const template = {
  spec: {
    architecture: 'amd64',
    evictionStrategy: 'LiveMigrate',
    domain: {
      cpu: { cores: 2, sockets: 2, threads: 1 },
      memory: { guest: '8Gi' },
      devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }], interfaces: [{ name: 'default', masquerade: {} }] },
    },
    networks: [{ name: 'default', pod: {} }],
    volumes: [{ name: 'root', dataVolume: { name: 'db-root' } }],
  },
};

function machine(name: string, status: object): object {
  return { metadata: meta(name, { namespace: project }), spec: { runStrategy: 'Always', template }, status };
}

const machines = [
  machine('db', {
    printableStatus: 'Migrating',
    ready: true,
    created: true,
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'LiveMigratable', status: 'True' },
      { type: 'StorageLiveMigratable', status: 'False', reason: 'NotMigratable', message: 'the volume root is ReadWriteOnce' },
    ],
  }),
  // A status that is younger than this program.
  machine('standby', { printableStatus: 'WaitingForReceiver', conditions: [] }),
];

const instance = {
  metadata: meta('db', { namespace: project }),
  spec: template.spec,
  status: {
    phase: 'Running',
    nodeName: 'worker-2',
    interfaces: [{ name: 'default', ipAddress: '10.128.4.17', ipAddresses: ['10.128.4.17'] }],
    conditions: [{ type: 'AgentConnected', status: 'True' }],
    migrationState: {
      sourceNode: 'worker-2',
      targetNode: 'worker-3',
      mode: 'PreCopy',
      startTimestamp: '2026-11-20T09:00:00Z',
      migrationUid: 'm',
    },
    phaseTransitionTimestamps: [{ phase: 'Running', phaseTransitionTimestamp: at }],
  },
};

const claim = {
  metadata: meta('db-root', { namespace: project }),
  spec: { accessModes: ['ReadWriteMany'], storageClassName: 'ceph-rbd-virtualization', resources: { requests: { storage: '30Gi' } } },
  status: { phase: 'Bound', capacity: { storage: '30Gi' } },
};

/** `metadata` of the row's object, where a page reads it. */
interface PrintedRow {
  readonly cells: readonly unknown[];
  readonly metadata?: object;
}

function printed(columns: readonly string[], rows: readonly PrintedRow[]): object {
  return {
    apiVersion: 'meta.k8s.io/v1',
    kind: 'Table',
    metadata: { resourceVersion: '1000' },
    columnDefinitions: columns.map((name) => ({
      name,
      type: 'string',
      format: '',
      description: name,
      priority: name.startsWith('(') ? 1 : 0,
    })),
    rows: rows.map(({ cells, metadata }) => ({
      cells,
      object: metadata === undefined ? null : { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata },
    })),
  };
}

const kubevirt = `/apis/kubevirt.io/v1`;

/** By path. What is not here, the cluster does not serve. */
export const clusterAnswers: Readonly<Record<string, object>> = {
  '/version': { major: '1', minor: '31', gitVersion: 'v1.31.4' },
  '/apis/kubevirt.io': {
    kind: 'APIGroup',
    apiVersion: 'v1',
    name: 'kubevirt.io',
    versions: [{ groupVersion: 'kubevirt.io/v1', version: 'v1' }],
  },
  '/apis': {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: ['kubevirt.io', 'cdi.kubevirt.io', 'storage.k8s.io'].map((name) => ({ name })),
  },
  [`${kubevirt}/namespaces/${project}/virtualmachines`]: list('kubevirt.io/v1', 'VirtualMachine', machines),
  [`${kubevirt}/namespaces/${project}/virtualmachineinstances`]: list('kubevirt.io/v1', 'VirtualMachineInstance', [instance]),
  [`/api/v1/namespaces/${project}/persistentvolumeclaims`]: list('v1', 'PersistentVolumeClaim', [claim]),
  [`/api/v1/namespaces/${project}/events`]: list('v1', 'Event', []),
  '/api/v1/nodes': list('v1', 'Node', [
    node('worker-1', { isReady: true, taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] }),
    node('worker-2', { isReady: true }),
    node('worker-3', { isReady: false, taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] }),
  ]),
  '/apis/storage.k8s.io/v1/storageclasses': printed(
    ['Name', 'Provisioner', 'ReclaimPolicy', 'VolumeBindingMode', 'AllowVolumeExpansion', 'Age', '(Wide)'],
    [
      {
        cells: ['ceph-rbd-virtualization (default)', 'rbd.csi.ceph.com', 'Delete', 'Immediate', true, '41d', 'x'],
        metadata: meta('ceph-rbd-virtualization', { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }),
      },
      { cells: ['nfs', 'nfs.csi.k8s.io', 'Retain', 'WaitForFirstConsumer', false, '41d', 'x'], metadata: meta('nfs') },
    ],
  ),
  [`${kubevirt}/namespaces/${project}/virtualmachineinstancemigrations`]: printed(
    ['Name', 'Phase', 'VMI'],
    [{ cells: ['db-migration-x7k2p', 'Running', 'db'] }],
  ),
};

/** What the user of that cluster may not. */
export const forbiddenPaths: readonly string[] = [
  `${kubevirt}/virtualmachines`,
  '/api/v1/namespaces',
  `${kubevirt}/namespaces/${project}/kubevirts`,
  `/api/v1/namespaces/${project}/secrets`,
];
