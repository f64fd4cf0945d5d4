// Owns the proof of the rules of what may change in an object that is there.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { draft, machine, said } from './drafts.ts';

describe('what may change', () => {
  const claim = (storage: string, more: object = {}, format = 'qcow2'): DraftObject =>
    draft(
      { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } }, ...more } },
      { annotations: { 'virtdeck.io/disk-format': format } },
    );
  const run = (guest: string, labels: Record<string, string> = {}): DraftObject =>
    draft({ spec: { domain: { devices: {}, memory: { guest } } } }, { labels });
  const disk = (url: string): DraftObject => draft({ spec: { source: { http: { url } }, storage: {} } });
  const secret = (body: object): DraftObject => draft({ data: { a: 'YQ==' }, type: 'Opaque', ...body });
  const frozen = 'Forbidden: field is immutable when `immutable` is set';
  test.each<readonly [string, string, DraftObject, DraftObject, readonly string[]]>([
    ['a claim grows', resources.persistentVolumeClaims, claim('1Gi'), claim('2Gi'), []],
    ['the same size in other words', resources.persistentVolumeClaims, claim('1Gi'), claim('1024Mi'), []],
    ['the binder names its volume', resources.persistentVolumeClaims, claim('1Gi'), claim('1Gi', { volumeName: 'pvc-1' }), []],
    [
      'a claim shrinks',
      resources.persistentVolumeClaims,
      claim('2Gi'),
      claim('1Gi'),
      ['spec.resources.requests.storage | Forbidden: field can not be less than previous value'],
    ],
    [
      'a claim is shared',
      resources.persistentVolumeClaims,
      claim('1Gi'),
      claim('1Gi', { accessModes: ['ReadWriteMany'] }),
      ['spec | Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'],
    ],
    [
      'a claim becomes raw',
      resources.persistentVolumeClaims,
      claim('1Gi'),
      claim('1Gi', {}, 'raw'),
      ['metadata.annotations[virtdeck.io/disk-format] | field is immutable'],
    ],
    ['a run is labelled', resources.virtualMachineInstances, run('1Gi'), run('1Gi', { a: 'b' }), []],
    ['a run gets more memory', resources.virtualMachineInstances, run('1Gi'), run('2Gi'), ['spec | update of VMI object is restricted']],
    ['a disk stays', resources.dataVolumes, disk('https://a/b'), disk('https://a/b'), []],
    [
      'a disk comes from elsewhere',
      resources.dataVolumes,
      disk('https://a/b'),
      disk('https://a/c'),
      ['spec | Cannot update DataVolume Spec'],
    ],
    ['a Secret changes', resources.secrets, secret({}), secret({ data: {} }), []],
    [
      'a Secret becomes another',
      resources.secrets,
      secret({}),
      secret({ type: 'a/b' }),
      ['type | Invalid value: "a/b": field is immutable'],
    ],
    ['a Secret is frozen', resources.secrets, secret({}), secret({ immutable: true }), []],
    ['a frozen Secret stays', resources.secrets, secret({ immutable: true }), secret({ immutable: true }), []],
    [
      'a frozen Secret changes',
      resources.secrets,
      secret({ immutable: true }),
      secret({ immutable: true, data: {} }),
      [`data | ${frozen}`],
    ],
    ['a frozen Secret thaws', resources.secrets, secret({ immutable: true }), secret({}), [`immutable | ${frozen}`]],
    ['a machine changes', resources.virtualMachines, machine({}), machine({ runStrategy: 'Always' }), []],
  ])('%s', (...[, resource, old, object, want]) => {
    expect(said(validate(resource, object, old))).toEqual(want);
  });
});
