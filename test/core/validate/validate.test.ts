// Owns the proof of the rules that KubeVirt's recorded answers do not cover: other kinds, updates, names, and rules of our own.
// Must not repeat what conformance.test.ts measures.
import { describe, expect, test } from 'vitest';
import type { Cause } from '../../../electron/api/errors.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

function draft(body: object, metadata: DraftObject['metadata'] = {}): DraftObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'web', ...metadata }, ...body };
}

/** `field | message`, and that every cause says what to do. */
function said(causes: readonly Cause[]): readonly string[] {
  expect(causes.filter(({ fix }) => fix === undefined || fix === '')).toEqual([]);
  return causes.map(({ field, message }) => `${field} | ${message}`);
}

function machine(spec: object, metadata: DraftObject['metadata'] = {}): DraftObject {
  return draft({ spec: { runStrategy: 'Halted', template: { spec: { domain: { devices: {} } } }, ...spec } }, metadata);
}

function withDomain(domain: object, more: object = {}): DraftObject {
  return machine({ template: { spec: { domain: { devices: {}, ...domain }, ...more } } });
}

type Row = readonly [string, DraftObject, readonly string[]];

const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const labelRule =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const nameRule =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const valueRule =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

describe('names and labels', () => {
  test.each<Row>([
    ['good', draft({}, { name: 'web-1.example' }), []],
    ['none', draft({}, { name: '' }), ['metadata.name | Required value: name or generateName is required']],
    ['generated', draft({}, { name: '', generateName: 'web-' }), []],
    ['generated badly', draft({}, { name: '', generateName: 'Web-' }), [`metadata.generateName | Invalid value: "Web-": ${subdomainRule}`]],
    ['upper case', draft({}, { name: 'Web' }), [`metadata.name | Invalid value: "Web": ${subdomainRule}`]],
    [
      'long',
      draft({}, { name: 'a'.repeat(254) }),
      [`metadata.name | Invalid value: "${'a'.repeat(254)}": must be no more than 253 characters`],
    ],
    [
      'good labels',
      draft({}, { labels: { 'example.com/My_App': 'v1.2', empty: '' }, annotations: { 'Example.com/x': ' any thing ' } }),
      [],
    ],
    ['bad label key', draft({}, { labels: { 'a b': 'x' } }), [`metadata.labels | Invalid value: "a b": ${nameRule}`]],
    ['bad label value', draft({}, { labels: { a: '-x' } }), [`metadata.labels | Invalid value: "-x": ${valueRule}`]],
    [
      'bad prefix, and no name',
      draft({}, { labels: { 'A/': 'x' } }),
      [
        `metadata.labels | Invalid value: "A/": prefix part ${subdomainRule}`,
        'metadata.labels | Invalid value: "A/": name part must be non-empty',
        `metadata.labels | Invalid value: "A/": ${nameRule}`,
      ],
    ],
    [
      'large annotations',
      draft({}, { annotations: { a: 'x'.repeat(262_144) } }),
      ['metadata.annotations | Too long: may not be more than 262144 bytes'],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate('gadgets', object))).toEqual(want);
  });

  test('a project is named like a label', () => {
    expect(said(validate(resources.namespaces, draft({ spec: {} }, { name: 'a.b' })))).toEqual([
      `metadata.name | Invalid value: "a.b": ${labelRule}`,
    ]);
  });
});

