// Owns the proof of what is done to running machines: KubeVirt's own end-to-end checklist, as far as it applies to one computer.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import { vm, withDomain, withMemory, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { condition, machineKey, printable, refusal, running, startCore, update } from './harness.ts';

describe('running', () => {
  test('pause and unpause', async () => {
    const core = await running();
    await core.act('pause');
    const paused = [printable(core), condition(core.vmi(), 'Paused'), condition(core.vm(), 'Paused'), core.guest().runState];
    const refused = await refusal(core.engine.act('pause', machineKey()));
    await core.act('unpause');
    expect([paused, refused, printable(core), condition(core.vmi(), 'Paused'), condition(core.vm(), 'Paused')]).toEqual([
      ['Paused', 'True/PausedByUser', 'True/PausedByUser', 'paused'],
      'Conflict: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI is already paused',
      'Running',
      undefined,
      undefined,
    ]);
  });

  test('stop, start and restart while paused', async () => {
    const core = await running('Manual');
    await core.act('pause');
    const start = await refusal(core.engine.act('start', machineKey()));
    await core.act('restart');
    await core.clock.advance(2_000);
    const restarted = printable(core);
    await core.act('pause');
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([start, restarted, printable(core), core.host.world.history.map(({ exit }) => exit?.type)]).toEqual([
      'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is already running',
      'Running',
      'Stopped',
      ['GuestShutdown', 'GuestShutdown'],
    ]);
  });

  test('reset keeps the run; so does a reboot by the guest itself', async () => {
    const core = await running();
    const uid = core.vmi()?.metadata.uid;
    await core.act('reset');
    core.guest().reboots();
    await core.settle();
    expect([core.vmi()?.metadata.uid, printable(core), core.guest().qmpLog.map(({ execute }) => execute), core.events().at(-1)]).toEqual([
      uid,
      'Running',
      ['cont', 'system_reset'],
      'GuestReset: The guest restarted itself.',
    ]);
  });

  test('softreboot by the agent when it is connected', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    await core.settle();
    await core.act('softreboot');
    expect([core.guest().agentLog, core.guest().alive, printable(core)]).toEqual([['guest-shutdown'], true, 'Running']);
  });

  test('softreboot by the power button: the shutdown is followed by a reset, not by an end', async () => {
    const core = await running();
    const uid = core.vmi()?.metadata.uid;
    await core.act('softreboot');
    await core.clock.advance(2_000);
    expect([core.vmi()?.metadata.uid, printable(core), core.guest().runState, core.guest().qmpLog]).toEqual([
      uid,
      'Running',
      'running',
      [
        { execute: 'cont' },
        { execute: 'set-action', arguments: { shutdown: 'pause' } },
        { execute: 'system_powerdown' },
        { execute: 'system_reset' },
        { execute: 'set-action', arguments: { shutdown: 'poweroff' } },
        { execute: 'cont' },
      ],
    ]);
  });

  test('a softreboot that the guest ignores is forgotten: a later shutdown is one', async () => {
    const core = await running('Manual');
    core.host.world.behave({ acpi: 'ignores' });
    await core.act('softreboot');
    await core.clock.advance(300_000);
    core.guest().powersOff();
    await core.settle();
    expect([printable(core), core.vmi()?.status?.phase]).toEqual(['Stopped', 'Succeeded']);
  });

  test('a stop in the middle of a softreboot stops', async () => {
    const core = await running('Manual');
    await core.act('softreboot');
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([printable(core), core.vmi()]).toEqual(['Stopped', undefined]);
  });

  test('softreboot needs an agent or ACPI', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withRunStrategy('Always'),
        withDomain((domain) => ({ ...domain, features: { acpi: { enabled: false } } })),
      ),
    );
    expect(await refusal(core.engine.act('softreboot', machineKey()))).toBe(
      'Conflict: Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "web": VMI neither has the agent connected nor the ACPI feature enabled',
    );
  });

  test('the template may change; the run does not, and RestartRequired says so until the restart', async () => {
    const core = await running();
    const before = core.vmi()?.spec;
    await update(core, (draft) => ({ ...draft, spec: vm(withRunStrategy('Always'), withMemory('512Mi')).spec }));
    const after = [
      core.vmi()?.spec === before,
      condition(core.vm(), 'RestartRequired'),
      core.vm()?.metadata.generation,
      core.vm()?.status?.observedGeneration,
    ];
    await core.act('restart');
    await core.clock.advance(2_000);
    expect([
      after,
      core.vmi()?.spec.domain.memory?.guest,
      condition(core.vm(), 'RestartRequired'),
      core.vm()?.status?.observedGeneration,
    ]).toEqual([[true, 'True/RestartRequired', 2, 1], '512Mi', undefined, 2]);
  });

  test('a label of the machine is no reason to restart, and no new generation', async () => {
    const core = await running();
    await update(core, (draft) => ({ ...draft, metadata: { ...draft.metadata, labels: { team: 'blue' } } }));
    expect([core.vm()?.metadata.labels, core.vm()?.metadata.generation, condition(core.vm(), 'RestartRequired')]).toEqual([
      { team: 'blue' },
      1,
      undefined,
    ]);
  });

  test('what this computer does not honour is named in a condition', async () => {
    const core = await startCore();
    await core.made(vm(withTemplate((spec) => ({ ...spec, schedulerName: 'my-scheduler' }))));
    const found = core.vm()?.status?.conditions?.find(({ type }) => type === 'NotHonoured');
    expect([found?.status, found?.message?.split(':')[0]]).toEqual(['True', 'spec.template.spec.schedulerName']);
  });

  test('the agent brings addresses and the guest OS, and takes them away', async () => {
    const core = await running();
    core.guest().agentConnects(true);
    core.guest().listener?.({
      type: 'Interfaces',
      interfaces: [{ interfaceName: 'eth0', mac: core.vmi()?.status?.interfaces?.[0]?.mac ?? '', ipAddresses: ['10.0.2.15'] }],
      at: 0,
    });
    core.guest().listener?.({ type: 'GuestOs', os: { id: 'debian', prettyName: 'Debian 12' }, at: 0 });
    await core.settle();
    const known = [
      condition(core.vmi(), 'AgentConnected'),
      core.vmi()?.status?.interfaces?.[0]?.ipAddress,
      core.vmi()?.status?.guestOSInfo?.prettyName,
    ];
    core.guest().agentConnects(false);
    await core.settle();
    expect([
      known,
      condition(core.vmi(), 'AgentConnected'),
      core.vmi()?.status?.interfaces?.[0]?.ipAddress,
      core.vmi()?.status?.guestOSInfo,
    ]).toEqual([['True', '10.0.2.15', 'Debian 12'], undefined, undefined, undefined]);
  });
});
