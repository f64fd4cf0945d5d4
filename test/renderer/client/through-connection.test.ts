// A window that works on a cluster: the same client, sent through the connection.
import { describe, expect, test } from 'vitest';
import { createCache } from '../../../renderer/client/cache.ts';
import { createClient } from '../../../renderer/client/client.ts';
import { createConnectionStore } from '../../../renderer/client/connection.ts';
import { connectionIn, placeBase } from '../../../renderer/client/place.ts';
import { throughConnection } from '../../../renderer/client/through-connection.ts';
import { recordingTransport } from './recording-transport.ts';

const proxy = '/apis/virtdeck.io/v1alpha1/connections/lab/proxy';

describe('through a connection', () => {
  test('every call of the API goes to the cluster', async () => {
    const transport = recordingTransport(() => ({ items: [], metadata: { resourceVersion: '1' } }));
    const client = createClient(throughConnection(transport, 'lab'));
    await client.list('virtualmachines.kubevirt.io');
    await client.act('start', { namespace: 'default', name: 'web' });
    await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace: 'default', name: 'web' }, { spec: {} });
    expect(transport.asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      `GET ${proxy}/apis/kubevirt.io/v1/virtualmachines`,
      `PUT ${proxy}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachines/web/start`,
      `PATCH ${proxy}/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web`,
    ]);
  });

  test('what only a workstation has is not asked of it', async () => {
    const transport = recordingTransport(() => ({}));
    const client = createClient(throughConnection(transport, 'lab'));
    await expect(client.nodeMap()).rejects.toMatchObject({ status: 404, message: 'Only a workstation has nodemap, a cluster has not.' });
    const stop = new AbortController();
    const figures = client.usage(stop.signal).next();
    stop.abort();
    expect(await figures).toEqual({ done: true, value: undefined });
    expect(transport.asked).toEqual([]);
  });

  test('consoles, too', () => {
    const opened: string[] = [];
    const transport = {
      ...recordingTransport(() => ({})),
      open: (path: string) => {
        opened.push(path);
        throw new Error('enough');
      },
    };
    const client = createClient(throughConnection(transport, 'lab'));
    expect(() => client.openConsole('console', { namespace: 'default', name: 'web' })).toThrow('enough');
    expect(opened).toEqual([`${proxy}/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/console`]);
  });

  test('who may see one project alone lists that one, and what belongs to no project as ever', async () => {
    const transport = recordingTransport(() => ({ items: [], metadata: { resourceVersion: '1' } }));
    const cache = createCache(createClient(transport), createConnectionStore(), 'mine');
    const release = [cache.use('persistentvolumeclaims'), cache.use('nodes')];
    expect(transport.asked.map(({ path }) => path)).toEqual(['/api/v1/namespaces/mine/persistentvolumeclaims', '/api/v1/nodes']);
    for (const end of release) end();
    cache.close();
  });
});

test.each([
  ['/machines', undefined],
  ['/at/lab/machines/default/web', 'lab'],
  ['/at/lab.example.com', 'lab.example.com'],
  ['/at/../machines', undefined],
])('the address %s is at %s', (address, connection) => {
  expect(connectionIn(address)).toBe(connection);
  if (connection !== undefined) expect(address.startsWith(placeBase(connection))).toBe(true);
});
