// Owns a MachinePort over the pretended computer.
// Must not start anything real.
import type { ByteChannel } from '../../electron/api/channel.ts';
import { AppError } from '../../electron/api/errors.ts';
import type { Json, JsonObject } from '../../electron/api/object.ts';
import { timestamp } from '../../electron/api/timestamp.ts';
import { argvOf } from '../../electron/core/qemu/launch-plan.ts';
import { ofOneRun } from '../../electron/core/qemu/runtime-paths.ts';
import type { FactListener, FoundMachine, MachinePort, RunningMachine } from '../../electron/engine/ports.ts';
import { channelPair } from './channel-pair.ts';
import { type FakeGuest, type FakeWorld, ownerOf } from './fake-world.ts';
import { serveRfb } from './rfb-server.ts';
import { solidPng } from './solid-png.ts';

const screen = { width: 64, height: 48, colour: [0, 102, 204] } as const;

/** `gate` stands between the core and the computer: it may never answer, as after kill -9. */
export type Gate = <T>(work: () => T | Promise<T>) => Promise<T>;

export function fakeMachines(world: FakeWorld, gate: Gate): MachinePort {
  return {
    createRunDir: (plan) => gate(() => void world.runDirs.set(plan.runDir, plan.vmi)),
    removeRunDir: (runDir) =>
      gate(() => {
        if (world.guests.get(runDir)?.alive === true) throw new Error(`${runDir} belongs to a living guest`);
        world.guests.delete(runDir);
        world.runDirs.delete(runDir);
        world.sidecars.delete(runDir);
        world.taps.delete(runDir);
        world.limits.delete(runDir);
        world.looks.delete(runDir);
      }),
    placeFile: (file) =>
      gate(() => {
        if (file.type === 'emptyDisk') world.files.set(file.path, { format: file.format, sizeBytes: file.sizeBytes });
        if (file.type === 'convertOnce') world.files.set(file.to, { format: 'qcow2', sizeBytes: 540_672 });
      }),
    startSidecars: (plan) => gate(() => void world.sidecars.set(plan.runDir, plan.sidecars)),
    endSidecars: (runDir) => gate(() => void world.sidecars.delete(runDir)),
    spawn: (plan, onFact) =>
      gate(async () => {
        const { startMs } = world.behaviourOf(plan.vmi.name);
        if (startMs !== undefined) await new Promise<void>((resolve) => void world.clock.after(startMs, resolve));
        if (!world.runDirs.has(plan.runDir)) throw new Error(`spawn before createRunDir(${plan.runDir})`);
        const stderr = world.behaviourOf(plan.vmi.name).startFails ?? lockConflict(world, plan.locks);
        if (stderr !== undefined) {
          throw new AppError('QemuExitedEarly', `QEMU ended before it was ready: ${stderr}`, {
            causes: [{ reason: 'QemuExitedEarly', field: '', message: stderr, fix: 'Correct it.' }],
          });
        }
        return attach({ world, gate, guest: world.boot(plan), onFact });
      }),
    scan: () =>
      gate(() => [...world.runDirs].map(([runDir, vmi]): FoundMachine => ({ vmi, runDir, state: stateOf(world.guests.get(runDir)) }))),
    adopt: (found, onFact) =>
      gate(() => {
        const guest = world.guests.get(found.runDir);
        if (guest?.alive !== true) throw new AppError('NotFound', `${found.runDir} has no living guest`);
        return attach({ world, gate, guest, onFact });
      }),
    directories: (vmiUid, ownerUid) => ({ runDir: `/run/virtdeck-test/${vmiUid}`, stateDir: `/var/virtdeck-test/${ownerUid}` }),
    setNvramAside: (ownerUid) =>
      gate(() =>
        [...world.files.keys()].filter((path) => path.startsWith(`/var/virtdeck-test/${ownerUid}/nvram-`) && world.files.delete(path)),
      ),
    removeRunDisks: (ownerUid) =>
      gate(() => {
        const prefixes = Object.values(ofOneRun).map((prefix) => `/var/virtdeck-test/${ownerUid}/${prefix}`);
        for (const path of world.files.keys()) if (prefixes.some((prefix) => path.startsWith(prefix))) world.files.delete(path);
      }),
    removeStateDir: (ownerUid) =>
      gate(() => {
        world.serialLogs.delete(ownerUid);
        world.screenshots.delete(ownerUid);
        world.evidence.delete(ownerUid);
        for (const path of world.files.keys()) if (path.startsWith(`/var/virtdeck-test/${ownerUid}/`)) world.files.delete(path);
      }),
    serialLog: (ownerUid) => gate(() => world.serialLogs.get(ownerUid)),
    lastScreenshot: (ownerUid) => gate(() => world.screenshots.get(ownerUid)),
    stateImages: () => gate(() => []),
    tpmCopy: (ownerUid, action, tag) => gate(() => void world.tpmCopies.push(`${action} ${tag} ${ownerUid}`)),
    lastLook: (runDir) =>
      gate(() => {
        const at = world.looks.get(runDir);
        return at === undefined ? undefined : { png: solidPng(screen.width, screen.height, screen.colour), at };
      }),
    keepEvidence: (ownerUid, report, picture) =>
      gate(() => {
        const serialTail = (world.serialLogs.get(ownerUid) ?? Buffer.alloc(0)).toString();
        const taken = picture === undefined ? {} : { screenshotTime: timestamp(picture.at) };
        const one = { ...report, serialTail, stderr: '', hasScreenshot: picture !== undefined, ...taken };
        world.evidence.set(ownerUid, [...(world.evidence.get(ownerUid) ?? []), one]);
      }),
    evidence: (ownerUid) => gate(() => world.evidence.get(ownerUid) ?? []),
    evidenceScreenshot: (ownerUid, id) =>
      gate(() =>
        world.evidence.get(ownerUid)?.find((one) => one.id === id)?.hasScreenshot === true
          ? solidPng(screen.width, screen.height, screen.colour)
          : undefined,
      ),
    keepScreenshot: (ownerUid, png) => gate(() => void world.screenshots.set(ownerUid, png)),
  };
}

