// Owns which changes of a definition reach the run that goes on, and how.
// Must not send them to QEMU; the engine compares what it sent with what the run says.
import { annotations } from '../../api/annotations.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { withLimitsOf, withoutLimitAmounts } from '../limits/live-limits.ts';
import { withPresets } from '../defaults/presets.ts';
import { noChoice } from '../instancetype/choice.ts';
import { givenTo, withAmounts } from '../quota/given-amounts.ts';
import type { VmObserved } from '../status/vm-observed.ts';
import { sameJson } from '../status/same-json.ts';
import { withCardsOf } from './card-sync.ts';
import { withDevicesOf } from './device-sync.ts';
import { nextRun } from './next-run.ts';
import { vmiOfVm } from './vmi-of-vm.ts';

export type Choosing = Pick<VmObserved, 'choice' | 'presets'>;

/** The run with what can change in it while it goes on; the very same object when nothing did. */
export function liveUpdated(vm: VirtualMachine, vmi: VirtualMachineInstance, choosing: Choosing): VirtualMachineInstance {
  const { choice = noChoice, presets = [] } = choosing;
  // As the run was made: what presets say counts before what is given.
  const wanted = withAmounts(withPresets(vmiOfVm(vm, { paused: false, choice }), presets), givenTo(vmi));
  const inside = withDevicesOf(withLimits(withWatchdogAction(vmi, wanted.spec), wanted.spec), wanted);
  const updated = withNotes(withCards(vm, inside, choosing), wanted.metadata.annotations ?? {});
  return sameJson(updated, vmi) ? vmi : updated;
}

/** What a restart is not needed for; see live-updates. For comparing a run with its definition. */
export function withoutLiveFields(given: VirtualMachineInstance['spec']): VirtualMachineInstance['spec'] {
  const spec = withoutLimitAmounts(given);
  const { watchdog } = spec.domain.devices;
  if (watchdog?.i6300esb === undefined) return spec;
  const { action: _live, ...i6300esb } = watchdog.i6300esb;
  return withWatchdog(spec, { ...watchdog, i6300esb });
}

function withLimits(vmi: VirtualMachineInstance, wanted: VirtualMachineInstance['spec']): VirtualMachineInstance {
  const spec = withLimitsOf(vmi.spec, wanted);
  return spec === vmi.spec ? vmi : { ...vmi, spec };
}

/** Cards are compared with every default: their addresses among them. */
function withCards(vm: VirtualMachine, vmi: VirtualMachineInstance, choosing: Choosing): VirtualMachineInstance {
  if (vm.spec.template.spec === undefined) return vmi;
  const spec = withCardsOf(vmi.spec, nextRun(vm, vmi, choosing).spec);
  return spec === vmi.spec ? vmi : { ...vmi, spec };
}

type Watchdog = NonNullable<VirtualMachineInstance['spec']['domain']['devices']['watchdog']>;

/** A timer cannot be added or taken away; what it does can be changed. */
function withWatchdogAction(vmi: VirtualMachineInstance, wanted: VirtualMachineInstance['spec']): VirtualMachineInstance {
  const [has, asked] = [vmi.spec.domain.devices.watchdog, wanted.domain.devices.watchdog];
  if (has?.i6300esb === undefined || asked?.i6300esb === undefined || has.name !== asked.name) return vmi;
  const action = asked.i6300esb.action ?? 'reset';
  return { ...vmi, spec: withWatchdog(vmi.spec, { ...has, i6300esb: { ...has.i6300esb, action } }) };
}

function withWatchdog(spec: VirtualMachineInstance['spec'], watchdog: Watchdog): VirtualMachineInstance['spec'] {
  return { ...spec, domain: { ...spec.domain, devices: { ...spec.domain.devices, watchdog } } };
}

const liveNotes: readonly string[] = [annotations.watchdogAction, annotations.panicAction];

function withNotes(vmi: VirtualMachineInstance, wanted: Readonly<Record<string, string>>): VirtualMachineInstance {
  const kept = Object.entries(vmi.metadata.annotations ?? {}).filter(([name]) => !liveNotes.includes(name));
  const now = Object.entries(wanted).filter(([name]) => liveNotes.includes(name));
  return { ...vmi, metadata: { ...vmi.metadata, annotations: Object.fromEntries([...kept, ...now]) } };
}
