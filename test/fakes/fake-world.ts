// Owns the pretended computer that outlives a core: guest processes, run directories, kept files, disks.
// Must not know the engine; a test reaches into it to make things happen.
import type { PrivilegedRequest } from '../../electron/api/privileged.ts';
import { type HostDeviceFacts, noHostDevices } from '../../electron/api/host-devices.ts';
import type { PreparationFacts } from '../../electron/core/preparation/preparation-facts.ts';
import type { Evidence } from '../../electron/api/evidence.ts';
import type { JsonObject } from '../../electron/api/object.ts';
import type { ExitFact, GuestInterface, GuestOsInfo, MachineFact } from '../../electron/core/facts.ts';
import { type NetworkFacts, noNetworks } from '../../electron/core/network/network-facts.ts';
import type { LimitShortfall } from '../../electron/core/limits/enforcement.ts';
import type { LimitPlan } from '../../electron/core/limits/limit-plan.ts';
import type { KeptPages, MemoryFacts } from '../../electron/core/memory/memory-facts.ts';
import type { LaunchPlan, TapConnection } from '../../electron/core/qemu/launch-plan.ts';
import type { ProbeQuestion } from '../../electron/core/reconcile/probes.ts';
import { laterMemoryId } from '../../electron/core/qemu/devices/memory.ts';
import type { ThreadPlaces } from '../../electron/core/placement/thread-places.ts';
import type { Clock, FactListener, SleepListener } from '../../electron/engine/ports.ts';
import { type FakeDevices, fakeDevices } from './fake-devices.ts';
import { plainPreparation } from './fake-preparation.ts';
import type { KeyStroke } from './rfb-server.ts';

/** How a guest behaves. Set for all, or by machine name. */
export interface GuestBehaviour {
  /** What the power button does. */
  readonly acpi: 'shutsDown' | 'ignores';
  /** From the button, or the agent's word, to the end. */
  readonly shutdownMs: number;
  /** QMP quit and SIGTERM end it, or are never answered; SIGKILL always ends it. */
  readonly quit: 'exits' | 'ignored';
  /** QEMU ends before QMP answers, with this on stderr. */
  readonly startFails?: string | undefined;
  /** From QEMU's start until it answers. */
  readonly startMs?: number;
  /** The guest agent connects this long after the guest first runs; absent: there is none. */
  readonly agentAfterMs?: number;
  readonly interfaces: readonly GuestInterface[];
  readonly os: GuestOsInfo;
  /** When a PCI device is pulled out: a guest that still boots, or uses it, does not let go. */
  readonly releasesDevices: boolean;
  /** What it tells its balloon that it could do without. */
  readonly spareMiB: number;
  /** QEMU's jobs end after this. */
  readonly jobsWaitFor?: Promise<void>;
  /** Looks at its screen are answered after this. */
  readonly looksWaitFor?: Promise<void>;
  /** By job: what QEMU says when it fails. */
  readonly failsJobs?: Readonly<Record<string, string>>;
  /** QEMU's reasons why its state cannot be kept. */
  readonly migrationBlockers?: readonly string[];
  /** It has a driver for memory that comes while it runs. */
  readonly takesMemory: boolean;
  /** Questions of probes that the guest does not answer. */
  readonly failsProbes: readonly ProbeQuestion['type'][];
  /** Printed on the serial console when the guest first runs. */
  readonly serialGreeting: string;
}

export const plainGuest: GuestBehaviour = {
  acpi: 'shutsDown',
  shutdownMs: 2_000,
  quit: 'exits',
  interfaces: [{ interfaceName: 'eth0', mac: '52:54:00:12:34:56', ipAddresses: ['10.0.2.15'] }],
  os: { id: 'debian', name: 'Debian GNU/Linux', prettyName: 'Debian GNU/Linux 12 (bookworm)', versionId: '12', hostname: 'guest' },
  releasesDevices: true,
  spareMiB: 2048,
  takesMemory: true,
  failsProbes: [],
  serialGreeting: 'login: ',
};

