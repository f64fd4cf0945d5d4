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
  const dataVolume = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', name: 'web-root', uid: 'uid-dv' };
  const stored = (kind: string, uid: string, ...ownerReferences: readonly object[]) => ({
    kind,
    metadata: { name: 'web-root', namespace: 'default', uid, resourceVersion: '7', ownerReferences },
  });
  const dataVolumes = '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes';
  const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
  const machine = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web';
  const machineGoes = {
    method: 'DELETE',
    path: machine,
    body: { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' },
  };
  const goes = (path: string) => ({ method: 'DELETE', path, body: { kind: 'DeleteOptions', apiVersion: 'v1' } });

  async function calls(disks: readonly string[], stores: { readonly volumes?: readonly object[]; readonly claims?: readonly object[] }) {
    const transport = recordingTransport((path) => {
      if (path === dataVolumes) return { metadata: { resourceVersion: '9' }, items: stores.volumes ?? [] };
      return path === claims ? { metadata: { resourceVersion: '9' }, items: stores.claims ?? [] } : {};
    });
    await deleteMachine(createClient(transport), { machine: web, disks });
    return transport.asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => ({ method, path, body }));
  }

  test('cuts disks that stay loose before the machine goes', async () => {
    const volumes = [stored('DataVolume', 'uid-dv', owner, stranger)];
    expect(await calls([], { volumes, claims: [stored('PersistentVolumeClaim', 'uid-c', dataVolume)] })).toEqual([
      { method: 'PATCH', path: `${dataVolumes}/web-root`, body: { metadata: { resourceVersion: '7', ownerReferences: [stranger] } } },
      machineGoes,
    ]);
  });

  test('what belongs to the machine goes with it', async () => {
    const volumes = [stored('DataVolume', 'uid-dv', owner)];
    expect(await calls(['web-root'], { volumes, claims: [stored('PersistentVolumeClaim', 'uid-c', dataVolume)] })).toEqual([machineGoes]);
  });

  test('a named disk of nobody is deleted after it, and takes its claim along', async () => {
    const volumes = [stored('DataVolume', 'uid-dv')];
    expect(await calls(['web-root'], { volumes, claims: [stored('PersistentVolumeClaim', 'uid-c', dataVolume)] })).toEqual([
      machineGoes,
      goes(`${dataVolumes}/web-root`),
    ]);
    expect(await calls(['web-root'], { claims: [stored('PersistentVolumeClaim', 'uid-c')] })).toEqual([
      machineGoes,
      goes(`${claims}/web-root`),
    ]);
  });
});
