// Owns the proof of what the dialog makes of a disk, and of what it says is missing.
// Must not draw it.
import { expect, test } from 'vitest';
import { type DiskDraft, diskManifest, diskNameProblem, diskProblems } from '../../../renderer/features/disks/disk-draft.ts';
import { registrySecret, registrySecrets } from '../../../renderer/client/registry-secrets.ts';
import { isComplete } from '../../../renderer/ui/registry-secret-draft.ts';

const blank: DiskDraft = { namespace: 'default', name: 'data', source: 'blank', sizeGiB: 20, address: '', secret: '', original: '' };
const elsewhere: DiskDraft = { ...blank, source: 'elsewhere', sizeGiB: undefined };
const copy: DiskDraft = { ...blank, source: 'copy', sizeGiB: undefined };

test.for<[DiskDraft, object]>([
  [blank, { source: { blank: {} }, storage: { resources: { requests: { storage: '20Gi' } } } }],
  [
    { ...elsewhere, address: 'https://example.org/a.qcow2', secret: 'unused' },
    { source: { http: { url: 'https://example.org/a.qcow2' } }, storage: {} },
  ],
  [
    { ...elsewhere, address: 'quay.io/team/web:1', secret: 'quay' },
    { source: { registry: { url: 'docker://quay.io/team/web:1', secretRef: 'quay' } }, storage: {} },
  ],
  [
    { ...elsewhere, address: 'quay.io/team/web' },
    { source: { registry: { url: 'docker://quay.io/team/web' } }, storage: {} },
  ],
  [
    { ...copy, original: 'root' },
    { source: { pvc: { namespace: 'default', name: 'root' } }, storage: {} },
  ],
])('%j', ([draft, spec]) => {
  expect(diskManifest(draft)).toEqual({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { namespace: 'default', name: 'data' },
    spec,
  });
  expect(diskProblems(draft)).toEqual([]);
});

test.for<[DiskDraft, readonly string[]]>([
  [{ ...blank, sizeGiB: undefined }, ['size']],
  [{ ...blank, sizeGiB: 0 }, ['size']],
  [elsewhere, ['addressMissing']],
  [{ ...elsewhere, address: 'https://example.org' }, ['addressWrong']],
  [{ ...elsewhere, address: 'Not An Image' }, ['imageNameWrong']],
  [{ ...copy, sizeGiB: 0 }, ['original', 'size']],
])('%j is not complete: %j', ([draft, problems]) => {
  expect(diskProblems(draft)).toEqual(problems);
});

test.each([
  { name: 'data-1', want: undefined },
  { name: 'a.b', want: undefined },
  { name: 'Data', want: 'name' },
  { name: '-a', want: 'name' },
  { name: '', want: 'name' },
  { name: 'root', want: 'taken' },
])('the name “$name” of a disk', ({ name, want }) => {
  expect(diskNameProblem(name, { namespace: 'default', taken: ['default/root'] })).toBe(want);
});

test('Secrets that open a registry are offered, and a new one has the keys that CDI reads', () => {
  const secret = (name: string, data: object) =>
    ({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'lab' }, data }) as never;
  const all = [
    secret('robot', { accessKeyId: 'dQ==', secretKey: 'cA==' }),
    secret('docker', { '.dockerconfigjson': 'e30=' }),
    secret('web-cloudinit', { userdata: 'IyE=' }),
    secret('half', { accessKeyId: 'dQ==' }),
  ];
  expect(registrySecrets(all)).toEqual(['docker', 'robot']);
  const draft = { name: 'quay', user: 'ada', password: 'lovelace' };
  expect(registrySecret(draft, 'lab')).toMatchObject({
    metadata: { name: 'quay', namespace: 'lab' },
    stringData: { accessKeyId: 'ada', secretKey: 'lovelace' },
  });
  expect([isComplete(draft), isComplete({ ...draft, name: 'Quay' }), isComplete({ ...draft, password: '' })]).toEqual([true, false, false]);
});