/** One pretended QEMU process. */
export interface FakeGuest {
  readonly plan: LaunchPlan;
  readonly pid: number;
  runState: 'prelaunch' | 'running' | 'paused' | 'shutdown' | 'guest-panicked' | 'watchdog';
  /** QMP's set-action: what a shutdown of the guest does. */
  shutdownAction: 'poweroff' | 'pause';
  /** As the command line and watchdog-set-action say. */
  watchdogAction: string;
  alive: boolean;
  exit: ExitFact | undefined;
  agentConnected: boolean;
  /** Everything asked over QMP, in order. */
  readonly qmpLog: { readonly execute: string; readonly arguments?: JsonObject }[];
  readonly agentLog: string[];
  readonly probeLog: ProbeQuestion[];
  /** How often its screen was asked for in passing. */
  looks: number;
  readonly keys: KeyStroke[];
  /** What its balloon leaves to it; undefined: all. */
  balloonMiB: number | undefined;
  /** What is plugged into it, beside what it began with. */
  readonly devices: FakeDevices;
  /** Where its threads were put last; a test may move them. */
  threads: ThreadPlaces;
  /** The core that listens; undefined while none does. */
  listener: FactListener | undefined;
  readonly ended: Promise<ExitFact>;
  /** The guest's own doing, or a stranger's. */
  powersOff(): void;
  reboots(): void;
  /** Nobody fed it. */
  watchdogBites(): void;
  /** With a panic device. */
  panics(): void;
  crashes(stderr: string): void;
  killed(signal: string): void;
  runsOutOfMemory(): void;
  emits(event: string, data?: JsonObject): void;
  agentConnects(connected: boolean): void;
  /** What the button does, by its behaviour. */
  pressPowerButton(): void;
  quits(): void;
  runs(): void;
  pauses(): void;
}

export interface FakeFile {
  readonly format: 'qcow2' | 'raw';
  readonly sizeBytes: number;
}

export interface FakeWorld {
  readonly clock: Clock;
  /** By run directory. A guest that ended stays until its run directory is removed. */
  readonly guests: Map<string, FakeGuest>;
  /** Run directories, with what was recorded in them. */
  readonly runDirs: Map<string, LaunchPlan['vmi']>;
  /** What runs beside a guest, by run directory. */
  readonly sidecars: Map<string, LaunchPlan['sidecars']>;
  /** Every guest there ever was, oldest first. */
  readonly history: FakeGuest[];
  readonly files: Map<string, FakeFile>;
  /** By owner uid. */
  readonly serialLogs: Map<string, Buffer>;
  readonly screenshots: Map<string, Uint8Array>;
  /** By run directory: when its screen was looked at last. */
  readonly looks: Map<string, number>;
  readonly evidence: Map<string, readonly Evidence[]>;
  readonly takenPorts: Set<number>;
  startsAtLogin: boolean;
  /** What was done to snapshots inside images: `take TAG PATH`. */
  readonly imageSnapshots: string[];
  readonly tpmCopies: string[];
  /** Who hears that the computer sleeps and wakes. */
  sleepListener: SleepListener | undefined;
  /** Network interfaces that were made for runs, by run directory. */
  readonly taps: Map<string, readonly TapConnection[]>;
  /** What the privileged program was asked for. */
  readonly asked: PrivilegedRequest[];
  network: NetworkFacts;
  hostDevices: HostDeviceFacts;
  /** Of devices that were handed to VFIO: what drove them. */
  readonly driversBefore: Map<string, string | undefined>;
  /** By `parent type`: how many mediated devices there can be. */
  readonly mdevRoom: Map<string, number>;
  /** When each trial ends. */
  readonly trials: Map<string, number>;
  /** Groups that were left between their drivers; finished without a password when the core is root's. */
  readonly interrupted: Set<string>;
  isRoot: boolean;
  /** Devices that a machine has. */
  readonly openDevices: Set<string>;
  /** Undefined: any amount. */
  lockLimitBytes: number | undefined;
  /** Devices whose driver hangs. */
  readonly stuckDevices: Set<string>;
  /** By run directory, as they were set last. */
  readonly limits: Map<string, LimitPlan>;
  /** What the kernel is said not to hold. */
  limitShortfalls: readonly LimitShortfall[];
  /** Of every machine's processes. */
  usedBytes: number;
  readonly oomOrder: Map<number, number>;
  preparation: PreparationFacts;
  memory: MemoryFacts;
  keptPages: readonly KeptPages[];
  /** Changes how guests behave from now on: all, or those of one VirtualMachineInstance name. */
  behave(behaviour: Partial<GuestBehaviour>, name?: string): void;
  behaviourOf(name: string): GuestBehaviour;
  boot(plan: LaunchPlan): FakeGuest;
  /** The living guest of a VirtualMachineInstance. */
  guest(name: string, namespace?: string): FakeGuest | undefined;
}

