// Owns whether an edit of processors or memory reaches a running machine at once.
// Must not repeat the core's sentences: what takes a restart is told by the machine's status afterwards.
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { mebibytesOf } from '../../../electron/api/quantity.ts';
import type { Patch } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';

type Domain = VirtualMachineInstanceSpec['domain'];

/** Nothing but more sockets, or other memory, within the room that the run was started with. */
export function growsAtOnce({ vm, vmi }: Pick<MachineView, 'vm' | 'vmi'>, patch: Patch): boolean {
  const [before, run] = [vm.spec.template.spec?.domain, vmi?.spec.domain];
  if (before === undefined || run === undefined) return false;
  const after: Domain = { ...before };
  for (const step of patch) {
    if (step.op !== 'add') continue;
    if (step.path.endsWith('/domain/cpu')) after.cpu = step.value as Domain['cpu'];
    if (step.path.endsWith('/domain/memory')) after.memory = step.value as Domain['memory'];
  }
  return fitsSockets(run, before, after) && fitsMemory(run, vmi?.status?.memory?.guestAtBoot, after);
}

function fitsSockets({ cpu: has }: Domain, { cpu: before }: Domain, { cpu: asked }: Domain): boolean {
  const { sockets = 1, cores = 1, threads = 1, maxSockets } = asked ?? {};
  const isSame = cores === (has?.cores ?? 1) && threads === (has?.threads ?? 1) && maxSockets === before?.maxSockets;
  const now = has?.sockets ?? 1;
  const mayGrow = has?.dedicatedCpuPlacement !== true && sockets <= (has?.maxSockets ?? now);
  return isSame && (sockets === now || (sockets > now && mayGrow));
}

function fitsMemory({ memory: has }: Domain, atBoot: string | undefined, { memory: asked }: Domain): boolean {
  const [now, wanted] = [mebibytesOf(has?.guest) ?? 0, mebibytesOf(asked?.guest) ?? 0];
  if (now === wanted && asked?.maxGuest === has?.maxGuest) return true;
  if (has?.maxGuest === undefined || has.hugepages !== undefined || asked?.maxGuest !== has.maxGuest) return false;
  return wanted >= (mebibytesOf(atBoot) ?? now) && wanted <= (mebibytesOf(has.maxGuest) ?? now);
}
