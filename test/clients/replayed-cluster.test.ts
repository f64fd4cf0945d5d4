// What only a cluster has, through a connection: the window's own client, the core's proxy, and the answers of a cluster of three nodes.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionReport } from '../../electron/api/clusters.ts';
import { resources } from '../../electron/api/resources.ts';
import { createClusters } from '../../electron/host/clusters/clusters.ts';
import { type Client, createClient } from '../../renderer/client/client.ts';
import { throughConnection } from '../../renderer/client/through-connection.ts';
import type { Transport } from '../../renderer/client/transport.ts';
import { foreignConditions, migrationOf } from '../../renderer/features/machines/cluster-facts.ts';
import { machineView } from '../../renderer/features/machines/machine-view.ts';
import { type ReplayedCluster, replayCluster } from '../fakes/replayed-cluster.ts';
import { serveCore, type ServingCore } from './serving-core.ts';

const project = 'shop';
const clusters = createClusters();
let cluster: ReplayedCluster;
let home: ServingCore;
let transport: Transport;
let client: Client;

beforeAll(async () => {
  cluster = await replayCluster();
  home = await serveCore({ clusters });
  const kubeconfig = join(home.folder, 'replayed');
  const config = {
    clusters: [{ name: 'prod', cluster: { server: cluster.origin } }],
    users: [{ name: 'dev', user: { token: 'replay' } }],
    contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'dev' } }],
  };
  await writeFile(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const draft = {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'Connection',
    metadata: { name: 'prod' },
    spec: { kubeconfig, context: 'prod', namespace: project },
  };
  await home.engine.create(resources.connections, undefined, draft);
  transport = {
    fetch: (path, { method = 'GET', headers = {}, body, signal = null } = {}) => {
      const sent: RequestInit = { method, headers: { ...headers }, signal, ...(typeof body === 'string' ? { body } : {}) };
      return home.router.handle(new Request(`http://virtdeck${path}`, sent), { name: 'window', transport: 'direct', role: 'admin' });
    },
    open: () => {
      throw new Error('No console is expected here.');
    },
    close: () => undefined,
  };
  client = createClient(throughConnection(transport, 'prod'));
});

afterAll(async () => {
  clusters.close();
  await home.close();
  await cluster.close();
});

test('it can be used in the one project that its user may see', async () => {
  const report: ConnectionReport = await createClient(transport).connectionReport('prod');
  expect(report).toMatchObject({
    usable: true,
    everywhere: false,
    namespace: project,
    version: 'v1.31.4',
    has: { disks: true, snapshots: false },
  });
});

test('a machine on its way from node to node, with conditions of others, and one in a state that is younger than this program', async () => {
  const { items } = await client.list('virtualmachines.kubevirt.io', { namespace: project });
  const { items: runs } = await client.list('virtualmachineinstances.kubevirt.io', { namespace: project });
  const [db, standby] = items.map((vm) =>
    machineView(
      vm,
      runs.find(({ metadata }) => metadata.name === vm.metadata.name),
    ),
  );
  expect(db).toMatchObject({
    status: { id: 'Migrating', group: 'changing' },
    node: 'worker-2',
    addresses: ['10.128.4.17'],
    size: { vcpus: 4 },
  });
  expect(migrationOf(db?.vmi)).toMatchObject({ state: 'running', from: 'worker-2', to: 'worker-3', mode: 'PreCopy' });
  expect(db === undefined ? [] : foreignConditions(db.vm, db.vmi).map(({ type }) => type)).toEqual([
    'AgentConnected',
    'Ready',
    'LiveMigratable',
    'StorageLiveMigratable',
  ]);
  expect(standby).toMatchObject({ status: { id: 'Unknown' } });
});

test('the nodes of several hosts, and what the server prints of kinds that are foreign here', async () => {
  const nodes = await client.list('nodes');
  expect(nodes.items.map(({ metadata }) => metadata.name)).toEqual(['worker-1', 'worker-2', 'worker-3']);
  const classes = await client.table('/apis/storage.k8s.io/v1/storageclasses');
  expect(classes.rows?.[0]?.cells).toContain('rbd.csi.ceph.com');
  const root = `/apis/kubevirt.io/v1/namespaces/${project}`;
  expect((await client.table(`${root}/virtualmachineinstancemigrations`)).rows).toHaveLength(1);
  await expect(client.table(`${root}/kubevirts`)).rejects.toMatchObject({ status: 403 });
  await expect(client.table('/apis/migrations.kubevirt.io/v1alpha1/migrationpolicies')).rejects.toMatchObject({ status: 404 });
});

test('nothing is changed by looking', () => {
  expect(cluster.asked.filter((line) => !line.startsWith('GET ') && !line.endsWith('selfsubjectaccessreviews'))).toEqual([]);
});
