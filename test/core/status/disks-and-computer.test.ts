// Owns the rows of the statuses of DataVolumes, claims and this computer's Node, and of reading the guest agent.
// Must not fill, make or ask anything.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../../electron/api/kinds/persistent-volume-claim.ts';
import type { Json } from '../../../electron/api/object.ts';
import type { HostFacts } from '../../../electron/core/facts.ts';
import { textOfBase64 } from '../../../electron/core/qemu/secret-text.ts';
import { claimStatusAfter, claimedBytes, diskFormatOf, diskPathOf, withDiskPath } from '../../../electron/core/status/claim-status.ts';
import { type DataVolumeFact, dataVolumeStatusAfter, isBegun, isOver } from '../../../electron/core/status/data-volume-status.ts';
import { guestAgentInfo, guestInterfacesOf } from '../../../electron/core/status/guest-agent-answers.ts';
import { nodeOfDomain } from '../../../electron/core/status/node-of-domain.ts';
import { type PlacementDomain, partitionOf } from '../../../electron/core/placement/domains.ts';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { fakeHostFacts, fakeTopology } from '../../fakes/fake-computer.ts';

const now = Date.parse('2026-01-02T03:04:05Z');
const metadata = { name: 'disk', uid: 'dv', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z' };

describe('a DataVolume’s status', () => {
  const volume = (source: object, status?: object): DataVolume =>
    ({ metadata, spec: { source }, ...(status === undefined ? {} : { status }) }) as DataVolume;
  const waiting: DataVolumeFact = { type: 'Waiting', reason: 'SourceInUse', message: 'Wait.' };

  test.each([
    ['blank', { blank: {} }, 'ImportScheduled', 'ImportInProgress'],
    ['http', { http: { url: 'x' } }, 'ImportScheduled', 'ImportInProgress'],
    ['pvc', { pvc: { name: 'a', namespace: 'b' } }, 'CloneScheduled', 'CloneInProgress'],
    ['upload', { upload: {} }, 'UploadScheduled', 'UploadReady'],
  ])('of %s waits and begins in phases of its own', (...[, source, waits, begins]) => {
    const first = volume(source, dataVolumeStatusAfter(volume(source), waiting, now));
    const begun = volume(source, dataVolumeStatusAfter(first, { type: 'Begun' }, now));
    expect([first.status?.phase, isBegun(first), begun.status?.phase, isBegun(begun)]).toEqual([waits, false, begins, true]);
  });

  test('through a broken import to the end', () => {
    const facts: readonly DataVolumeFact[] = [
      { type: 'Begun' },
      { type: 'Progress', percent: 33.333 },
      { type: 'Interrupted', message: 'gone' },
      { type: 'Begun' },
      { type: 'Progress', percent: 140 },
      { type: 'Done' },
      { type: 'Failed', reason: 'Late', message: 'nobody listens any more' },
    ];
    const seen: unknown[] = [];
    let current = volume({ http: { url: 'x' } });
    facts.forEach((fact, index) => {
      current = { ...current, status: dataVolumeStatusAfter(current, fact, now + index * 1000) };
      const running = current.status?.conditions?.find(({ type }) => type === 'Running');
      seen.push([
        current.status?.phase,
        current.status?.progress,
        current.status?.restartCount,
        running?.status,
        running?.reason,
        running?.lastTransitionTime,
      ]);
    });
    expect([seen, isOver(current), current.status?.claimName]).toEqual([
      [
        ['ImportInProgress', 'N/A', undefined, 'True', 'Running', '2026-01-02T03:04:05Z'],
        ['ImportInProgress', '33.3%', undefined, 'True', 'Running', '2026-01-02T03:04:05Z'],
        ['ImportInProgress', '33.3%', 1, 'False', 'Error', '2026-01-02T03:04:07Z'],
        ['ImportInProgress', '33.3%', 1, 'True', 'Running', '2026-01-02T03:04:08Z'],
        ['ImportInProgress', '100.0%', 1, 'True', 'Running', '2026-01-02T03:04:08Z'],
        ['Succeeded', '100.0%', 1, 'False', 'Completed', '2026-01-02T03:04:10Z'],
        ['Succeeded', '100.0%', 1, 'False', 'Completed', '2026-01-02T03:04:10Z'],
      ],
      true,
      'disk',
    ]);
  });

  test('is the very same when nothing changed', () => {
    const begun = volume({ blank: {} }, dataVolumeStatusAfter(volume({ blank: {} }), { type: 'Begun' }, now));
    expect(dataVolumeStatusAfter(begun, { type: 'Begun' }, now + 9_000) === begun.status).toBe(true);
  });
});

test('a claim’s status, path, format and size', () => {
  const claim: PersistentVolumeClaim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1500Mi' } } },
  };
  const placed = withDiskPath(claim, '/pool/disk.qcow2');
  const bound = { ...placed, status: claimStatusAfter(placed, { type: 'Bound', sizeBytes: 2 ** 31 }) };
  expect([
    claimStatusAfter(claim, { type: 'Waiting' }),
    bound.status,
    diskPathOf(bound),
    withDiskPath(bound, '/pool/disk.qcow2') === bound,
    claimStatusAfter(bound, { type: 'Bound', sizeBytes: 2 ** 31 }) === bound.status,
    claimedBytes(claim),
    diskFormatOf(claim),
    diskFormatOf({ metadata: { ...metadata, annotations: { 'virtdeck.io/disk-format': 'raw' } } }),
  ]).toEqual([
    { phase: 'Pending' },
    { phase: 'Bound', accessModes: ['ReadOnlyMany'], capacity: { storage: '2Gi' } },
    '/pool/disk.qcow2',
    true,
    true,
    1500 * 2 ** 20,
    'qcow2',
    'raw',
  ]);
});

