// Owns Kubernetes' own JavaScript client against a core: lists, informers, patches, custom objects.
// Must not go around the client.
import {
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  Watch,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { named, vm } from '../fakes/builders.ts';
import { type ServingCore, serveCore } from './serving-core.ts';

let core: ServingCore;
const config = new KubeConfig();
beforeAll(async () => {
  core = await serveCore();
  config.loadFromFile(core.kubeconfigs.admin);
});
afterAll(() => core.close());

const machines = { group: 'kubevirt.io', version: 'v1', namespace: 'default', plural: 'virtualmachines' };

test('custom objects: create, get, list, patch, delete', async () => {
  const api = config.makeApiClient(CustomObjectsApi);
  await api.createNamespacedCustomObject({ ...machines, body: vm(named('custom')) });
  expect(await api.getNamespacedCustomObject({ ...machines, name: 'custom' })).toMatchObject({ spec: { runStrategy: 'Halted' } });
  const body = { metadata: { labels: { by: 'client-node' } } };
  await api.patchNamespacedCustomObject({ ...machines, name: 'custom', body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  expect(await api.listNamespacedCustomObject({ ...machines, labelSelector: 'by=client-node' })).toMatchObject({
    items: [{ metadata: { name: 'custom' } }],
  });
  await api.deleteNamespacedCustomObject({ ...machines, name: 'custom' });
  await expect(api.getNamespacedCustomObject({ ...machines, name: 'custom' })).rejects.toMatchObject({ code: 404 });
});

test('server-side apply', async () => {
  const api = config.makeApiClient(CustomObjectsApi);
  const applied = await api.patchNamespacedCustomObject(
    { ...machines, name: 'applied', body: vm(named('applied')), fieldManager: 'client-node', force: true },
    setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply),
  );
  expect(applied).toMatchObject({ metadata: { managedFields: [{ manager: 'client-node', operation: 'Apply' }] } });
});

test('kinds of Kubernetes’ own, typed', async () => {
  const api = config.makeApiClient(CoreV1Api);
  await api.createNamespacedSecret({ namespace: 'default', body: { metadata: { name: 'typed' }, stringData: { a: 'b' } } });
  expect((await api.readNamespacedSecret({ namespace: 'default', name: 'typed' })).data).toEqual({ a: 'Yg==' });
  expect((await api.listNode()).items).toHaveLength(1);
});

test('may I', async () => {
  const api = config.makeApiClient(AuthorizationV1Api);
  const spec = { resourceAttributes: { verb: 'delete', resource: 'secrets', namespace: 'default' } };
  expect((await api.createSelfSubjectAccessReview({ body: { spec } })).status?.allowed).toBe(true);
});

test('an informer keeps up, from its list on', async () => {
  const api = config.makeApiClient(CustomObjectsApi);
  await api.createNamespacedCustomObject({ ...machines, body: vm(named('informed')) });
  const informer = makeInformer(
    config,
    '/apis/kubevirt.io/v1/namespaces/default/virtualmachines',
    async () => (await api.listNamespacedCustomObject(machines)) as KubernetesListObject<KubernetesObject>,
  );
  const heard = new Set<string>();
  const waiting = new Map<string, () => void>();
  for (const event of ['add', 'update', 'delete'] as const) {
    informer.on(event, ({ metadata }) => {
      heard.add(`${event} ${metadata?.name}`);
      waiting.get(`${event} ${metadata?.name}`)?.();
    });
  }
  const until = (what: string): Promise<void> =>
    heard.has(what) ? Promise.resolve() : new Promise((resolve) => waiting.set(what, resolve));
  await informer.start();
  await until('add informed');
  await api.createNamespacedCustomObject({ ...machines, body: vm(named('later')) });
  await until('add later');
  const body = { metadata: { labels: { seen: '1' } } };
  await api.patchNamespacedCustomObject({ ...machines, name: 'later', body }, setHeaderOptions('Content-Type', PatchStrategy.MergePatch));
  await until('update later');
  await api.deleteNamespacedCustomObject({ ...machines, name: 'later' });
  await until('delete later');
  await informer.stop();
});

test('a watch from a version that has gone says 410', async () => {
  const small = await serveCore({ feedLength: 20 });
  try {
    for (let index = 0; index < 40; index++) {
      await small.engine.create('secrets', 'default', { apiVersion: 'v1', kind: 'Secret', metadata: { name: `s-${index}` } });
    }
    const its = new KubeConfig();
    its.loadFromFile(small.kubeconfigs.admin);
    const phases: string[] = [];
    await new Promise<void>((resolve, reject) => {
      new Watch(its)
        .watch(
          '/api/v1/namespaces/default/secrets',
          { resourceVersion: '2' },
          (phase, object: { readonly code?: number; readonly reason?: string }) => phases.push(`${phase} ${object.code} ${object.reason}`),
          () => resolve(),
        )
        .catch(reject);
    });
    expect(phases).toEqual(['ERROR 410 Expired']);
  } finally {
    await small.close();
  }
});
