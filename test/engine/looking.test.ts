// Owns the proof of the ways to look into a machine: consoles, pictures, logs, the guest agent, usage, the start check, events.
// Must not prove what QEMU does; the guests do.
import { describe, expect, test } from 'vitest';
import type { UsageLine } from '../../electron/api/computer.ts';
import type { Event } from '../../electron/api/kinds/event.ts';
import type { JsonObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import {
  claim,
  vm,
  withDataVolumeTemplate,
  withDisk,
  withDomain,
  withMemory,
  withRunStrategy,
  withTemplate,
  named,
  type VmPart,
} from '../fakes/builders.ts';
import { machineKey, refusal, startCore, type TestCore } from './harness.ts';

describe('the serial console', () => {
  test('replays from power-on, echoes, and may be watched twice', async () => {
    const core = await running();
    const first = await core.engine.openConsole('console', machineKey());
    const second = await core.engine.openConsole('console', machineKey());
    const [heardFirst, heardSecond] = [hear(first), hear(second)];
    first.write(Buffer.from('root\n'));
    await core.settle();
    expect([heardFirst(), heardSecond(), text(await core.engine.serialLog(machineKey()))]).toEqual([
      'login: root\n',
      'login: root\n',
      'login: root\n',
    ]);
  });

  test('closes with its machine', async () => {
    const core = await running();
    const channel = await core.engine.openConsole('console', machineKey());
    hear(channel);
    let closed: string | undefined;
    channel.onClose((reason) => (closed = reason));
    core.guest().powersOff();
    await core.settle();
    expect([closed, text(await core.engine.serialLog(machineKey()))]).toEqual(['The machine stopped.', 'login: ']);
  });

  const refusals = [
    { name: 'of nobody', draft: undefined, console: 'console', says: 'NotFound: virtualmachineinstances.kubevirt.io "web" not found' },
    {
      name: 'that the machine does not have',
      draft: vm(
        withRunStrategy('Always'),
        withDomain((domain) => ({ ...domain, devices: { ...domain.devices, autoattachSerialConsole: false } })),
      ),
      console: 'console',
      says: 'BadRequest: No serial consoles are present.',
    },
    {
      name: 'of a machine without graphics',
      draft: vm(
        withRunStrategy('Always'),
        withDomain((domain) => ({ ...domain, devices: { ...domain.devices, autoattachGraphicsDevice: false } })),
      ),
      console: 'vnc',
      says: 'BadRequest: No graphics devices are present.',
    },
    {
      name: 'of a machine that waits',
      draft: vm(withRunStrategy('Always'), withDisk('root', { claim: 'missing' })),
      console: 'vnc',
      says: 'Conflict: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI is not running',
    },
  ] as const;
  test.each(refusals)('is refused $name', async ({ draft, console: name, says }) => {
    const core = await startCore();
    if (draft !== undefined) await core.made(draft);
    expect(await refusal(core.engine.openConsole(name, machineKey()))).toBe(says);
  });
});

test('the screen speaks RFB', async () => {
  const core = await running();
  const channel = await core.engine.openConsole('vnc', machineKey());
  const heard = hear(channel);
  await core.settle();
  expect(heard()).toBe('RFB 003.008\n');
});

test('a picture is of the running machine, else the last one', async () => {
  const core = await startCore();
  await core.made(vm(withRunStrategy('Manual')));
  const never = await refusal(core.engine.screenshot(machineKey()));
  await core.act('start');
  const live = await core.engine.screenshot(machineKey());
  await core.act('stop');
  await core.clock.advance(2_000);
  const kept = await core.engine.screenshot(machineKey());
  expect([never, text(live.slice(1, 4)), text(kept.slice(1, 4)), await refusal(core.engine.serialLog(machineKey('nobody')))]).toEqual([
    'NotFound: The machine web does not run, and no picture of it was kept.',
    'PNG',
    'PNG',
    'NotFound: virtualmachines.kubevirt.io "nobody" not found',
  ]);
});

test('the guest agent answers in KubeVirt’s shapes', async () => {
  const core = await running();
  const without = await refusal(core.engine.guestAgent('guestosinfo', machineKey()));
  core.guest().agentConnects(true);
  await core.settle();
  const info = (await core.engine.guestAgent('guestosinfo', machineKey())) as JsonObject;
  expect({
    without,
    kind: info['kind'],
    os: info['os'],
    hostname: info['hostname'],
    timezone: info['timezone'],
    users: await core.engine.guestAgent('userlist', machineKey()),
    filesystems: await core.engine.guestAgent('filesystemlist', machineKey()),
  }).toEqual({
    without:
      'AgentUnavailable: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI does not have guest agent connected',
    kind: 'VirtualMachineInstanceGuestAgentInfo',
    os: { name: 'Debian GNU/Linux', id: 'debian', prettyName: 'Debian GNU/Linux 12 (bookworm)', versionId: '12' },
    hostname: 'guest',
    timezone: 'UTC, 0',
    users: {
      kind: 'VirtualMachineInstanceGuestOSUserList',
      apiVersion: 'subresources.kubevirt.io/v1',
      metadata: {},
      items: [{ userName: 'ada', loginTime: 1_700_000_000.5 }],
    },
    filesystems: {
      kind: 'VirtualMachineInstanceFileSystemList',
      apiVersion: 'subresources.kubevirt.io/v1',
      metadata: {},
      items: [{ diskName: 'vda1', mountPoint: '/', fileSystemType: 'ext4', usedBytes: 1_000_000, totalBytes: 8_000_000, disk: [] }],
    },
  });
});

describe('usage', () => {
  test('is sampled once a second while somebody looks, and not otherwise', async () => {
    const core = await running();
    // Its screen is looked at now and then, whoever looks.
    const calls = (): number => core.host.calls - core.guest().looks;
    await core.clock.advance(10_000);
    const asleep = calls();
    await core.clock.advance(60_000);
    const stillAsleep = calls();
    const lines: UsageLine[] = [];
    const stop = core.engine.watchUsage((line) => lines.push(line));
    await core.clock.advance(4_500);
    stop();
    const watched = lines.length;
    await core.clock.advance(60_000);
    expect([
      stillAsleep - asleep,
      watched,
      lines.length,
      core.engine.usageHistory(machineKey()).length,
      lines[0]?.machines.map(({ namespace, name, sample }) => [namespace, name, sample.cpuPercent]),
    ]).toEqual([0, 5, 5, 5, [['default', 'web', 12.5]]]);
  });

  test('two who look share the samples; the hour before is kept', async () => {
    const core = await running();
    const counts = [0, 0];
    const stops = counts.map((_, index) => core.engine.watchUsage(() => (counts[index] = (counts[index] ?? 0) + 1)));
    await core.clock.advance(3_700_000);
    for (const stop of stops) stop();
    const history = core.engine.usageHistory(machineKey());
    expect([counts[0] === counts[1], history.length, (history.at(-1)?.at ?? 0) - (history[0]?.at ?? 0)]).toEqual([true, 3_600, 3_599_000]);
  }, 60_000);

  test('brings fresh addresses to who looks', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    await core.settle();
    const stop = core.engine.watchUsage(() => undefined);
    await core.clock.advance(14_000);
    const once = [...core.guest().agentLog];
    await core.clock.advance(2_000);
    stop();
    expect([once, core.guest().agentLog.length, core.vmi()?.status?.interfaces?.at(-1)?.ipAddress]).toEqual([
      ['guest-network-get-interfaces'],
      2,
      '10.0.2.15',
    ]);
  });
});

