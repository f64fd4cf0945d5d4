// Owns what the engine needs of a QEMU process and of the run directories: starting, finding again, and talking to it.
// Must not import any implementation.
import type { ByteChannel } from '../api/channel.ts';
import type { UsageSample } from '../api/computer.ts';
import type { Json, JsonObject } from '../api/object.ts';
import type { Evidence, EvidenceReport } from '../api/evidence.ts';
import type { ExitFact, MachineFact } from '../core/facts.ts';
import type { ThreadPlaces } from '../core/placement/thread-places.ts';
import type { GuestRoute } from '../core/qemu/guest-routes.ts';
import type { LaunchPlan, PlannedFile } from '../core/qemu/launch-plan.ts';
import type { ProbeQuestion } from '../core/reconcile/probes.ts';

export type FactListener = (fact: MachineFact) => void;

export interface ProbeAnswer {
  readonly succeeded: boolean;
  /** One sentence. */
  readonly message: string;
}

/** Of a guest's screen. */
export interface ScreenPicture {
  readonly png: Uint8Array;
  /** When it was taken, ms since 1970. */
  readonly at: number;
}

/** A QEMU process with its QMP session. */
export interface RunningMachine {
  readonly vmi: LaunchPlan['vmi'];
  readonly pid: number;
  /** Sends one QMP command; throws QmpFailed with QEMU's text, or QmpTimeout. */
  qmp(execute: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** Sends one guest agent command; throws AgentUnavailable. */
  agent(execute: string, args?: JsonObject, timeoutMs?: number): Promise<Json>;
  /** Runs a job of QEMU to its end; throws QmpFailed with its words. */
  job(execute: string, args: JsonObject): Promise<void>;
  /** One question of a liveness or readiness probe. Does not reject for what the guest does. */
  probe(question: ProbeQuestion, timeoutMs: number): Promise<ProbeAnswer>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /**
   * Puts every thread where it belongs: vCPUs on their own processors, all others on `cpus` (absent: they stay where they are).
   * Returns how many were elsewhere; throws PinningFailed when the kernel refuses.
   */
  pin(threads: ThreadPlaces): Promise<number>;
  /** Never rejects. */
  readonly exited: Promise<ExitFact>;
  /** Replays from power-on when asked, then live. A stalled reader never blocks the guest. */
  openSerial(options: { readonly replay: boolean }): Promise<ByteChannel>;
  openVnc(): Promise<ByteChannel>;
  /** One connection to a port of the guest, by the first route that leads there. Throws ServiceUnavailable. */
  openPort(routes: readonly GuestRoute[], to: { readonly protocol: 'tcp' | 'udp'; readonly port: number }): Promise<ByteChannel>;
  /** PNG. */
  screenshot(): Promise<Uint8Array>;
  /**
   * Keeps what the screen shows in the run directory, in place of the look before. `isCurrent` is asked when QEMU has answered, before
   * anything else that it says is heard: when it says no, the look before stays.
   */
  look(isCurrent: () => boolean): Promise<void>;
  /** Two calls make rates; the caller decides how often. */
  usage(): Promise<UsageSample>;
  /** Lets go of QMP and consoles; the guest runs on. */
  detach(): Promise<void>;
}

/** A run directory found on disk. */
export interface FoundMachine {
  readonly vmi: LaunchPlan['vmi'];
  readonly runDir: string;
  /** Alive: pid, start time and QMP uuid agree. Otherwise how it ended, as far as its leftovers tell. */
  readonly state: { readonly alive: true } | { readonly alive: false; readonly exit: ExitFact };
}

export interface MachinePort {
  /** Makes the 0700 run directory and records the plan's identity in it. Undo: removeRunDir. */
  createRunDir(plan: LaunchPlan): Promise<void>;
  /** With everything that was made for the run: what still runs beside a QEMU that is gone, and network interfaces. */
  removeRunDir(runDir: string): Promise<void>;
  placeFile(file: PlannedFile): Promise<void>;
  /** Starts what the plan has beside QEMU; resolves when every socket is there. Throws SidecarFailed. Undo: endSidecars. */
  startSidecars(plan: LaunchPlan): Promise<void>;
  endSidecars(runDir: string): Promise<void>;
  /** Detached, in its own scope where systemd is there; resolves when QMP answers, with vCPUs stopped. Throws QemuExitedEarly with stderr. */
  spawn(plan: LaunchPlan, onFact: FactListener): Promise<RunningMachine>;
  scan(): Promise<readonly FoundMachine[]>;
  adopt(found: FoundMachine, onFact: FactListener): Promise<RunningMachine>;
  /** The directories a new run of this VMI would use. `owner` names what keeps state over runs (the VirtualMachine's uid). */
  directories(vmiUid: string, ownerUid: string): { readonly runDir: string; readonly stateDir: string };
  /** Makes the next run begin with fresh UEFI variables. Answers the paths under which the old ones are kept. */
  setNvramAside(ownerUid: string): Promise<readonly string[]>;
  /** Removes the disks that were made for one run, which is over. */
  removeRunDisks(ownerUid: string): Promise<void>;
  /** Removes what was kept over runs. */
  removeStateDir(ownerUid: string): Promise<void>;
  serialLog(ownerUid: string): Promise<Uint8Array | undefined>;
  /** The last screenshot kept when the machine stopped, PNG. */
  lastScreenshot(ownerUid: string): Promise<Uint8Array | undefined>;
  keepScreenshot(ownerUid: string, png: Uint8Array): Promise<void>;
  /** Images that are kept over runs and belong to the machine's state: the firmware's variables. */
  stateImages(ownerUid: string): Promise<readonly string[]>;
  /**
   * The kept state of the machine's TPM, as it was when a snapshot was taken: kept beside, put back, freed. A machine without one has
   * nothing to keep, and what was not kept is not put back. Nobody may be writing to it.
   */
  tpmCopy(ownerUid: string, action: 'take' | 'goBack' | 'forget', tag: string): Promise<void>;
  /** What the screen of this run showed when it was looked at last. It goes with the run directory. */
  lastLook(runDir: string): Promise<ScreenPicture | undefined>;
  /** Adds what the serial console and QEMU said last. Only the newest are kept. */
  keepEvidence(ownerUid: string, report: EvidenceReport, screen?: ScreenPicture): Promise<void>;
  /** Oldest first. */
  evidence(ownerUid: string): Promise<readonly Evidence[]>;
  /** PNG. */
  evidenceScreenshot(ownerUid: string, id: string): Promise<Uint8Array | undefined>;
}
