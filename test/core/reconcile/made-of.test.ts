// Owns the rows of what a run and a disk are made of.
// Must not default anything.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { DataVolume, LocalSources } from '../../../electron/api/kinds/data-volume.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { claimOfDataVolume, dataVolumesOfVm, requestedBytes, sourceOf } from '../../../electron/core/reconcile/disk-of-data-volume.ts';
import { stateOwnerOf, vmiOfVm } from '../../../electron/core/reconcile/vmi-of-vm.ts';

const metadata = {
  name: 'web',
  namespace: 'lab',
  uid: 'vm',
  resourceVersion: '1',
  generation: 3,
  creationTimestamp: '2026-01-02T03:04:05Z',
};
const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name: 'web', uid: 'vm', controller: true, blockOwnerDeletion: true };

function machine(change: Partial<VirtualMachine>): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { template: { spec: { domain: { devices: {} } } } },
    ...change,
  };
}

describe('a run', () => {
  test('is made of the template, and belongs to its machine', () => {
    const vm = machine({
      metadata: {
        ...metadata,
        labels: { mine: 'no' },
        annotations: { [annotations.portForwards]: '[]', [annotations.guestOs]: 'debian12', [annotations.description]: 'no' },
      },
      spec: {
        template: {
          metadata: { labels: { app: 'web' }, annotations: { [annotations.guestOs]: 'debian13', own: 'yes' } },
          spec: { domain: { devices: {} } },
        },
      },
    });
    expect(vmiOfVm(vm, { paused: false })).toEqual({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: {
        name: 'web',
        namespace: 'lab',
        labels: { app: 'web', 'kubevirt.io/vm': 'web' },
        annotations: {
          [annotations.portForwards]: '[]',
          [annotations.guestOs]: 'debian13',
          own: 'yes',
          'kubevirt.io/vm-generation': '3',
          [annotations.stateOwner]: 'vm',
        },
        ownerReferences: [owner],
      },
      spec: { domain: { devices: {} } },
    });
  });

  test('that was asked for paused says so', () => {
    expect(vmiOfVm(machine({}), { paused: true }).spec).toEqual({ domain: { devices: {} }, startStrategy: 'Paused' });
  });

  test('keeps its state for its machine, else for itself', () => {
    const uid = { metadata: { ...metadata, uid: 'run' } };
    expect([stateOwnerOf({ metadata: { ...uid.metadata, annotations: { [annotations.stateOwner]: 'vm' } } }), stateOwnerOf(uid)]).toEqual([
      'vm',
      'run',
    ]);
  });
});

describe('a disk', () => {
  const volume = (spec: object, notes?: Readonly<Record<string, string>>): DataVolume => ({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { ...metadata, name: 'disk', uid: 'dv', ...(notes === undefined ? {} : { annotations: notes }) },
    spec,
  });

  test.each<[string, LocalSources & Readonly<Record<string, object>>, object]>([
    ['blank', { blank: {} }, { type: 'blank' }],
    ['http', { http: { url: 'https://example.test/a' } }, { type: 'http', url: 'https://example.test/a' }],
    ['pvc', { pvc: { namespace: 'lab', name: 'origin' } }, { type: 'clone', namespace: 'lab', name: 'origin' }],
    ['upload', { upload: {} }, { type: 'upload' }],
    ['file', { file: { path: '/a.iso' } }, { type: 'file', path: '/a.iso' }],
    ['mmdebstrap', { mmdebstrap: {} }, { type: 'mmdebstrap' }],
    ['registry', { registry: { url: 'docker://example.test/a' } }, { type: 'registry', url: 'docker://example.test/a' }],
    [
      'http with an authority',
      { http: { url: 'https://example.test/a', certConfigMap: 'authority' } },
      { type: 'http', url: 'https://example.test/a', certConfigMap: 'authority' },
    ],
    [
      'registry with a Secret and an authority',
      { registry: { url: 'docker://example.test/a', secretRef: 'account', certConfigMap: 'authority' } },
      { type: 'registry', url: 'docker://example.test/a', secretRef: 'account', certConfigMap: 'authority' },
    ],
    ['nothing', {}, { type: 'unsupported', name: 'none' }],
  ])('from %s', (_name, source, want) => {
    expect(sourceOf(volume({ source }))).toEqual(want);
  });

  test('from a sourceRef is not available', () => {
    expect(sourceOf(volume({ sourceRef: { kind: 'DataSource', name: 'x' } }))).toEqual({ type: 'unsupported', name: 'sourceRef' });
  });

  test('takes its checksum from the annotation', () => {
    expect(sourceOf(volume({ source: { http: { url: 'https://example.test/a' } } }, { [annotations.checksum]: 'sha256:00' }))).toEqual({
      type: 'http',
      url: 'https://example.test/a',
      checksum: 'sha256:00',
    });
  });

  test.each([
    ['storage', { storage: { resources: { requests: { storage: '2Gi' } } } }, 2 * 2 ** 30],
    ['pvc', { pvc: { resources: { requests: { storage: '1G' } } } }, 1e9],
    ['neither', { source: { blank: {} } }, undefined],
  ])('has the size of its %s', (_name, spec, bytes) => {
    expect(requestedBytes(volume(spec))).toBe(bytes);
  });

  test('makes a claim of its own name', () => {
    const storage = { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '2Gi' } }, storageClassName: 'fast' };
    const made = claimOfDataVolume(volume({ storage }, { [annotations.diskFormat]: 'raw', other: 'no' }));
    expect(made).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'disk',
        annotations: { [annotations.diskFormat]: 'raw' },
        ownerReferences: [
          {
            apiVersion: 'cdi.kubevirt.io/v1beta1',
            kind: 'DataVolume',
            name: 'disk',
            uid: 'dv',
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: storage,
    });
  });

  test('that a machine brings along belongs to it; one without a name is none', () => {
    const made = dataVolumesOfVm(
      machine({
        spec: {
          template: {},
          dataVolumeTemplates: [
            { metadata: { name: 'root', labels: { a: 'b' }, annotations: { c: 'd' } }, spec: { source: { blank: {} } } },
            { spec: {} },
          ],
        },
      }),
    );
    expect(made).toEqual([
      {
        apiVersion: 'cdi.kubevirt.io/v1beta1',
        kind: 'DataVolume',
        metadata: { name: 'root', labels: { a: 'b', 'kubevirt.io/created-by': 'vm' }, annotations: { c: 'd' }, ownerReferences: [owner] },
        spec: { source: { blank: {} } },
      },
    ]);
  });
});
