// Owns the rows of what is read from a machine for its page: disks, networks, port forwards, remarks, pending changes.
// Must not test drawing.
import { describe, expect, test } from 'vitest';
import type { UsageSample } from '../../../electron/api/computer.ts';
import { machineSize } from '../../../renderer/client/machine-size.ts';
import { columnsFor } from '../../../renderer/features/machines/columns.ts';
import { machineDisks } from '../../../renderer/features/machines/machine-disks.ts';
import { machineInterfaces } from '../../../renderer/features/machines/machine-networks.ts';
import { machineRemarks } from '../../../renderer/features/machines/machine-remarks.ts';
import { machineView } from '../../../renderer/features/machines/machine-view.ts';
import { pendingChanges } from '../../../renderer/features/machines/pending-changes.ts';
import { forwardTarget, guestUser, portForwards, writtenForwards } from '../../../renderer/features/machines/port-forwards.ts';
import { startCheckReport } from '../../../renderer/features/machines/start-check-report.ts';
import { joined } from '../../../renderer/features/machines/use-usage-series.ts';
import { utilisationCharts, writtenSince } from '../../../renderer/features/machines/utilisation.ts';
import { named, withDisk, withDomain, withMeta, withTemplate, withUserNetwork } from '../../fakes/builders.ts';
import { runningView, stoppedView, storedVm, storedVmi } from './machines.ts';

describe('machineSize', () => {
  test.each([
    {
      name: 'a topology',
      domain: { cpu: { sockets: 2, cores: 3, threads: 2 }, memory: { guest: '2Gi' } },
      want: { vcpus: 12, sockets: 2, cores: 3, threads: 2, memoryMiB: 2048 },
    },
    {
      name: 'a request of CPUs becomes sockets',
      domain: { resources: { requests: { cpu: '1500m', memory: '1Gi' } } },
      want: { vcpus: 2, sockets: 2, cores: 1, threads: 1, memoryMiB: 1024 },
    },
    { name: 'nothing said', domain: {}, want: { vcpus: 1, sockets: 1, cores: 1, threads: 1, memoryMiB: undefined } },
  ])('$name', ({ domain, want }) => {
    expect(machineSize({ domain: { devices: {}, ...domain } })).toEqual(want);
  });
});

test('machineDisks joins devices with their volumes and claims', () => {
  const spec = storedVm(
    'web',
    {},
    withDisk('root', { claim: 'web-root' }),
    withTemplate((template) => ({
      ...template,
      domain: {
        ...template.domain,
        devices: {
          disks: [
            ...(template.domain.devices.disks ?? []),
            { name: 'iso', cdrom: { bus: 'sata' }, bootOrder: 1 },
            { name: 'lost', disk: {} },
          ],
        },
      },
      volumes: [...(template.volumes ?? []), { name: 'iso', hostDisk: { path: '/iso/d.iso', type: 'Disk' } }],
    })),
  ).spec.template.spec;
  const claims = [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'web-root', uid: 'c', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' },
      spec: { resources: { requests: { storage: '8Gi' } } },
      status: { capacity: { storage: '10Gi' } },
    },
  ];
  expect(machineDisks(spec, claims)).toMatchObject([
    { name: 'root', device: 'disk', readOnly: false, source: 'persistentVolumeClaim', sourceName: 'web-root', sizeBytes: 10 * 1024 ** 3 },
    { name: 'iso', device: 'cdrom', bus: 'sata', readOnly: true, bootOrder: 1, source: 'hostDisk', sourceName: '/iso/d.iso' },
    { name: 'lost', device: 'disk', source: 'other' },
  ]);
});

test('machineInterfaces joins cards with their networks and what the run reports', () => {
  const definition = storedVm('web', {}, withUserNetwork());
  const run = storedVmi(definition, {
    phase: 'Running',
    interfaces: [{ name: 'default', mac: '52:54:00:00:00:01', ipAddress: '10.0.2.15' }],
  });
  expect(machineInterfaces({ vm: definition, vmi: run })).toEqual([
    {
      isIn: true,
      name: 'default',
      network: 'pod',
      networkName: undefined,
      binding: 'masquerade',
      model: undefined,
      mac: '52:54:00:00:00:01',
      addresses: ['10.0.2.15'],
    },
  ]);
});