describe('a machine', () => {
  const card = (more: object): object => ({ interfaces: [{ name: 'lan', masquerade: {}, ...more }] });
  const networks = [{ name: 'lan', pod: {} }];
  test.each<Row>([
    ['nothing to say', machine({}), []],
    ['no spec', draft({}), ['spec | Required value']],
    ['no template', machine({ template: {} }), ['spec.template.spec | spec.template.spec is required']],
    [
      'no strategy',
      draft({ spec: { template: { spec: { domain: { devices: {} } } } } }),
      ['spec.runStrategy | RunStrategy must be specified'],
    ],
    [
      'both',
      machine({ running: true }),
      ['spec.running | Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead'],
    ],
    ['unknown strategy', machine({ runStrategy: 'Sometimes' }), ['spec.runStrategy | Invalid RunStrategy (Sometimes)']],
    [
      'no UUID',
      withDomain({ firmware: { uuid: 'mine' } }),
      ["spec.template.spec.domain.firmware.uuid | spec.template.spec.domain.firmware.uuid 'mine' is not a UUID"],
    ],
    [
      'no memory for the guest',
      withDomain({ memory: { guest: '0' } }),
      ["spec.template.spec.domain.memory.guest | spec.template.spec.domain.memory.guest '0': must be greater than 0."],
    ],
    [
      'everything at once',
      withDomain({
        memory: { guest: '2Gi' },
        resources: { limits: { memory: '1Gi' }, requests: { memory: '3Gi', cpu: '-1' } },
        machine: { type: 'pc' },
      }),
      [
        "spec.template.spec.domain.resources.requests.memory | spec.template.spec.domain.resources.requests.memory '3Gi' is greater than spec.template.spec.domain.resources.limits.memory '1Gi'",
        "spec.template.spec.domain.memory.guest | spec.template.spec.domain.memory.guest '2Gi' must be equal to or less than the memory limit spec.template.spec.domain.resources.limits.memory '1Gi'",
        "spec.template.spec.domain.resources.requests.cpu | spec.template.spec.domain.resources.requests.cpu '-1': must be greater than or equal to 0.",
        'spec.template.spec.domain.machine.type | spec.template.spec.domain.machine.type is not supported: pc (allowed values: [q35* pc-q35*])',
      ],
    ],
    [
      'an unknown watchdog action',
      withDomain({ devices: { watchdog: { name: 'w', i6300esb: { action: 'explode' } } } }),
      ["spec.template.spec.domain.devices.watchdog.i6300esb.action | watchdog action 'explode' is not supported"],
    ],
    [
      'a watchdog of nothing',
      withDomain({ devices: { watchdog: { name: 'w' } } }),
      ['spec.template.spec.domain.devices.watchdog | spec.template.spec.domain.devices.watchdog names no watchdog device'],
    ],
    ['a watchdog that resets', withDomain({ devices: { watchdog: { name: 'w', i6300esb: {} } } }), []],
    [
      'one address twice, written differently',
      withDomain(
        {
          devices: {
            interfaces: [
              { name: 'lan', masquerade: {}, macAddress: '02:00:00:00:00:0A' },
              { name: 'dmz', bridge: {}, macAddress: '02-00-00-00-00-0a' },
            ],
          },
        },
        { networks: [...networks, { name: 'dmz', multus: { networkName: 'dmz' } }] },
      ),
      [
        'spec.template.spec.domain.devices.interfaces[1].macAddress | spec.template.spec.domain.devices.interfaces[1].macAddress and spec.template.spec.domain.devices.interfaces[0].macAddress must not be the same',
      ],
    ],
    [
      'boot order over disks and cards',
      withDomain(
        {
          devices: {
            disks: [
              { name: 'root', disk: {}, bootOrder: 1 },
              { name: 'data', disk: {}, bootOrder: 0 },
            ],
            ...card({ bootOrder: 1 }),
          },
        },
        {
          networks,
          volumes: [
            { name: 'root', emptyDisk: { capacity: '1Gi' } },
            { name: 'data', emptyDisk: { capacity: '1Gi' } },
          ],
        },
      ),
      [
        'spec.template.spec.domain.devices.disks[1].bootOrder | spec.template.spec.domain.devices.disks[1] must have a boot order > 0, if supplied',
        'spec.template.spec.domain.devices.interfaces[0].bootOrder | Boot order for spec.template.spec.domain.devices.interfaces[0].bootOrder already set for a different device.',
      ],
    ],
    [
      'paths that lead elsewhere',
      withDomain(
        {},
        {
          volumes: [
            { name: 'a', hostDisk: { path: 'disk.img', type: 'Disk' } },
            { name: 'b', emptyDisk: { capacity: '0' } },
            { name: 'c', persistentVolumeClaim: { claimName: '' } },
          ],
        },
      ),
      [
        "spec.template.spec.volumes[0].hostDisk.path | spec.template.spec.volumes[0].hostDisk.path 'disk.img' must be an absolute path",
        "spec.template.spec.volumes[1].emptyDisk.capacity | spec.template.spec.volumes[1].emptyDisk.capacity '0': must be greater than 0.",
        'spec.template.spec.volumes[2].persistentVolumeClaim.claimName | spec.template.spec.volumes[2].persistentVolumeClaim.claimName is a required field',
      ],
    ],
    [
      'port ranges of another shape',
      withDomain({ devices: card({ portRanges: { from: 1 } }) }, { networks }),
      [
        'spec.template.spec.domain.devices.interfaces[0].portRanges | spec.template.spec.domain.devices.interfaces[0].portRanges must be a list of start and end',
      ],
    ],
    [
      'a negative grace period',
      withDomain({}, { terminationGracePeriodSeconds: -1 }),
      [
        "spec.template.spec.terminationGracePeriodSeconds | spec.template.spec.terminationGracePeriodSeconds '-1': must be greater than or equal to 0.",
      ],
    ],
    [
      'disks that nobody uses',
      machine({
        dataVolumeTemplates: [
          { metadata: { name: 'root' }, spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '1Gi' } } } } },
          { metadata: {}, spec: { source: {}, storage: { resources: { requests: { storage: '-1' } } } } },
        ],
      }),
      [
        "spec.dataVolumeTemplates[0] | DataVolumeTemplate entry spec.dataVolumeTemplates[0] must be referenced in the VMI template's 'volumes' list",
        "spec.dataVolumeTemplates[1].metadata.name | 'name' field must not be empty for DataVolumeTemplate entry spec.dataVolumeTemplates[1].",
        'spec.dataVolumeTemplates[1].spec.source | Data volume should have either Source or SourceRef',
        "spec.dataVolumeTemplates[1].spec.storage.resources.requests.storage | STORAGE size can't be equal or less than zero",
      ],
    ],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.virtualMachines, object))).toEqual(want);
  });
});