function stateOf(guest: FakeGuest | undefined): FoundMachine['state'] {
  if (guest?.alive === true) return { alive: true };
  // A core that died cannot have seen how the guest ended; the real host only finds a pid file, which a kill leaves behind.
  if (guest?.exit?.type === 'Killed') return { alive: false, exit: guest.exit };
  return { alive: false, exit: { type: 'EndedUnwatched' } };
}

function lockConflict(world: FakeWorld, locks: readonly string[]): string | undefined {
  const taken = [...world.guests.values()].filter(({ alive }) => alive).flatMap(({ plan }) => plan.locks);
  const path = locks.find((lock) => taken.includes(lock));
  return path === undefined ? undefined : `Failed to get "write" lock on ${path}. Is another process using the image?`;
}

function attach(parts: { world: FakeWorld; gate: Gate; guest: FakeGuest; onFact: FactListener }): RunningMachine {
  const { world, gate, guest, onFact } = parts;
  guest.listener = onFact;
  const open = new Set<ByteChannel>();
  const channel = (): readonly [ByteChannel, ByteChannel] => {
    const [client, server] = channelPair();
    open.add(server);
    server.onClose(() => open.delete(server));
    return [client, server];
  };
  void guest.ended.then(() => open.forEach((one) => one.close('The machine stopped.')));
  if (guest.agentConnected) queueMicrotask(() => onFact({ type: 'Agent', connected: true, at: world.clock.now() }));

  return {
    vmi: guest.plan.vmi,
    pid: guest.pid,
    exited: guest.ended,
    qmp: (execute, args) =>
      gate(() => {
        const blockers = world.behaviourOf(guest.plan.vmi.name).migrationBlockers ?? [];
        return execute === 'query-migrate' ? { 'blocked-reasons': [...blockers] } : answerQmp({ world, guest, execute, args });
      }),
    agent: (execute, args) => gate(() => answerAgent({ world, guest, execute, args })),
    job: (execute, args) =>
      gate(async () => {
        answerQmp({ world, guest, execute, args });
        await world.behaviourOf(guest.plan.vmi.name).jobsWaitFor;
        const failure = world.behaviourOf(guest.plan.vmi.name).failsJobs?.[execute];
        if (failure !== undefined) throw new AppError('QmpFailed', `${execute} failed: ${failure}`);
      }),
    probe: (question) =>
      gate(() => {
        guest.probeLog.push(question);
        const failing = world.behaviourOf(guest.plan.vmi.name).failsProbes.includes(question.type);
        return failing ? { succeeded: false, message: 'no answer' } : { succeeded: true, message: 'an answer' };
      }),
    pin: (threads) =>
      gate(() => {
        const moved = JSON.stringify(guest.threads) === JSON.stringify({ ...guest.threads, ...threads }) ? 0 : 1;
        guest.threads = { ...guest.threads, ...threads };
        return moved;
      }),
    kill(signal) {
      if (signal === 'SIGKILL') guest.killed('SIGKILL');
      else guest.quits();
    },
    openSerial: ({ replay }) =>
      gate(() => {
        const [client, server] = channel();
        const owner = ownerOf(guest.plan);
        if (replay) server.write(world.serialLogs.get(owner) ?? Buffer.alloc(0));
        server.onData((chunk) => {
          const copy = Buffer.from(chunk);
          world.serialLogs.set(owner, Buffer.concat([world.serialLogs.get(owner) ?? Buffer.alloc(0), copy]));
          for (const one of open) one.write(copy);
        });
        return client;
      }),
    openVnc: () =>
      gate(() => {
        const [client, server] = channelPair();
        void guest.ended.then(() => server.close('The machine stopped.'));
        serveRfb(server, { name: guest.plan.vmi.name, ...screen }, (key) => guest.keys.push(key));
        return client;
      }),
    openPort: (_routes, { port }) =>
      gate(() => {
        const [client, server] = channelPair();
        void guest.ended.then(() => server.close('The machine stopped.'));
        // A guest that says which port was reached, and then gives back what it hears.
        server.write(Buffer.from(`${port}\n`));
        server.onData((chunk) => void server.write(Buffer.from(chunk)));
        return client;
      }),
    screenshot: () => gate(() => solidPng(screen.width, screen.height, screen.colour)),
    look: (isCurrent) =>
      gate(async () => {
        guest.looks += 1;
        const at = world.clock.now();
        await world.behaviourOf(guest.plan.vmi.name).looksWaitFor;
        if (!guest.alive) throw new AppError('QmpFailed', 'screendump failed: the machine is not running.');
        if (isCurrent()) world.looks.set(guest.plan.runDir, at);
      }),
    usage: () =>
      gate(() => ({
        at: world.clock.now(),
        cpuPercent: guest.runState === 'running' ? 12.5 : 0,
        residentMiB: guest.plan.memoryMiB / 2,
        guestUsedMiB: guest.plan.memoryMiB / 4,
        diskReadBps: 4096,
        diskWriteBps: 8192,
        netRxBps: 1000,
        netTxBps: 500,
      })),
    detach: () =>
      gate(() => {
        if (guest.listener === onFact) guest.listener = undefined;
        for (const one of open) one.close(guest.alive ? 'The console was let go.' : 'The machine stopped.');
      }),
  };
}

