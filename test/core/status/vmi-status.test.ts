// Owns the proof of what a run's status becomes after each fact.
// Must not test when facts are told.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance, VirtualMachineInstanceStatus } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { ExitFact } from '../../../electron/core/facts.ts';
import type { VmiFact } from '../../../electron/core/status/vmi-fact.ts';
import { vmiStatusAfter } from '../../../electron/core/status/vmi-status.ts';

const start = Date.parse('2026-05-01T10:00:00Z');
const at = (second: number): string => `2026-05-01T10:00:${String(second).padStart(2, '0')}Z`;

function run(domain: object = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name: 'web', namespace: 'default', uid: 'run', resourceVersion: '1', generation: 1, creationTimestamp: at(0) },
    spec: {
      domain: {
        cpu: { cores: 2, sockets: 1, threads: 1 },
        memory: { guest: '1Gi' },
        devices: { interfaces: [{ name: 'default', masquerade: {}, macAddress: '02:00:00:00:00:01' }] },
        ...domain,
      },
    },
  };
}

/** One second passes before each fact. */
function after(facts: readonly VmiFact[], vmi = run()): VirtualMachineInstance {
  return facts.reduce((current, fact, index) => ({ ...current, status: vmiStatusAfter(current, fact, start + (index + 1) * 1000) }), vmi);
}

function statusAfter(facts: readonly VmiFact[], vmi?: VirtualMachineInstance): VirtualMachineInstanceStatus | undefined {
  return after(facts, vmi).status;
}

const created: VmiFact = { type: 'Created' };
const scheduled: VmiFact = { type: 'Scheduled', node: 'desk' };
const started: VmiFact = { type: 'Started', node: 'desk', paused: false, accelerator: 'kvm' };
const up = [created, scheduled, started];
const qmp = (event: string, data = {}): VmiFact => ({ type: 'QmpEvent', event, data, at: start });
const exited = (exit: ExitFact): VmiFact => ({ type: 'Exited', exit, at: start });

const computer = {
  currentCPUTopology: { cores: 2, sockets: 1, threads: 1 },
  memory: { guestAtBoot: '1Gi', guestCurrent: '1Gi', guestRequested: '1Gi' },
};
const notRunning = {
  type: 'Ready',
  status: 'False',
  reason: 'GuestNotRunning',
  message: 'Guest VM is not reported as running',
  lastProbeTime: null,
};
const transition = (phase: string, second: number): object => ({ phase, phaseTransitionTimestamp: at(second) });
const notMigratable = {
  type: 'LiveMigratable',
  status: 'False',
  reason: 'SingleComputer',
  message: 'There is one computer here: a machine cannot move to another.',
  lastProbeTime: null,
  lastTransitionTime: at(3),
};
const ready = { type: 'Ready', status: 'True', lastProbeTime: null, lastTransitionTime: at(3) };
const running = {
  ...computer,
  nodeName: 'desk',
  phase: 'Running',
  phaseTransitionTimestamps: [transition('Pending', 1), transition('Scheduled', 2), transition('Running', 3)],
  interfaces: [{ name: 'default', mac: '02:00:00:00:00:01', infoSource: 'domain' }],
  conditions: [ready, notMigratable],
};