describe('port forwards', () => {
  const forwards = (value: unknown): DraftObject =>
    machine({}, { annotations: { 'virtdeck.io/port-forwards': typeof value === 'string' ? value : JSON.stringify(value) } });
  const field = 'metadata.annotations[virtdeck.io/port-forwards]';
  test.each<Row>([
    [
      'good',
      forwards([
        { name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 },
        { host: 2222, guest: 53, protocol: 'udp' },
      ]),
      [],
    ],
    ['no JSON', forwards('[{'), [`${field} | ${field} is not a JSON list`]],
    ['no list', forwards({ host: 1, guest: 2 }), [`${field} | ${field} is not a JSON list`]],
    ['no object', forwards([22]), [`${field}[0] | ${field}[0] is not an object`]],
    [
      'no ports',
      forwards([{ host: 0, guest: 65_536 }, { host: 1.5 }]),
      [
        `${field}[0].host | ${field}[0].host '0' must be a port`,
        `${field}[0].guest | ${field}[0].guest '65536' must be a port`,
        `${field}[1].host | ${field}[1].host '1.5' must be a port`,
        `${field}[1].guest | ${field}[1].guest '' must be a port`,
      ],
    ],
    [
      'another protocol',
      forwards([{ host: 1, guest: 1, protocol: 'sctp' }]),
      [`${field}[0].protocol | ${field}[0].protocol must be tcp or udp`],
    ],
    [
      'one port twice',
      forwards([
        { host: 2222, guest: 22 },
        { host: 2222, guest: 23, protocol: 'tcp' },
      ]),
      [`${field}[1].host | ${field}[1].host 2222 is forwarded already by ${field}[0]`],
    ],
    ['an unknown word', forwards([{ host: 1, guest: 1, hots: 2 }]), [`${field}[0].hots | ${field}[0].hots is unknown`]],
    ['a name that is no text', forwards([{ host: 1, guest: 1, name: 7 }]), [`${field}[0].name | ${field}[0].name must be text`]],
  ])('%s', (...[, object, want]) => {
    expect(said(validate(resources.virtualMachines, object))).toEqual(want);
  });
});

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

describe('other kinds', () => {
  const keyRule =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
  test.each<readonly [string, string, DraftObject, readonly string[]]>([
    ['a good Secret', resources.secrets, draft({ data: { 'ssh-key': 'YQ==', userdata: 'YQ=\n=' } }), []],
    [
      'odd keys',
      resources.secrets,
      draft({ data: { 'a b': '', '..': '' } }),
      [`data[a b] | Invalid value: "a b": ${keyRule}`, `data[..] | Invalid value: "..": ${keyRule}`],
    ],
    ['no base64', resources.secrets, draft({ data: { a: 'plain text' } }), ['data[a] | data[a] is not a valid base64 value']],
    [
      'too much',
      resources.secrets,
      draft({ data: { a: 'AAAA'.repeat(400_000) } }),
      ['data | Too long: may not be more than 1048576 bytes'],
    ],
    ['settings', resources.settings, draft({ spec: { theme: 'dark' } }, { name: 'default' }), []],
    [
      'other settings',
      resources.settings,
      draft({ spec: { language: 'fr' } }, { name: 'mine' }),
      [
        'metadata.name | Invalid value: "mine": there is one Settings object, named "default"',
        'spec.language | Invalid option: expected one of "auto"|"en"|"zh-CN"',
      ],
    ],
  ])('%s', (...[, resource, object, want]) => {
    expect(said(validate(resource, object))).toEqual(want);
  });
});

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
