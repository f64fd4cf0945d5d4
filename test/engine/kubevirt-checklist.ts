// Owns which test proves each row of KubeVirt v1.9.0's own end-to-end suites (tests/), as far as it concerns one computer.
// Must not prove anything itself: checklist.test.ts looks that every named test is there.

/** `file: title`, below `test/`. A golden case is named by its file. */
type Proof = string;

export interface ChecklistRow {
  readonly row: number;
  readonly upstream: string;
  readonly proofs?: readonly Proof[];
  /** Why there is none, or what is otherwise. */
  readonly otherwise?: string;
}

const start = 'engine/machine-start.test.ts';
const run = 'engine/machine-run.test.ts';
const end = 'engine/machine-end.test.ts';
const life = 'engine/lifecycle.test.ts';
const words = 'engine/checklist.test.ts';

export const checklist: readonly ChecklistRow[] = [
  { row: 1, upstream: 'a second start is refused', proofs: [`${life}: %s`] },
  { row: 2, upstream: 'start paused', proofs: [`${start}: paused: Running and Paused, before the first instruction`] },
  {
    row: 3,
    upstream: 'stop: the run is gone, Ready is VMINotExists, Stopped',
    proofs: [`${words}: after a stop: no run, not ready, Stopped`],
  },
  { row: 4, upstream: 'stop during CrashLoopBackOff', proofs: [`${start}: stop during CrashLoopBackOff ends the tries`] },
  { row: 5, upstream: 'restart makes a new run', proofs: [`${life}: %s`] },
  { row: 6, upstream: 'force stop and restart', proofs: [`${end}: with grace period 0 it is a power cut`] },
  { row: 7, upstream: 'reboot by the guest', proofs: [`${run}: reset keeps the run; so does a reboot by the guest itself`] },
  { row: 8, upstream: 'pause and unpause', proofs: [`${run}: pause and unpause`] },
  { row: 9, upstream: 'stop, start and restart while paused', proofs: [`${run}: stop, start and restart while paused`] },
  { row: 10, upstream: 'dry runs change nothing', proofs: [`${life}: a dry run answers as the verb would and changes nothing`] },
  { row: 11, upstream: 'reset', proofs: [`${run}: reset keeps the run; so does a reboot by the guest itself`] },
  {
    row: 12,
    upstream: 'deletion takes the run along, or orphans it',
    proofs: [
      `${end}: the machine takes its run, and what was kept for it, along`,
      `${end}: as orphan leaves the run running, and a new machine of that name takes it over`,
    ],
  },
  {
    row: 13,
    upstream: 'a run that is deleted under Always is made again',
    proofs: [`${end}: under Always a run that was deleted is made again`],
  },
  {
    row: 14,
    upstream: 'template edits wait for a restart',
    proofs: [`${run}: the template may change; the run does not, and RestartRequired says so until the restart`],
  },
  { row: 15, upstream: 'Ready follows the run', proofs: ['engine/probes.test.ts: a machine without a probe is ready at once'] },
  {
    row: 16,
    upstream: 'ErrorUnschedulable',
    proofs: [`${words}: a processor that this computer cannot be: ErrorUnschedulable, and said on the run`],
  },
  { row: 17, upstream: 'ErrorPvcNotFound', proofs: [`${words}: a claim that is not there: ErrorPvcNotFound, with the event`] },
  {
    row: 18,
    upstream: 'ErrImagePull or ImagePullBackOff',
    proofs: ['engine/pulls.test.ts: that cannot be had says why, backs off, and runs when it can be had'],
  },
  { row: 19, upstream: 'DataVolumeError', proofs: [`${start}: that fail are named in the status`] },
  { row: 20, upstream: 'Once and Manual keep a run that succeeded', proofs: [`${words}: %s, guest %s`] },
  { row: 21, upstream: 'Always starts again, RerunOnFailure removes', proofs: [`${words}: %s, guest %s`] },
  { row: 22, upstream: 'RerunOnFailure starts a failed run again, Once leaves it', proofs: [`${words}: %s, guest %s`] },
  { row: 23, upstream: 'startFailure and CrashLoopBackOff', proofs: [`${start}: that fails early counts, backs off and tries again`] },
  {
    row: 24,
    upstream: 'watchdog poweroff: the run fails',
    proofs: ['engine/failures.test.ts: poweroff under Always: the run fails, evidence is kept, a new one begins'],
  },
  { row: 25, upstream: 'startStrategy Paused', proofs: [`${start}: startStrategy Paused does the same`] },
  {
    row: 26,
    upstream: 'an invalid spec is 422',
    proofs: ['engine/objects.test.ts: is refused with every cause when the object is invalid'],
  },
  { row: 27, upstream: 'boot from the lowest bootOrder', proofs: ['golden/cases/boot-order-explicit.argv'] },
  { row: 28, upstream: 'a missing cloud-init Secret', proofs: [`${start}: waits for a missing Secret and starts once it appears`] },
  {
    row: 29,
    upstream: 'no matching nodeSelector: PodScheduled is False',
    proofs: [`${start}: that is refused is Pending with the reasons, and is tried again when the reason may be gone`],
  },
  { row: 30, upstream: 'a panic or a killed emulator: Failed', proofs: [`${end}: $name`] },
  { row: 31, upstream: 'CPU models and features', proofs: ['golden/cases/cpu-features.argv', 'golden/cases/cpu-named-unavailable.err'] },
  {
    row: 32,
    upstream: 'soft reboot needs an agent or ACPI; freeze',
    proofs: [`${run}: softreboot needs an agent or ACPI`],
    otherwise: 'There is no freeze and unfreeze: nothing here takes a snapshot that would need them.',
  },
  { row: 33, upstream: 'a graceful shutdown succeeds', proofs: ['engine/stop.test.ts: how it ended shows on a run that stays'] },
  {
    row: 34,
    upstream: 'the serial console',
    proofs: ['engine/looking.test.ts: replays from power-on, echoes, and may be watched twice'],
    otherwise: 'A second console does not close the first: both see the same.',
  },
  { row: 35, upstream: 'VNC', proofs: ['engine/looking.test.ts: the screen speaks RFB'] },
  {
    row: 36,
    upstream: 'EFI and Secure Boot',
    proofs: ['guests/secure-boot.test.ts: signed, it boots with Secure Boot on; a variable and the TPM are kept over a restart'],
  },
  { row: 37, upstream: 'huge pages', proofs: ['golden/cases/hugepages-2mi.argv', 'golden/cases/hugepages-not-divisible.err'] },
  {
    row: 38,
    upstream: 'requests, limits, overhead',
    proofs: ['golden/cases/cpu-from-requests.argv'],
    otherwise: 'There is no pod whose class of service could be read.',
  },
  {
    row: 39,
    upstream: 'pinning',
    otherwise: 'What is pinned is proven where processors are placed; the rules of dedicated processors are cases of the conformance test.',
  },
  { row: 40, upstream: 'cloud-init', proofs: ['golden/cases/cloud-init-nocloud.argv', 'golden/cases/cloud-init-config-drive.argv'] },
  {
    row: 41,
    upstream: 'probes',
    proofs: ['engine/probes.test.ts: a machine is ready when its probe says so, and no longer when it fails often enough'],
  },
  {
    row: 42,
    upstream: 'volumes are plugged in and out',
    proofs: ['engine/hotplug.test.ts: gives a disk back when its guest lets go, and the claim is free then'],
  },
  {
    row: 43,
    upstream: 'processors and memory are plugged in, else RestartRequired',
    proofs: [`${run}: the template may change; the run does not, and RestartRequired says so until the restart`],
    otherwise: 'Neither is plugged in: every change waits for a restart.',
  },
  {
    row: 44,
    upstream: 'EFI variables and TPM survive a restart',
    proofs: ['guests/secure-boot.test.ts: signed, it boots with Secure Boot on; a variable and the TPM are kept over a restart'],
  },
];