const mebibyte = 1024 * 1024;

function guestMiBOf({ args }: FakeGuest['plan']): number {
  const memory = args.find(({ flag }) => flag === '-m')?.value;
  return Number(/size\W+(\d+)M/.exec(JSON.stringify(memory))?.[1] ?? 0);
}

interface AskedQmp {
  readonly world: FakeWorld;
  readonly guest: FakeGuest;
  readonly execute: string;
  readonly args: JsonObject | undefined;
}

function answerQmp({ world, guest, execute, args }: AskedQmp): Json {
  if (!guest.alive) throw new AppError('QmpFailed', `${execute} failed: the machine is not running.`);
  guest.qmpLog.push(args === undefined ? { execute } : { execute, arguments: args });
  switch (execute) {
    case 'query-status':
      return { status: guest.runState, running: guest.runState === 'running' };
    case 'balloon':
      guest.balloonMiB = Number(args?.['value']) / mebibyte;
      return {};
    case 'query-balloon':
      return { actual: (guest.balloonMiB ?? guestMiBOf(guest.plan)) * mebibyte };
    case 'query-uuid':
      return { UUID: guest.plan.uuid };
    case 'query-command-line-options':
      return argvOf(guest.plan);
    case 'cont':
      guest.runs();
      return {};
    case 'stop':
      guest.pauses();
      return {};
    case 'system_powerdown':
      guest.pressPowerButton();
      return {};
    case 'watchdog-set-action':
      if (typeof args?.['action'] === 'string') guest.watchdogAction = args['action'];
      return {};
    case 'set-action':
      if (args?.['shutdown'] === 'pause' || args?.['shutdown'] === 'poweroff') guest.shutdownAction = args['shutdown'];
      return {};
    case 'system_reset':
      if (guest.runState === 'shutdown') guest.runState = 'paused';
      guest.emits('RESET', { guest: false, reason: 'host-qmp-system-reset' });
      return {};
    case 'quit':
      guest.quits();
      return {};
    case 'qom-get':
      if (args?.['property'] === 'guest-stats') {
        return { stats: { 'stat-available-memory': world.behaviourOf(guest.plan.vmi.name).spareMiB * mebibyte, 'stat-swap-in': -1 } };
      }
      return guest.devices.answer(execute, args ?? {}) ?? {};
    default:
      return guest.devices.answer(execute, args ?? {}) ?? {};
  }
}