describe('this computer’s Node', () => {
  const domainOf = (facts: HostFacts): PlacementDomain => partitionOf(facts.topology, facts.hostname).domains[0]!;
  const nodeOf = (facts: HostFacts, old?: Node, at = now): Node =>
    nodeOfDomain({ domain: domainOf(facts), facts, now: at, ...(old === undefined ? {} : { old }) });

  test('says which processors were isolated at boot, as long as they are', () => {
    const isolated = (from: number): HostFacts => ({
      ...fakeHostFacts,
      topology: { ...fakeTopology, cpus: fakeTopology.cpus.map((cpu) => ({ ...cpu, isolated: cpu.id >= from })) },
    });
    const before = nodeOf(isolated(6));
    const noted: Node = { ...before, metadata: { ...before.metadata, annotations: { ...before.metadata.annotations, 'my/note': 'kept' } } };
    expect([before, nodeOf(isolated(99), noted), nodeOf(fakeHostFacts)].map((node) => node.metadata.annotations)).toEqual([
      { 'virtdeck.io/isolated-cpus': '6-7' },
      { 'my/note': 'kept' },
      undefined,
    ]);
  });

  test('is labelled with what guests can have here; what is no longer true goes, what the user wrote stays', () => {
    const labels = { 'my/label': 'kept', 'cpu-model.node.kubevirt.io/Opteron_G3': 'true', 'topology.virtdeck.io/numa': '7' };
    const old: Node = { ...nodeOf(fakeHostFacts), metadata: { ...nodeOf(fakeHostFacts).metadata, labels } };
    expect(nodeOf(fakeHostFacts, old).metadata.labels).toEqual({
      'my/label': 'kept',
      'host-model-cpu.node.kubevirt.io/max': 'true',
      'kubernetes.io/hostname': 'workshop',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/os': 'linux',
      'kubevirt.io/schedulable': 'true',
      'virtdeck.io/accelerator': 'tcg',
      'topology.virtdeck.io/domain': 'workshop',
      'topology.virtdeck.io/numa': '0',
      'topology.virtdeck.io/package': '0',
      'cpu-vendor.node.kubevirt.io/GenuineIntel': 'true',
      'cpu-model.node.kubevirt.io/max': 'true',
      'cpu-model.node.kubevirt.io/qemu64': 'true',
      'cpu-model.node.kubevirt.io/Conroe': 'true',
      'cpu-model.node.kubevirt.io/Nehalem': 'true',
      'cpu-feature.node.kubevirt.io/aes': 'true',
      'cpu-feature.node.kubevirt.io/apic': 'true',
    });
  });

  test('is Ready while there is a QEMU, since when it has one', () => {
    const { qemu: _, ...without } = fakeHostFacts;
    const first = nodeOf(without);
    const same = nodeOf(without, first, now + 60_000);
    const ready = nodeOf(fakeHostFacts, same, now + 120_000);
    const shown = [first, same, ready].map(({ status }) =>
      status?.conditions?.map(({ type, status: is, lastTransitionTime }) => `${type} ${is} ${lastTransitionTime}`),
    );
    expect(shown).toEqual([
      ['Ready False 2026-01-02T03:04:05Z'],
      ['Ready False 2026-01-02T03:04:05Z'],
      ['Ready True 2026-01-02T03:06:05Z'],
    ]);
  });

  test('has what there is; machines get what the computer does not keep for itself', () => {
    const [only] = fakeTopology.numaNodes;
    const hugePages = [{ pageBytes: 2 ** 21, total: 512, free: 512 }];
    const { status } = nodeOf({ ...fakeHostFacts, topology: { ...fakeTopology, numaNodes: [{ ...only!, hugePages }] } });
    const permissions = { 'devices.kubevirt.io/kvm': '0', 'devices.kubevirt.io/tun': '1000', 'devices.kubevirt.io/vhost-net': '1000' };
    expect([status?.capacity, status?.allocatable, status?.addresses]).toEqual([
      { cpu: '8', memory: '33554432Ki', 'hugepages-2Mi': '1Gi', ...permissions },
      // One core of two threads, 2 GiB and the pool less.
      { cpu: '6', memory: `${(32_768 - 2048 - 1024) * 1024}Ki`, 'hugepages-2Mi': '1Gi', ...permissions },
      [{ type: 'Hostname', address: 'workshop' }],
    ]);
  });
});