describe('the start check', () => {
  test('of a machine that can start: the command with the field of each option, and nothing is changed', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk' }), vm(withDisk('root', { claim: 'disk' })));
    const version = core.store.resourceVersion();
    const check = await core.engine.startCheck(machineKey());
    await core.settle();
    expect([
      check.allowed,
      check.causes,
      check.command?.[0],
      check.command?.find(({ flag }) => flag === '-m'),
      core.store.resourceVersion(),
      core.host.world.runDirs.size,
    ]).toEqual([
      true,
      [],
      { flag: '/usr/bin/qemu-system-x86_64' },
      { flag: '-m', value: 'size=256M', field: 'spec.template.spec.domain.memory.guest' },
      version,
      0,
    ]);
  });

  test('names every reason at once, on the fields of the template', async () => {
    const core = await startCore();
    core.host.world.takenPorts.add(2222);
    const draft = vm(
      withDisk('root', { claim: 'missing' }),
      withTemplate((spec) => ({
        ...spec,
        volumes: [...(spec.volumes ?? []), { name: 'seed', cloudInitNoCloud: { secretRef: { name: 'nowhere' } } }],
      })),
    );
    const forwards = JSON.stringify([{ protocol: 'tcp', host: 2222, guest: 22 }]);
    await core.made({ ...draft, metadata: { ...draft.metadata, annotations: { 'virtdeck.io/port-forwards': forwards } } });
    const check = await core.engine.startCheck(machineKey());
    expect([check.allowed, check.causes.map(({ reason, field }) => `${reason} ${field}`).toSorted((a, b) => a.localeCompare(b))]).toEqual([
      false,
      [
        'FailedPvcNotFound spec.template.spec.volumes[0].persistentVolumeClaim',
        expect.stringMatching(/^PortTaken metadata\.annotations/),
        'SecretMissing spec.template.spec.volumes[1].cloudInitNoCloud.secretRef',
      ],
    ]);
  });

  test('of a machine that runs: only that it runs, and the command that runs', async () => {
    const core = await running(withDisk('root', { claim: 'disk' }));
    const check = await core.engine.startCheck(machineKey());
    expect([check.allowed, check.causes.map(({ message }) => message), (check.command?.length ?? 0) > 10]).toEqual([
      false,
      ['VM is already running'],
      true,
    ]);
  });

  test('of disks that come with the machine: they come first', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(vm(withDataVolumeTemplate('root')));
    const check = await core.engine.startCheck(machineKey());
    expect(check.causes.map(({ reason }) => reason)).toEqual(['VolumeImporting']);
  });

  test('of nobody is NotFound', async () => {
    const core = await startCore();
    expect(await refusal(core.engine.startCheck(machineKey('nobody')))).toBe('NotFound: virtualmachines.kubevirt.io "nobody" not found');
  });

  test('agrees with the start', async () => {
    const core = await startCore();
    const drafts = [
      vm(named('a')),
      vm(named('b'), withDisk('root', { claim: 'x' })),
      vm(named('c'), withMemory('64Mi')),
      vm(named('d'), withDisk('root', { dataVolume: 'y' })),
    ];
    await core.made(...drafts);
    const outcomes: [boolean, string | undefined][] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      const { allowed } = await core.engine.startCheck(machineKey(name));
      await core.act('start', name);
      outcomes.push([allowed, core.vmi(name)?.status?.phase]);
    }
    expect(outcomes).toEqual([
      [true, 'Running'],
      [false, 'Scheduling'],
      [true, 'Running'],
      [false, 'Scheduling'],
    ]);
  });
});