function answerAgent(asked: AskedQmp): Json {
  const { world, guest, execute, args } = asked;
  if (!guest.alive || !guest.agentConnected) throw new AppError('AgentUnavailable', 'The guest agent is not connected.');
  guest.agentLog.push(execute);
  const behaviour = world.behaviourOf(guest.plan.vmi.name);
  switch (execute) {
    case 'guest-ping':
      return {};
    case 'guest-network-get-interfaces':
      return behaviour.interfaces.map(({ interfaceName, mac, ipAddresses }) => ({
        name: interfaceName,
        'hardware-address': mac,
        'ip-addresses': ipAddresses.map((address) => ({
          'ip-address': address,
          'ip-address-type': address.includes(':') ? 'ipv6' : 'ipv4',
          prefix: 24,
        })),
      }));
    case 'guest-get-osinfo':
      return {
        id: behaviour.os.id,
        name: behaviour.os.name,
        'pretty-name': behaviour.os.prettyName,
        version: behaviour.os.version,
        'version-id': behaviour.os.versionId,
        'kernel-release': behaviour.os.kernelRelease,
        'kernel-version': behaviour.os.kernelVersion,
        machine: behaviour.os.machine,
      };
    case 'guest-get-host-name':
      return { 'host-name': behaviour.os.hostname };
    case 'guest-get-users':
      return [{ user: 'ada', 'login-time': 1_700_000_000.5 }];
    case 'guest-get-fsinfo':
      return [{ name: 'vda1', mountpoint: '/', type: 'ext4', 'used-bytes': 1_000_000, 'total-bytes': 8_000_000, disk: [] }];
    case 'guest-get-timezone':
      return { zone: 'UTC', offset: 0 };
    case 'guest-shutdown': {
      if (args?.['mode'] === 'reboot') guest.reboots();
      else world.clock.after(behaviour.shutdownMs, () => guest.powersOff());
      return {};
    }
    default:
      throw new AppError('QmpFailed', `The command ${execute} has not been found`);
  }
}