const plentyOfMemory: MemoryFacts = {
  totalMiB: 32_768,
  availableMiB: 20_000,
  swapTotalMiB: 0,
  swapFreeMiB: 0,
  swappedInMiB: 0,
  pressure: { somePercent: 0, fullPercent: 0 },
  merging: { state: 'off', sharedMiB: 0, savedMiB: 0 },
};

export function fakeWorld(clock: Clock): FakeWorld {
  const behaviours = new Map<string, Partial<GuestBehaviour>>();
  let lastPid = 1000;
  const world: FakeWorld = {
    clock,
    guests: new Map(),
    runDirs: new Map(),
    sidecars: new Map(),
    history: [],
    files: new Map(),
    serialLogs: new Map(),
    screenshots: new Map(),
    looks: new Map(),
    evidence: new Map(),
    takenPorts: new Set(),
    startsAtLogin: false,
    imageSnapshots: [],
    tpmCopies: [],
    sleepListener: undefined,
    taps: new Map(),
    asked: [],
    network: noNetworks,
    hostDevices: noHostDevices,
    driversBefore: new Map(),
    mdevRoom: new Map(),
    trials: new Map(),
    interrupted: new Set(),
    isRoot: false,
    openDevices: new Set(),
    stuckDevices: new Set(),
    limits: new Map(),
    limitShortfalls: [],
    usedBytes: 0,
    oomOrder: new Map(),
    preparation: plainPreparation,
    lockLimitBytes: undefined,
    memory: plentyOfMemory,
    keptPages: [],
    behave(behaviour, name = '*') {
      behaviours.set(name, { ...behaviours.get(name), ...behaviour });
    },
    behaviourOf: (name) => ({ ...plainGuest, ...behaviours.get('*'), ...behaviours.get(name) }),
    boot(plan) {
      lastPid += 1;
      const guest = makeGuest({ world, plan, pid: lastPid });
      world.guests.set(plan.runDir, guest);
      world.history.push(guest);
      return guest;
    },
    guest: (name, namespace = 'default') =>
      [...world.guests.values()].find(({ alive, plan }) => alive && plan.vmi.name === name && plan.vmi.namespace === namespace),
  };
  return world;
}