describe('from creation to running', () => {
  test('created', () => {
    expect(statusAfter([created])).toEqual({
      ...computer,
      phase: 'Pending',
      phaseTransitionTimestamps: [transition('Pending', 1)],
      conditions: [{ ...notRunning, lastTransitionTime: at(1) }],
    });
  });

  test('refused for want of anything', () => {
    const causes = [
      { reason: 'InsufficientMemory', field: 'spec.domain.memory.guest', message: '1Gi is asked for, 512Mi are free.' },
      { reason: 'PortTaken', field: 'metadata.annotations', message: 'Port 2222 is taken.' },
    ];
    expect(statusAfter([created, { type: 'Refused', causes }])).toEqual({
      ...computer,
      phase: 'Scheduling',
      phaseTransitionTimestamps: [transition('Pending', 1), transition('Scheduling', 2)],
      conditions: [
        { ...notRunning, lastTransitionTime: at(1) },
        {
          type: 'PodScheduled',
          status: 'False',
          reason: 'Unschedulable',
          message: '1Gi is asked for, 512Mi are free. Port 2222 is taken.',
          lastProbeTime: null,
          lastTransitionTime: at(2),
        },
      ],
    });
  });

  test('refused for want of a claim, whatever it was refused for before', () => {
    const refused = (reason: string): VmiFact => ({ type: 'Refused', causes: [{ reason, field: 'spec.volumes[0]', message: reason }] });
    expect(statusAfter([created, refused('DiskBusy'), refused('FailedPvcNotFound')])?.conditions).toEqual([
      { ...notRunning, lastTransitionTime: at(1) },
      {
        type: 'Synchronized',
        status: 'False',
        reason: 'FailedPvcNotFound',
        message: 'FailedPvcNotFound',
        lastProbeTime: null,
        lastTransitionTime: at(3),
      },
    ]);
    expect(statusAfter([created, refused('FailedPvcNotFound'), refused('DiskBusy')])?.conditions).toEqual([
      { ...notRunning, lastTransitionTime: at(1) },
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: 'DiskBusy',
        lastProbeTime: null,
        lastTransitionTime: at(3),
      },
    ]);
  });

  test('a start that goes on takes the refusal back', () => {
    const refused: VmiFact = { type: 'Refused', causes: [{ reason: 'DiskBusy', field: 'spec', message: 'busy' }] };
    expect(statusAfter([created, refused, scheduled])).toEqual({
      ...computer,
      nodeName: 'desk',
      phase: 'Scheduled',
      phaseTransitionTimestamps: [transition('Pending', 1), transition('Scheduling', 2), transition('Scheduled', 3)],
      conditions: [{ ...notRunning, lastTransitionTime: at(1) }],
    });
  });

  test('running', () => {
    expect(statusAfter(up)).toEqual(running);
  });

  test('paused at the start, in emulation', () => {
    expect(
      statusAfter([
        created,
        scheduled,
        { type: 'Started', node: 'desk', paused: true, accelerator: 'tcg', message: 'There is no /dev/kvm.' },
      ]),
    ).toEqual({
      ...running,
      conditions: [
        ready,
        notMigratable,
        {
          type: 'Paused',
          status: 'True',
          reason: 'PausedByUser',
          message: 'VMI was paused by user',
          lastProbeTime: null,
          lastTransitionTime: at(3),
        },
        {
          type: 'SoftwareEmulation',
          status: 'True',
          reason: 'NoKvm',
          message: 'There is no /dev/kvm.',
          lastProbeTime: null,
          lastTransitionTime: at(3),
        },
      ],
    });
  });

  test('did not come up', () => {
    const message = 'QEMU ended with code 1: no such device';
    expect(statusAfter([created, scheduled, { type: 'StartFailed', reason: 'QemuExitedEarly', message }])).toEqual({
      ...computer,
      nodeName: 'desk',
      phase: 'Failed',
      reason: 'QemuExitedEarly',
      phaseTransitionTimestamps: [transition('Pending', 1), transition('Scheduled', 2), transition('Failed', 3)],
      conditions: [
        { type: 'Ready', status: 'False', reason: 'QemuExitedEarly', message, lastProbeTime: null, lastTransitionTime: at(1) },
        { type: 'Synchronized', status: 'False', reason: 'QemuExitedEarly', message, lastProbeTime: null, lastTransitionTime: at(3) },
      ],
    });
  });
});

