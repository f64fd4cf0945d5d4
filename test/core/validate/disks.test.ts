// Owns the proof of the rules of disks and claims.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { draft, type Row, said, subdomainRule } from './drafts.ts';

describe('a disk', () => {
  const size = { storage: { resources: { requests: { storage: '1Gi' } } } };
  const http = (more: object): object => ({ source: { http: { url: 'https://example.com/a.qcow2', ...more } }, ...size });
  const digest = 'a'.repeat(64);
  test.each<Row>([
    ['blank', draft({ spec: { source: { blank: {} }, ...size } }), []],
    [
      'from the web',
      draft({ spec: http({ checksum: `sha256:${digest}` }) }, { annotations: { 'virtdeck.io/checksum': `sha512:${digest}${digest}` } }),
      [],
    ],
    ['as large as its source', draft({ spec: { source: { pvc: { name: 'base', namespace: 'default' } }, storage: {} } }), []],
    [
      'blank without a size',
      draft({ spec: { source: { blank: {} }, storage: {} } }),
      ['spec.storage.resources.requests.storage | STORAGE size is missing'],
    ],
    [
      'a claim without a size',
      draft({ spec: { source: { blank: {} }, pvc: {} } }),
      ['spec.pvc.resources.requests.storage | PVC size is missing'],
    ],
    ['no size at all', draft({ spec: { source: { blank: {} } } }), ['spec.storage | Missing Data volume PVC or Storage']],
    [
      'two targets',
      draft({ spec: { source: { blank: {} }, ...size, pvc: {} } }),
      ['spec | Duplicate storage definition, both target storage and target pvc defined'],
    ],
    ['no source', draft({ spec: size }), ['spec.source | Data volume should have either Source or SourceRef']],
    ['two sources', draft({ spec: { source: { blank: {}, upload: {} }, ...size } }), ['spec.source | Multiple Data volume sources']],
    [
      'a source of clusters',
      draft({ spec: { source: { s3: {} }, ...size } }),
      ['spec.source.s3 | The source s3 cannot be read on this computer'],
    ],
    [
      'a reference',
      draft({ spec: { sourceRef: { kind: 'DataSource', name: 'x' }, ...size } }),
      ['spec.sourceRef | A DataSource cannot be referred to on this computer'],
    ],
    ['no address', draft({ spec: http({ url: '' }) }), ['spec.source.http.url | spec.source Source URL is missing']],
    [
      'another scheme',
      draft({ spec: http({ url: 'file:///etc/passwd' }) }),
      ['spec.source.http.url | spec.source Invalid source URL: file:///etc/passwd'],
    ],
    ['no host', draft({ spec: http({ url: 'http://' }) }), ['spec.source.http.url | spec.source Invalid source URL: http://']],
    [
      'bad checksums',
      draft({ spec: http({ checksum: 'md5:00' }) }, { annotations: { 'virtdeck.io/checksum': 'sha256:0' } }),
      [
        "spec.source.http.checksum | spec.source.http.checksum 'md5:00' is not a checksum",
        "metadata.annotations[virtdeck.io/checksum] | metadata.annotations[virtdeck.io/checksum] 'sha256:0' is not a checksum",
      ],
    ],
    [
      'a copy of nothing',
      draft({ spec: { source: { pvc: { name: '', namespace: '' } }, ...size } }),
      ['spec.source.pvc.name | spec.source.pvc.name is required'],
    ],
    [
      'a copy of Nothing',
      draft({ spec: { source: { pvc: { name: 'A', namespace: '' } }, ...size } }),
      [`spec.source.pvc.name | Invalid value: "A": ${subdomainRule}`],
    ],
    [
      'a relative file',
      draft({ spec: { source: { file: { path: 'a.iso' } }, ...size } }),
      ["spec.source.file.path | spec.source.file.path 'a.iso' must be an absolute path"],
    ],
    [
      'words that are options of a program',
      draft({ spec: { source: { mmdebstrap: { suite: '--help', packages: ['vim', '-o=x'] } }, ...size } }),
      [
        "spec.source.mmdebstrap.suite | spec.source.mmdebstrap.suite '--help' is not the name of a suite",
        "spec.source.mmdebstrap.packages[1] | '-o=x' is not the name of a Debian package",
      ],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.dataVolumes, object))).toEqual(want);
  });
});

describe('a claim', () => {
  const good = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  test.each<Row>([
    ['good', draft({ spec: good }), []],
    ['no spec', draft({}), ['spec | Required value']],
    [
      'nothing in it',
      draft({ spec: {} }),
      ['spec.accessModes | Required value: at least 1 access mode is required', 'spec.resources[storage] | Required value'],
    ],
    [
      'unknown words',
      draft({ spec: { ...good, accessModes: ['ReadAlways'], volumeMode: 'Tape' } }, { annotations: { 'virtdeck.io/disk-format': 'vmdk' } }),
      [
        'spec.accessModes | Unsupported value: "ReadAlways": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.volumeMode | Unsupported value: "Tape": supported values: "Block", "Filesystem"',
        'metadata.annotations[virtdeck.io/disk-format] | Unsupported value: "vmdk": supported values: "qcow2", "raw"',
      ],
    ],
    [
      'no room',
      draft({ spec: { ...good, resources: { requests: { storage: '0' } } } }),
      ['spec.resources[storage] | Invalid value: "0": must be greater than zero'],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.persistentVolumeClaims, object))).toEqual(want);
  });
});