describe('port forwards', () => {
  const forwards = (text: string) => writtenForwards(storedVm('web', {}, withMeta({ annotations: { 'virtdeck.io/port-forwards': text } })));
  test.each([
    { name: 'TCP is the default', text: '[{"host":2222,"guest":22}]', want: [{ protocol: 'tcp', host: 2222, guest: 22 }] },
    {
      name: 'rows that are none are left out',
      text: '[{"host":0,"guest":22},{"host":"x"},null,{"host":1,"guest":2,"address":"$(id)"},{"protocol":"udp","host":53,"guest":53}]',
      want: [{ protocol: 'udp', host: 53, guest: 53 }],
    },
    { name: 'not a list', text: '{}', want: [] },
    { name: 'not JSON', text: 'ssh', want: [] },
  ])('$name', ({ text, want }) => {
    expect(forwards(text)).toEqual(want);
  });

  const card = { interfaces: [{ name: 'default', masquerade: {}, ports: [{ port: 22 }, { name: 'web', port: 8080 }] }] };
  test('ports of an interface lead in, too, but for those that the annotation names', () => {
    const note = { 'virtdeck.io/port-forwards': '[{"host":2222,"guest":22}]' };
    const listed = storedVm(
      'web',
      {},
      withDomain((domain) => ({ ...domain, devices: card })),
    );
    expect(portForwards(listed, undefined)).toEqual([
      { protocol: 'tcp', host: 10_022, guest: 22 },
      { name: 'web', protocol: 'tcp', host: 8080, guest: 8080 },
    ]);
    expect(portForwards({ ...listed, metadata: { ...listed.metadata, annotations: note } }, undefined)).toEqual([
      { protocol: 'tcp', host: 2222, guest: 22 },
      { name: 'web', protocol: 'tcp', host: 8080, guest: 8080 },
    ]);
  });

  test('those of the run count, until it ends', () => {
    const vm = storedVm('web', {}, withMeta({ annotations: { 'virtdeck.io/port-forwards': '[{"host":2300,"guest":22}]' } }));
    const vmi = storedVmi(vm);
    const run = { ...vmi, metadata: { ...vmi.metadata, annotations: { 'virtdeck.io/port-forwards': '[{"host":2200,"guest":22}]' } } };
    expect(portForwards(vm, run).map(({ host }) => host)).toEqual([2200]);
    expect(portForwards(vm, undefined).map(({ host }) => host)).toEqual([2300]);
  });

  test.each([
    { forward: { protocol: 'tcp', host: 2222, guest: 22 }, user: 'anna', want: { scheme: 'ssh', command: 'ssh -p 2222 anna@localhost' } },
    { forward: { protocol: 'tcp', host: 2222, guest: 22 }, user: undefined, want: { scheme: 'ssh', command: 'ssh -p 2222 localhost' } },
    {
      forward: { protocol: 'tcp', address: '192.168.1.5', host: 2222, guest: 22 },
      user: undefined,
      want: { scheme: 'ssh', command: 'ssh -p 2222 192.168.1.5' },
    },
    {
      forward: { name: 'ssh', protocol: 'tcp', host: 2222, guest: 2200 },
      user: undefined,
      want: { scheme: 'ssh', command: 'ssh -p 2222 localhost' },
    },
    { forward: { protocol: 'tcp', host: 8080, guest: 80 }, user: undefined, want: { scheme: 'http', href: 'http://localhost:8080/' } },
    {
      forward: { protocol: 'tcp', address: '0.0.0.0', host: 4443, guest: 443 },
      user: undefined,
      want: { scheme: 'https', href: 'https://localhost:4443/' },
    },
    {
      forward: { name: 'https-admin', protocol: 'tcp', host: 9001, guest: 9001 },
      user: undefined,
      want: { scheme: 'https', href: 'https://localhost:9001/' },
    },
    { forward: { protocol: 'udp', host: 22, guest: 22 }, user: undefined, want: undefined },
    { forward: { protocol: 'tcp', host: 5432, guest: 5432 }, user: undefined, want: undefined },
  ] as const)('$forward.name $forward.guest/$forward.protocol', ({ forward, user, want }) => {
    expect(forwardTarget(forward, user)).toEqual(want);
  });

  test.each([
    { name: 'debian', want: 'debian' },
    { name: 'x; rm -rf ~', want: undefined },
    { name: '-oProxyCommand=x', want: undefined },
    { name: '', want: undefined },
  ])('the account "$name" in a command', ({ name, want }) => {
    expect(guestUser(storedVm('web', {}, withMeta({ annotations: { 'virtdeck.io/guest-user': name } })))).toBe(want);
  });
});

test('machineRemarks', () => {
  const conditions = [
    { type: 'Failure', status: 'True', message: 'QEMU ended.' },
    { type: 'RestartRequired', status: 'True', message: 'changed' },
    { type: 'NotHonoured', status: 'True', message: 'spec.a: not here\nspec.b: nor this: yes' },
  ];
  expect(machineRemarks(machineView(storedVm('web', { status: { printableStatus: 'Stopped', conditions } }), undefined))).toEqual([
    { type: 'problem', message: 'QEMU ended.' },
    { type: 'pending', message: 'changed' },
    {
      type: 'notHonoured',
      lines: [
        { field: 'spec.a', message: 'not here' },
        { field: 'spec.b', message: 'nor this: yes' },
      ],
    },
  ]);
  expect(machineRemarks(runningView('web'))).toEqual([]);
});

