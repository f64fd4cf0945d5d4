// Owns the proof of what the wizard sends: the order of creation, what is undone, what a refusal becomes.
// Must not need a core: the client is a recorder.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import { ApiError } from '../../../renderer/client/api-error.ts';
import type { Client } from '../../../renderer/client/client.ts';
import { createMachine, uploadDisk } from '../../../renderer/features/create/create-machine.ts';
import { draftCheck } from '../../../renderer/features/create/draft-check.ts';
import { manifests } from '../../../renderer/features/create/manifests.ts';
import { form } from './forms.ts';

const seeded = manifests(form({ account: { user: 'me' } }), { namespace: 'default' });
const bare = manifests(form({ system: { source: 'empty' } }), { namespace: 'default' });

/** Records calls; `refuse` names the resource whose creation is refused. */
function recorder(refuse?: string): { readonly client: Client; readonly log: string[] } {
  const log: string[] = [];
  const client = {
    async create(resource: string, draft: { metadata: { name?: string } }) {
      log.push(`create ${resource} ${draft.metadata.name}`);
      if (resource === refuse) throw new ApiError(422, 'No.', { causes: [{ reason: 'Odd', field: 'spec', message: 'Odd.' }] });
      return { ...draft, metadata: { ...draft.metadata, uid: 'u1' } };
    },
    async patch({ resource, name }: { resource: string; name: string }, patch: object) {
      log.push(`patch ${resource} ${name} ${JSON.stringify(patch)}`);
    },
    async delete({ resource, name }: { resource: string; name: string }) {
      log.push(`delete ${resource} ${name}`);
    },
  };
  return { client: client as unknown as Client, log };
}

describe('createMachine', () => {
  test('the Secret first, owned by the machine as soon as that is there', async () => {
    const { client, log } = recorder();
    await createMachine(client, seeded);
    const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'web', uid: 'u1' };
    expect(log).toEqual([
      'create secrets web-cloudinit',
      'create virtualmachines.kubevirt.io web',
      `patch secrets web-cloudinit ${JSON.stringify({ metadata: { ownerReferences: [owner] } })}`,
    ]);
  });

  test('without a seed there is only the machine', async () => {
    const { client, log } = recorder();
    await createMachine(client, bare);
    expect(log).toEqual(['create virtualmachines.kubevirt.io web']);
  });

  test('a refused machine leaves no Secret behind', async () => {
    const { client, log } = recorder('virtualmachines.kubevirt.io');
    await expect(createMachine(client, seeded)).rejects.toThrow('No.');
    expect(log.at(-1)).toBe('delete secrets web-cloudinit');
  });
});

describe('draftCheck', () => {
  const signal = new AbortController().signal;
  const answering = (answer: () => Promise<never>): Pick<Client, 'startCheck'> => ({ startCheck: answer });

  test('a refusal with causes is an answer', async () => {
    const causes = [{ reason: 'FieldValueInvalid', field: 'spec', message: 'Odd.' }];
    const check = await draftCheck(
      answering(() => Promise.reject(new ApiError(422, 'No.', { causes }))),
      seeded,
      signal,
    );
    expect([check.allowed, check.causes, check.command]).toEqual([false, causes, undefined]);
  });

  test.each([new ApiError(500, 'Broken.'), new Error('Gone.')])('%s is not', async (error) => {
    await expect(
      draftCheck(
        answering(() => Promise.reject(error)),
        seeded,
        signal,
      ),
    ).rejects.toBe(error);
  });
});

describe('uploadDisk', () => {
  const volume = (name: string, phase: string, namespace = 'default'): DataVolume => ({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name, namespace, uid: name, resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {},
    status: { phase },
  });

  function waiting(now: readonly DataVolume[], later: readonly DataVolume[]): { readonly client: Client; readonly log: string[] } {
    const log: string[] = [];
    const client = {
      list: async () => ({ items: now, resourceVersion: '5' }),
      async *watch(_resource: string, { resourceVersion }: { resourceVersion: string }) {
        log.push(`watch from ${resourceVersion}`);
        for (const object of later) yield { type: 'MODIFIED', object };
      },
      async upload({ name }: { name: string }, file: Blob) {
        log.push(`upload ${name} ${file.size}`);
      },
    };
    return { client: client as unknown as Client, log };
  }
  const options = { file: new Blob(['abc']), signal: new AbortController().signal };
  const disk = { namespace: 'default', name: 'web-disk' };

  test('a disk that waits gets its bytes at once', async () => {
    const { client, log } = waiting([volume('web-disk', 'UploadReady')], []);
    await uploadDisk(client, disk, options);
    expect(log).toEqual(['upload web-disk 3']);
  });

  test('otherwise it is waited for, and no other', async () => {
    const { client, log } = waiting(
      [volume('web-disk', 'UploadScheduled')],
      [volume('other', 'UploadReady'), volume('web-disk', 'UploadReady', 'elsewhere'), volume('web-disk', 'UploadReady')],
    );
    await uploadDisk(client, disk, options);
    expect(log).toEqual(['watch from 5', 'upload web-disk 3']);
  });
});