describe('while it runs', () => {
  test.each([
    { report: { enabled: true, setupMode: false }, want: 'True ReportedByGuest' },
    { report: { enabled: false, setupMode: false }, want: 'False ReportedByGuest' },
    { report: { enabled: false, setupMode: true }, want: 'False SetupMode' },
  ])('the guest says of Secure Boot: $want, until its agent goes', ({ report, want }) => {
    const told: readonly VmiFact[] = [...up, { type: 'Agent', connected: true, at: start }, { type: 'SecureBoot', report, at: start }];
    const found = (facts: readonly VmiFact[]) => statusAfter(facts)?.conditions?.find(({ type }) => type === 'SecureBootActive');
    expect(`${found(told)?.status} ${found(told)?.reason}`).toBe(want);
    expect(found([...told, { type: 'Agent', connected: false, at: start }])).toBeUndefined();
  });

  test('a device is lost with the program behind it', () => {
    const fact: VmiFact = { type: 'SidecarEnded', name: 'swtpm', serves: 'The TPM', message: 'It said nothing.', at: start };
    expect(statusAfter([...up, fact])?.conditions?.find(({ type }) => type === 'DeviceLost')).toMatchObject({
      status: 'True',
      reason: 'SidecarEnded',
      message: 'The TPM does not answer any more: swtpm ended. It said nothing. Stop and start the machine to bring it back.',
    });
  });

  const paused = (reason: string, message: string, second: number): object => ({
    type: 'Paused',
    status: 'True',
    reason,
    message,
    lastProbeTime: null,
    lastTransitionTime: at(second),
  });
  const byUser = ['PausedByUser', 'VMI was paused by user'] as const;
  const byError = ['PausedIOError', 'VMI was paused, low-level IO error detected'] as const;

  test.each<[string, readonly VmiFact[], readonly object[]]>([
    ['paused', [qmp('STOP')], [paused(...byUser, 4)]],
    ['paused and resumed', [qmp('STOP'), qmp('RESUME')], []],
    ['paused by a full disk', [qmp('BLOCK_IO_ERROR', { action: 'stop' }), qmp('STOP')], [paused(...byError, 4)]],
    ['an error that the guest is told', [qmp('BLOCK_IO_ERROR', { action: 'report' })], []],
    [
      'paused by the watchdog',
      [qmp('WATCHDOG', { action: 'pause' }), qmp('STOP')],
      [paused('PausedWatchdog', 'VMI was paused by its watchdog', 4)],
    ],
    ['reset by the watchdog', [qmp('WATCHDOG', { action: 'reset' }), qmp('RESET', { guest: false })], []],
    ['shutting down', [qmp('POWERDOWN'), qmp('SHUTDOWN', { guest: true })], []],
    ['unknown news', [qmp('NEW_IN_QEMU_99', { any: 'thing' }), qmp('constructor'), qmp('toString')], []],
  ])('%s', (_, facts, more) => {
    expect(statusAfter([...up, ...facts])).toEqual({ ...running, conditions: [...running.conditions, ...more] });
  });

  test('what the agent tells, until it goes', () => {
    const agent = (connected: boolean): VmiFact => ({ type: 'Agent', connected, at: start });
    const told: VmiFact[] = [
      agent(true),
      { type: 'GuestOs', os: { id: 'debian', prettyName: 'Debian GNU/Linux 12 (bookworm)', hostname: 'web' }, at: start },
      {
        type: 'Interfaces',
        at: start,
        interfaces: [
          { interfaceName: 'lo', mac: '00:00:00:00:00:00', ipAddresses: ['127.0.0.1', '::1'] },
          { interfaceName: 'enp1s0', mac: '02:00:00:00:00:01', ipAddresses: ['fe80::1', 'fec0::2', '10.0.2.15'] },
          { interfaceName: 'docker0', mac: '02:42:00:00:00:01', ipAddresses: [] },
        ],
      },
    ];
    expect(statusAfter([...up, ...told])).toEqual({
      ...running,
      guestOSInfo: { id: 'debian', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
      interfaces: [
        {
          name: 'default',
          mac: '02:00:00:00:00:01',
          interfaceName: 'enp1s0',
          ipAddress: '10.0.2.15',
          ipAddresses: ['10.0.2.15', 'fec0::2', 'fe80::1'],
          infoSource: 'domain, guest-agent',
        },
        { mac: '02:42:00:00:00:01', interfaceName: 'docker0', infoSource: 'guest-agent' },
      ],
      conditions: [...running.conditions, { type: 'AgentConnected', status: 'True', lastProbeTime: null, lastTransitionTime: at(4) }],
    });
    expect(statusAfter([...up, ...told, agent(false)])).toEqual(running);
  });

  test('asked to end', () => {
    expect(statusAfter([...up, { type: 'Stopping' }])?.conditions?.[0]).toEqual({
      type: 'Ready',
      status: 'False',
      reason: 'PodTerminating',
      message: 'The machine is being stopped.',
      lastProbeTime: null,
      lastTransitionTime: at(4),
    });
  });
});

describe('how it ends', () => {
  const noAcpi = { features: { acpi: { enabled: false } } };
  test.each<[string, readonly VmiFact[], object, readonly string[]]>([
    ['the guest shut down', [exited({ type: 'GuestShutdown' })], {}, ['Succeeded', '', 'The guest shut down.']],
    ['stopped politely', [exited({ type: 'HostStopped' })], {}, ['Succeeded', '', 'The machine was stopped.']],
    [
      'its grace period ran out',
      [exited({ type: 'HostStopped', signal: 'SIGKILL' })],
      {},
      ['Failed', 'Destroyed', 'The guest did not shut down within its grace period and was ended with SIGKILL.'],
    ],
    [
      'ended without a button to press',
      [exited({ type: 'HostStopped', signal: 'SIGTERM' })],
      noAcpi,
      ['Succeeded', '', 'The machine was stopped.'],
    ],
    ['QEMU crashed', [exited({ type: 'Crashed', signal: 'SIGSEGV', stderr: '' })], {}, ['Failed', 'Crashed', 'QEMU ended by SIGSEGV.']],
    ['QEMU gave up', [exited({ type: 'Crashed', code: 1, stderr: 'bad\n' })], {}, ['Failed', 'Crashed', 'QEMU ended with code 1: bad']],
    ['killed by somebody', [exited({ type: 'Killed', signal: 'SIGKILL' })], {}, ['Failed', 'Killed', 'Somebody ended QEMU with SIGKILL.']],
    ['out of memory', [exited({ type: 'OutOfMemory' })], {}, ['Failed', 'OutOfMemory', 'The kernel ended QEMU because memory ran out.']],
    [
      'out of memory at its own limit',
      [exited({ type: 'OutOfMemory', of: 'machine', group: '/virtdeck/a', limitBytes: 300 * 2 ** 20, peakBytes: 299.6 * 2 ** 20 })],
      {},
      [
        'Failed',
        'OutOfMemory',
        'The kernel ended QEMU because the machine reached its memory limit of 300 MiB (control group /virtdeck/a). It had used up to 300 MiB. Raise limits.memory, or give the guest less.',
      ],
    ],
    [
      'out of memory of the whole computer',
      [exited({ type: 'OutOfMemory', of: 'computer', peakBytes: 200 * 2 ** 20 })],
      {},
      ['Failed', 'OutOfMemory', 'The kernel ended QEMU because this computer ran out of memory. It had used up to 200 MiB.'],
    ],
    [
      "out of memory of somebody else's group",
      [exited({ type: 'OutOfMemory', of: 'group', group: '/user.slice' })],
      {},
      [
        'Failed',
        'OutOfMemory',
        "The kernel ended QEMU because the control group /user.slice, which is not the machine's own, reached its memory limit.",
      ],
    ],
    [
      "out of memory of somebody else's group, with what it had used",
      [exited({ type: 'OutOfMemory', of: 'group', group: '/user.slice', peakBytes: 200 * 2 ** 20 })],
      {},
      [
        'Failed',
        'OutOfMemory',
        "The kernel ended QEMU because the control group /user.slice, which is not the machine's own, reached its memory limit. It had used up to 200 MiB.",
      ],
    ],
    ['unwatched', [exited({ type: 'EndedUnwatched' })], {}, ['Succeeded', '', 'The machine ended while Virtdeck was not running.']],
    [
      'panicked',
      [qmp('GUEST_PANICKED', { action: 'poweroff' }), exited({ type: 'GuestShutdown' })],
      {},
      ['Failed', 'GuestPanicked', 'The guest panicked.'],
    ],
    [
      'panicked and hung, and was ended for that later',
      [qmp('GUEST_PANICKED', { action: 'run' }), exited({ type: 'HostStopped', signal: 'SIGTERM' })],
      {},
      ['Failed', 'Destroyed', 'The guest did not shut down within its grace period and was ended with SIGTERM.'],
    ],
    [
      'panicked and went on, and then QEMU crashed',
      [qmp('GUEST_PANICKED', { action: 'run' }), exited({ type: 'Crashed', signal: 'SIGSEGV', stderr: '' })],
      {},
      ['Failed', 'Crashed', 'QEMU ended by SIGSEGV.'],
    ],
    [
      'panicked, was resumed by its user, and shut down',
      [qmp('GUEST_PANICKED', { action: 'pause' }), qmp('RESUME'), exited({ type: 'GuestShutdown' })],
      {},
      ['Succeeded', '', 'The guest shut down.'],
    ],
    [
      'panicked, and restarted itself',
      [qmp('GUEST_PANICKED', { action: 'run' }), qmp('RESET', { guest: true }), exited({ type: 'GuestShutdown' })],
      {},
      ['Succeeded', '', 'The guest shut down.'],
    ],
    [
      'bitten by the watchdog',
      [qmp('WATCHDOG', { action: 'poweroff' }), exited({ type: 'GuestShutdown' })],
      {},
      ['Failed', 'WatchdogPoweroff', 'The watchdog of the machine was not fed in time and cut the power.'],
    ],
    [
      'panicked, but memory ran out first',
      [qmp('GUEST_PANICKED'), exited({ type: 'OutOfMemory' })],
      {},
      ['Failed', 'OutOfMemory', 'The kernel ended QEMU because memory ran out.'],
    ],
  ])('%s', (...[, facts, domain, [phase, reason, message]]) => {
    const second = 3 + facts.length;
    expect(statusAfter([...up, qmp('STOP'), qmp('RESUME'), ...facts], run(domain))).toEqual({
      ...running,
      phase,
      ...(reason === '' ? {} : { reason }),
      phaseTransitionTimestamps: [...running.phaseTransitionTimestamps, transition(phase ?? '', second + 2)],
      conditions: [
        {
          type: 'Ready',
          status: 'False',
          reason: reason === '' ? 'GuestNotRunning' : reason,
          message,
          lastProbeTime: null,
          lastTransitionTime: at(second + 2),
        },
        notMigratable,
      ],
    });
  });

  test('what comes after the end changes nothing', () => {
    const over = after([...up, exited({ type: 'GuestShutdown' })]);
    const late: VmiFact[] = [
      qmp('STOP'),
      started,
      exited({ type: 'OutOfMemory' }),
      { type: 'Agent', connected: true, at: start },
      { type: 'Stopping' },
    ];
    expect(late.map((fact) => vmiStatusAfter(over, fact, start + 60_000) === over.status)).toEqual(late.map(() => true));
  });
});

describe('always', () => {
  const anyFact = fc.constantFrom<VmiFact>(
    created,
    scheduled,
    started,
    { ...started, paused: true, accelerator: 'tcg' },
    { type: 'Refused', causes: [{ reason: 'DiskBusy', field: 'spec', message: 'busy' }] },
    { type: 'Refused', causes: [{ reason: 'FailedPvcNotFound', field: 'spec', message: 'missing' }] },
    { type: 'Agent', connected: true, at: start },
    { type: 'Agent', connected: false, at: start },
    { type: 'GuestOs', os: { id: 'debian' }, at: start },
    { type: 'Interfaces', interfaces: [{ interfaceName: 'eth0', mac: '02:00:00:00:00:01', ipAddresses: ['10.0.2.15'] }], at: start },
    { type: 'Stopping' },
    qmp('STOP'),
    qmp('RESUME'),
    qmp('RESET'),
    qmp('GUEST_PANICKED'),
    exited({ type: 'GuestShutdown' }),
  );

  test('the same fact twice is told once: the same object comes back', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 12 }), anyFact, (facts, last) => {
        const vmi = after([created, ...facts, last]);
        expect(vmiStatusAfter(vmi, last, start + 3_600_000)).toBe(vmi.status);
      }),
    );
  });

  test('one condition of each type, and each phase is entered where it changes', () => {
    fc.assert(
      fc.property(fc.array(anyFact, { maxLength: 20 }), (facts) => {
        const status = statusAfter([created, ...facts]);
        const types = status?.conditions?.map(({ type }) => type) ?? [];
        const phases = status?.phaseTransitionTimestamps?.map(({ phase }) => phase) ?? [];
        expect(new Set(types).size).toBe(types.length);
        expect(phases.at(-1)).toBe(status?.phase);
        expect(phases.filter((phase, index) => phase === phases[index + 1])).toEqual([]);
      }),
    );
  });
});
