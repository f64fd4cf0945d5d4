// Owns the proof that deleting takes exactly the disks that were named.
// Must not test the dialog.
import { describe, expect, test } from 'vitest';
import { createClient } from '../../../renderer/client/client.ts';
import { disksToDelete } from '../../../renderer/features/machines/deletable-disks.ts';
import { deleteMachine } from '../../../renderer/features/machines/delete-machine.ts';
import { withDisk } from '../../fakes/builders.ts';
import { recordingTransport } from '../client/recording-transport.ts';
import { stoppedView } from './machines.ts';

const root = withDisk('root', { claim: 'web-root' });
const shared = withDisk('iso', { claim: 'debian-iso' });
const web = stoppedView('web', root, shared);
const other = stoppedView('other', shared);

describe('disksToDelete', () => {
  test('leaves what another machine uses', () => {
    expect(disksToDelete(web, [web], [web.vm, other.vm])).toEqual({ deletable: ['web-root'], shared: ['debian-iso'] });
  });
  test('takes what only machines use that go too', () => {
    expect(disksToDelete(web, [web, other], [web.vm, other.vm])).toEqual({ deletable: ['web-root', 'debian-iso'], shared: [] });
  });
});

describe('deleteMachine', () => {
  const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'web', uid: web.vm.metadata.uid };
  const stranger = { ...owner, name: 'x', uid: 'uid-x' };
  const owned = (kind: string, ...ownerReferences: readonly object[]) => ({
    kind,
    metadata: { name: 'web-root', namespace: 'default', resourceVersion: '7', ownerReferences },
  });
  const dataVolumes = '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes';
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  const machine = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web';

  async function calls(disks: readonly string[], gone: readonly string[] = []) {
    const transport = recordingTransport((path, { method }) => {
      if (method === 'DELETE' && gone.includes(path)) return Response.json({ kind: 'Status', message: 'not found' }, { status: 404 });
      if (path === dataVolumes) return { metadata: { resourceVersion: '9' }, items: [owned('DataVolume', owner, stranger)] };
      if (path === claims) return { metadata: { resourceVersion: '9' }, items: [owned('PersistentVolumeClaim', stranger)] };
      return {};
    });
    await deleteMachine(createClient(transport), { machine: web, disks });
    return transport.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => ({ method, path, body }));
  }
  const options = { kind: 'DeleteOptions', apiVersion: 'v1' };

  test('cuts disks that stay loose before the machine goes', async () => {
    expect(await calls([])).toEqual([
      {
        method: 'PATCH',
        path: `${dataVolumes}/web-root`,
        body: { metadata: { resourceVersion: '7', ownerReferences: [stranger] } },
      },
      { method: 'DELETE', path: machine, body: { ...options, propagationPolicy: 'Background' } },
    ]);
  });

  test('deletes named disks after it; what is already gone is no error', async () => {
    expect(await calls(['web-root'], [`${claims}/web-root`])).toEqual([
      { method: 'DELETE', path: machine, body: { ...options, propagationPolicy: 'Background' } },
      { method: 'DELETE', path: `${dataVolumes}/web-root`, body: options },
      { method: 'DELETE', path: `${claims}/web-root`, body: options },
    ]);
  });
});