describe('the guest agent', () => {
  test('tells interfaces', () => {
    const answer: Json = [
      { name: 'eth0', 'hardware-address': '52:54:00:00:00:01', 'ip-addresses': [{ 'ip-address': '10.0.2.15' }, { 'ip-address': 7 }] },
      { name: 'lo' },
      { 'hardware-address': 'nameless' },
      'rubbish',
    ];
    expect(guestInterfacesOf(answer)).toEqual([
      { interfaceName: 'eth0', mac: '52:54:00:00:00:01', ipAddresses: ['10.0.2.15'] },
      { interfaceName: 'lo', mac: '', ipAddresses: [] },
    ]);
  });

  test.each<[string, Json]>([
    ['nothing', null],
    ['text', 'ha'],
    ['a list of lists', [[[]]]],
    ['wrong types', [{ user: 7, 'login-time': 'x', name: [], 'used-bytes': '9' }]],
  ])('may answer %s: what is odd is left out', (_name, answer) => {
    const info = guestAgentInfo({ info: answer, hostname: answer, os: answer, timezone: answer, users: answer, filesystems: answer });
    expect([info['kind'], info['hostname'], info['timezone'], JSON.stringify(info).includes('"x"')]).toEqual([
      'VirtualMachineInstanceGuestAgentInfo',
      undefined,
      undefined,
      false,
    ]);
  });
});

test.each([
  ['', ''],
  ['plain', 'hello'],
  ['two bytes', 'Grüße'],
  ['three bytes', '仮想マシン'],
  ['four bytes', '🖥️ done'],
  ['lines', '#cloud-config\nusers:\n  - name: ada\n'],
])('a Secret’s base64 is read as text: %s', (_name, text) => {
  const encoded = Buffer.from(text).toString('base64');
  expect([
    textOfBase64(encoded),
    textOfBase64(encoded.replaceAll('=', '')),
    textOfBase64(`${encoded.slice(0, 4)}\n${encoded.slice(4)}`),
  ]).toEqual([text, text, text]);
});

test('bytes that are no UTF-8 are read as every lenient decoder reads them', () => {
  for (let seed = 0; seed < 400; seed += 1) {
    const bytes = Buffer.from(Array.from({ length: 6 }, (_, index) => (seed * 7919 + index * 104_729) % 256));
    const want = bytes.toString('utf8');
    // Decoders agree on where text is readable; how many marks stand for one unreadable stretch is their own.
    expect(textOfBase64(bytes.toString('base64')).replaceAll(/\uFFFD+/g, '?')).toBe(want.replaceAll(/\uFFFD+/g, '?'));
  }
});