test('pendingChanges names the deepest fields that differ, not what was defaulted', () => {
  const before = storedVm(
    'web',
    {},
    withDisk('root', { claim: 'r' }),
    withDomain((domain) => ({ ...domain, cpu: { cores: 1 } })),
  );
  const run = storedVmi(before);
  const filled = {
    ...run,
    spec: { ...run.spec, hostname: 'web', domain: { ...run.spec.domain, cpu: { cores: 1, sockets: 1, threads: 1 } } },
  };
  const after = storedVm(
    'web',
    {},
    withDisk('root', { claim: 'other' }),
    withDomain((domain) => ({ ...domain, cpu: { cores: 4 } })),
  );
  expect(pendingChanges({ vm: before, vmi: filled })).toEqual([]);
  expect(pendingChanges({ vm: after, vmi: filled })).toEqual(['domain.cpu.cores', 'volumes[root].persistentVolumeClaim.claimName']);
  expect(pendingChanges({ vm: after, vmi: undefined })).toEqual([]);
});

test.each([
  {
    name: 'one of each, narrow',
    machines: [stoppedView('a', withMeta({ labels: { a: 'b' } }))],
    space: { nodes: 1, width: 900 },
    want: { project: false, node: false, labels: false, uptime: true },
  },
  {
    name: 'room for labels',
    machines: [stoppedView('a'), stoppedView('b', withMeta({ labels: { a: 'b' } }))],
    space: { nodes: 1, width: 1400 },
    want: { project: false, node: false, labels: true, uptime: true },
  },
  {
    name: 'two nodes, two projects',
    machines: [stoppedView('a'), stoppedView('b', named('b', 'lab'))],
    space: { nodes: 2, width: 1400 },
    want: { project: true, node: true, labels: false, uptime: true },
  },
  {
    name: 'two nodes, two projects, narrow: the name keeps its room',
    machines: [stoppedView('a'), stoppedView('b', named('b', 'lab'))],
    space: { nodes: 2, width: 804 },
    want: { project: true, node: false, labels: false, uptime: false },
  },
  {
    name: 'two nodes in a window of 1280: the name keeps its room',
    machines: [stoppedView('a')],
    space: { nodes: 2, width: 984 },
    want: { project: false, node: false, labels: false, uptime: true },
  },
])('columns: $name', ({ machines, space, want }) => {
  expect(columnsFor(machines, space)).toEqual(want);
});

test('usage: history and live join without doubles, an hour long', () => {
  const sample = (at: number): UsageSample => ({ at, cpuPercent: 0, residentMiB: 0, diskReadBps: 0, diskWriteBps: 0 });
  const times = (samples: readonly UsageSample[]): readonly number[] => samples.map(({ at }) => at);
  expect(times(joined([sample(1), sample(2), sample(3)], [sample(3), sample(4)]))).toEqual([1, 2, 3, 4]);
  expect(times(joined([sample(1), sample(5000)], []))).toEqual([1, 5000]);
  expect(times(joined([sample(0), sample(3_000_000)], [sample(3_600_000)]))).toEqual([3_000_000, 3_600_000]);
});

test('what was written since the machine began to be suspended', () => {
  const sample = (at: number, diskWriteBps: number): UsageSample => ({ at, cpuPercent: 0, residentMiB: 0, diskReadBps: 0, diskWriteBps });
  expect(writtenSince([], 0)).toBe(0);
  expect(writtenSince([sample(1000, 50), sample(2000, 100), sample(3000, 10)], 1500)).toBe(60);
  expect(writtenSince([sample(5000, 100)], 0)).toBe(100);
});

test('charts show the share of all processors, and nothing where nothing is known', () => {
  const machine = runningView(
    'web',
    withDomain((domain) => ({ ...domain, cpu: { cores: 4 } })),
  );
  const sample: UsageSample = { at: 1, cpuPercent: 200, residentMiB: 512, diskReadBps: 1, diskWriteBps: 2 };
  const values = Object.fromEntries(utilisationCharts.flatMap(({ lines }) => lines.map(({ id, value }) => [id, value(sample, machine)])));
  expect(values).toEqual({
    cpuUse: 50,
    guestMemory: undefined,
    residentMemory: 512,
    read: 1,
    written: 2,
    received: undefined,
    sent: undefined,
  });
});

test('startCheckReport', () => {
  const report = startCheckReport(storedVm('web', { status: { printableStatus: 'Stopped' } }), {
    apiVersion: 'virtdeck.io/v1alpha1',
    kind: 'StartCheck',
    allowed: false,
    causes: [{ reason: 'NoMemory', field: 'spec.x', message: '2 GiB are short.', fix: 'Ask for less.' }],
    warnings: [],
    passed: ['The disk is there.'],
    command: [{ flag: 'qemu' }, { flag: '-m', value: '4G' }],
  });
  expect(report).toBe(
    [
      'Machine default/web, Stopped, generation 1',
      '',
      '## Blocks',
      '',
      '- spec.x: 2 GiB are short. (NoMemory) Ask for less.',
      '',
      '## Fine',
      '',
      '- The disk is there.',
      '',
      '## Command',
      '',
      '```',
      'qemu',
      '-m 4G',
      '```',
      '',
    ].join('\n'),
  );
});
