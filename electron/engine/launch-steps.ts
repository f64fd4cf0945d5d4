// Owns how a plan becomes a running guest, so that the core may be killed between any two lines.
// Must not decide whether to: the plan is final.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { resources } from '../api/resources.ts';
import type { LimitShortfall } from '../core/limits/enforcement.ts';
import type { LaunchPlan } from '../core/qemu/launch-plan.ts';
import { threadPlaces } from '../core/placement/thread-places.ts';
import { failureActions } from '../core/qemu/failure-actions.ts';
import { stateOwnerOf } from '../core/reconcile/vmi-of-vm.ts';
import { cardsText } from './card-hotplug.ts';
import { sizeText } from './growth.ts';
import type { EngineContext } from './context.ts';
import { limitsText } from './live-limits.ts';
import type { RunningMachine } from './ports.ts';
import { textOf } from './queue.ts';
import { loadRunning } from './snapshot-taking.ts';
import type { Step } from './steps.ts';

export interface LaunchState {
  readonly machine?: RunningMachine;
  /** What of its limits the kernel does not hold. */
  readonly shortfalls?: readonly LimitShortfall[];
}

export interface Launch {
  readonly context: EngineContext;
  readonly vmi: VirtualMachineInstance;
  readonly plan: LaunchPlan;
  /** Writes down that the guest runs. Called before its first instruction. */
  readonly recordStarted: (shortfalls: readonly LimitShortfall[]) => void;
}

/**
 * After a kill of the core, the next one finds, and does:
 * - a run directory without process: removes it and starts again;
 * - a QEMU of a run that is not written down as Running: the guest has not executed anything; ends it and starts again;
 * - a QEMU in `prelaunch` of a run that is: sends `cont`;
 * - a QEMU that runs: goes on.
 */
export function launchSteps({ context, vmi, plan, recordStarted }: Launch): readonly Step<LaunchState>[] {
  const { host, machines } = context;
  const { uid, name } = vmi.metadata;
  return [
    {
      name: 'reserve disks',
      run: async (state) => {
        machines.reserve(uid, name, plan.locks);
        return state;
      },
      undo: async () => machines.release(uid),
    },
    {
      name: 'make the run directory',
      run: async (state) => {
        await host.machines.createRunDir(plan);
        return state;
      },
      undo: () => host.machines.removeRunDir(plan.runDir),
    },
    {
      name: 'make the group that limits it',
      // Removing the run directory undoes it, also when a later core does.
      run: async (state) => ({ ...state, shortfalls: await host.limits.set(plan.runDir, plan.limits) }),
    },
    {
      name: 'place files',
      run: async (state) => {
        // NVRAM and disks that are kept stay when the start fails; the rest is in the run directory or made anew each time.
        for (const file of plan.files) await host.machines.placeFile(file);
        return state;
      },
    },
    {
      name: 'clear its cores',
      run: async (state) => {
        // They are written down as its own: whoever shares is moved off them before it comes.
        if (plan.binding.own !== undefined) await context.pinning.changed();
        return state;
      },
    },
    {
      name: 'issue the certificate of VNC',
      // Kept: the next run needs it, too.
      run: async (state) => {
        if (plan.tlsHosts !== undefined) await context.certificates.demand('vnc', plan.tlsHosts);
        return state;
      },
    },
    {
      name: 'start what runs beside QEMU',
      run: async (state) => {
        if (plan.sidecars.length > 0) await host.machines.startSidecars(plan);
        return state;
      },
      undo: async () => {
        if (plan.sidecars.length > 0) await host.machines.endSidecars(plan.runDir);
      },
    },
    {
      name: 'connect networks',
      // Removing the run directory undoes it, also when a later core does.
      run: async (state) => {
        if (plan.taps.length > 0 || plan.functions !== undefined) await host.network.connect(plan);
        return state;
      },
    },
    {
      name: 'allow it to lock its memory',
      // QEMU inherits it from us; it stays, as the next machine needs it, too.
      run: async (state) => {
        if (plan.lockedMiB !== undefined) await host.devices.allowLocking(plan.lockedMiB * 1024 ** 2);
        return state;
      },
    },
    {
      name: 'start QEMU',
      run: async (state) => ({ ...state, machine: await host.machines.spawn(plan, machines.listener(plan.vmi)) }),
      undo: async ({ machine }) => {
        if (machine === undefined) return;
        machine.kill('SIGKILL');
        await machine.exited;
        machines.remove(uid);
      },
    },
    {
      name: 'see that it is limited',
      run: async (state) => {
        const found = state.machine === undefined ? [] : await host.limits.verify(plan.runDir, state.machine.pid);
        return { ...state, shortfalls: [...(state.shortfalls ?? []), ...found] };
      },
    },
    {
      name: 'prepare the machine',
      run: async (state) => {
        for (const command of plan.beforeCont) await state.machine?.qmp(command.execute, command.arguments);
        return state;
      },
    },
    {
      name: 'pin threads',
      run: async (state) => {
        const { cpus, own } = plan.binding;
        if (own !== undefined) await state.machine?.pin(threadPlaces(vmi, { own, ...(cpus === undefined ? {} : { shared: cpus }) }));
        return state;
      },
    },
    {
      name: 'take its memory back',
      run: async (state) => {
        const { machine } = state;
        if (machine !== undefined && plan.savedState !== undefined) await loadSaved(machine, plan.savedState);
        return state;
      },
    },
    {
      name: 'let it run',
      run: async (state) => {
        const { machine } = state;
        if (machine === undefined) return state;
        machines.add({
          machine,
          key: { resource: resources.virtualMachineInstances, namespace: plan.vmi.namespace, name: plan.vmi.name },
          runDir: plan.runDir,
          stateOwner: stateOwnerOf(vmi),
          stop: undefined,
          softReboot: undefined,
          isBeingSaved: false,
          clockIsBehind: plan.savedState !== undefined,
          agentConnected: false,
          resets: {},
          hasPanicked: false,
          sentActions: failureActions(vmi),
          cards: cardsText(vmi),
          hostDevices: undefined,
          keptDevices: new Set(),
          limits: limitsText(vmi),
          size: sizeText(vmi),
        });
        // Before `cont`: were it after, a guest that ran and ended while the core was dead would be taken for one that never ran.
        recordStarted(state.shortfalls ?? []);
        if (!plan.startPaused) await machine.qmp('cont');
        return state;
      },
    },
  ];
}

async function loadSaved(machine: RunningMachine, tag: string): Promise<void> {
  try {
    await loadRunning(machine, tag);
  } catch (error) {
    throw new AppError('SavedStateBroken', `The saved state could not be loaded: ${textOf(error)}`, { cause: error });
  }
}