describe('events', () => {
  test('that are equal are one, counted', async () => {
    const core = await running();
    for (let count = 0; count < 3; count += 1) {
      core.guest().reboots();
      await core.clock.advance(60_000);
    }
    const events = core.store.list(resources.events, 'default') as readonly Event[];
    const found = events.filter(({ reason }) => reason === 'GuestReset');
    expect(
      found.map(({ count, firstTimestamp, lastTimestamp, involvedObject, source, type }) => ({
        count,
        firstTimestamp,
        lastTimestamp,
        involvedObject,
        source,
        type,
      })),
    ).toEqual([
      {
        count: 3,
        firstTimestamp: '2026-01-02T03:04:05Z',
        lastTimestamp: '2026-01-02T03:06:05Z',
        involvedObject: {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstance',
          namespace: 'default',
          name: 'web',
          uid: core.vmi()?.metadata.uid,
        },
        source: { component: 'virtdeck', host: 'workshop' },
        type: 'Normal',
      },
    ]);
  });

  test('the oldest are forgotten when there are too many', async () => {
    const core = await running();
    for (let count = 0; count < 2_050; count += 1) {
      core
        .guest()
        .emits('BLOCK_IO_ERROR', { device: `disk${count}`, operation: 'read', action: 'report', reason: 'No space left on device' });
      if (count % 100 === 0) await core.clock.advance(1_000);
    }
    await core.settle();
    const events = core.store.list(resources.events, 'default') as readonly Event[];
    expect([
      events.length <= 2_000,
      events.length > 1_700,
      events.some(({ message }) => message.includes('disk2049')),
      events.some(({ message }) => message.includes('disk1 ')),
    ]).toEqual([true, true, true, false]);
  }, 60_000);
});

test('the computer, the catalogue, images and folders are the host’s own answers', async () => {
  const core = await startCore();
  core.host.world.files.set('/home/ada/a.qcow2', { format: 'qcow2', sizeBytes: 7 });
  const [report, catalog, inspection, listing] = [
    await core.engine.computer(),
    await core.engine.catalog(),
    await core.engine.inspectImage('/home/ada/a.qcow2'),
    await core.engine.listDirectory('/home/ada'),
  ];
  expect([report.hostname, catalog.map(({ id }) => id), inspection.format, listing.entries]).toEqual([
    'workshop',
    ['debian-12'],
    'qcow2',
    [{ name: 'a.qcow2', type: 'file', sizeBytes: 7 }],
  ]);
});

test('a change of the settings has the computer looked at again', async () => {
  const core = await startCore();
  const key = { resource: resources.settings, name: 'default' };
  const stored = core.engine.get(key);
  core.host.computer.become({ accelerator: { inUse: 'kvm', kvm: 'works', message: 'KVM works.' } });
  await core.engine.update(key, { ...stored, spec: { ...(stored.spec as object), accelerator: 'kvm' } });
  await core.settle();
  expect(core.store.list(resources.nodes).map(({ metadata }) => metadata.labels?.['virtdeck.io/accelerator'])).toEqual(['kvm']);
});

async function running(...parts: readonly VmPart[]): Promise<TestCore> {
  const core = await startCore();
  await core.made(claim({ name: 'disk' }), vm(withRunStrategy('Manual'), ...parts));
  await core.act('start');
  return core;
}

function hear(channel: { onData(listener: (chunk: Uint8Array) => void): void }): () => string {
  let all = '';
  channel.onData((chunk) => (all += text(chunk)));
  return () => all;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