function makeGuest({ world, plan, pid }: { readonly world: FakeWorld; readonly plan: LaunchPlan; readonly pid: number }): FakeGuest {
  const { clock } = world;
  const behaviour = (): GuestBehaviour => world.behaviourOf(plan.vmi.name);
  const { promise: ended, resolve: end } = Promise.withResolvers<ExitFact>();
  let greeted = false;
  let shuttingDown = false;

  const tell = (fact: MachineFact): void => guest.listener?.(fact);
  const exits = (exit: ExitFact): void => {
    if (!guest.alive) return;
    guest.alive = false;
    guest.exit = exit;
    guest.agentConnected = false;
    end(exit);
    tell({ type: 'Exited', exit, at: clock.now() });
  };
  const guest: FakeGuest = {
    plan,
    pid,
    runState: 'prelaunch',
    shutdownAction: 'poweroff',
    watchdogAction: actionOf(plan, 'watchdog'),
    alive: true,
    exit: undefined,
    agentConnected: false,
    qmpLog: [],
    agentLog: [],
    probeLog: [],
    looks: 0,
    keys: [],
    balloonMiB: undefined,
    devices: fakeDevices({
      plan,
      letsGo: () => behaviour().releasesDevices,
      later: (work) => void clock.after(50, work),
      takesMemory: () => behaviour().takesMemory,
      onMemory: (size) => guest.emits('MEMORY_DEVICE_SIZE_CHANGE', { id: laterMemoryId, size }),
      onDeleted: (device) => guest.emits('DEVICE_DELETED', { device, path: `/machine/peripheral/${device}` }),
    }),
    threads: plan.binding.cpus === undefined ? {} : { cpus: plan.binding.cpus },
    listener: undefined,
    ended,
    powersOff() {
      if (!guest.alive) return;
      shuttingDown = false;
      guest.emits('SHUTDOWN', { guest: true, reason: 'guest-shutdown' });
      if (guest.shutdownAction === 'poweroff') exits({ type: 'GuestShutdown' });
      else {
        guest.runState = 'shutdown';
        guest.emits('STOP');
      }
    },
    reboots: () => guest.emits('RESET', { guest: true, reason: 'guest-reset' }),
    watchdogBites() {
      const action = guest.watchdogAction;
      guest.emits('WATCHDOG', { action });
      if (action === 'poweroff') exits({ type: 'GuestShutdown' });
      else if (action === 'reset') for (let times = 0; times < 3; times += 1) guest.reboots();
      else if (action === 'shutdown') guest.pressPowerButton();
      else if (action === 'pause') {
        guest.runState = 'watchdog';
        guest.emits('STOP');
      }
    },
    panics() {
      const stops = actionOf(plan, 'panic') === 'pause';
      if (stops) guest.runState = 'guest-panicked';
      guest.emits('GUEST_PANICKED', { action: stops ? 'pause' : 'run' });
      if (stops) guest.emits('STOP');
    },
    crashes: (stderr) => exits({ type: 'Crashed', code: 1, stderr }),
    killed: (signal) => exits({ type: 'Killed', signal }),
    runsOutOfMemory: () => exits({ type: 'OutOfMemory' }),
    emits(event, data = {}) {
      if (guest.alive) tell({ type: 'QmpEvent', event, data, at: clock.now() });
    },
    agentConnects(connected) {
      if (!guest.alive || guest.agentConnected === connected) return;
      guest.agentConnected = connected;
      tell({ type: 'Agent', connected, at: clock.now() });
    },
    pressPowerButton() {
      guest.emits('POWERDOWN');
      if (behaviour().acpi === 'ignores' || guest.runState !== 'running' || shuttingDown) return;
      shuttingDown = true;
      clock.after(behaviour().shutdownMs, () => guest.powersOff());
    },
    quits() {
      if (behaviour().quit === 'ignored') return;
      guest.emits('SHUTDOWN', { guest: false, reason: 'host-qmp-quit' });
      exits({ type: 'HostStopped' });
    },
    runs() {
      // QEMU lets a guest that has shut down run again only after a reset.
      if (guest.runState === 'running' || guest.runState === 'shutdown') return;
      guest.runState = 'running';
      guest.emits('RESUME');
      if (greeted) return;
      greeted = true;
      const owner = ownerOf(plan);
      world.serialLogs.set(owner, Buffer.from(behaviour().serialGreeting));
      const after = behaviour().agentAfterMs;
      if (after !== undefined) clock.after(after, () => guest.agentConnects(true));
    },
    pauses() {
      if (guest.runState !== 'running') return;
      guest.runState = 'paused';
      guest.emits('STOP');
    },
  };
  return guest;
}

/** `-action NAME=…` of the command line, or QEMU's own default. */
function actionOf(plan: LaunchPlan, name: 'watchdog' | 'panic'): string {
  const texts = plan.args.flatMap(({ flag, value }) => (flag === '-action' && typeof value === 'string' ? [value] : []));
  return texts.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1) ?? 'reset';
}

/** The uid that keeps state over runs: the last part of the state directory. */
export function ownerOf(plan: LaunchPlan): string {
  return plan.stateDir.split('/').at(-1) ?? '';
}
