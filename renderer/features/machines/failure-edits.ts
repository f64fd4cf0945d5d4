// Owns what a machine does when its guest fails, and when it comes up, as the window shows and changes it.
// Must not touch the page.
import { annotations } from '../../../electron/api/annotations.ts';
import {
  type PanicAction,
  panicActions,
  type WatchdogAction,
  watchdogActions,
  watchdogFieldActions,
} from '../../../electron/api/failure-actions.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json, JsonObject } from '../../../electron/api/object.ts';

export interface FailureDraft {
  /** `off`: the machine has no such device. */
  readonly watchdog: WatchdogAction | 'off';
  readonly panic: PanicAction | 'off';
  /** Whole numbers as text; empty for none. */
  readonly order: string;
  readonly delay: string;
}

export function failureDraft(vm: VirtualMachine): FailureDraft {
  const { watchdog, panicDevices = [] } = devicesOf(vm);
  const bite = noteOf(vm, annotations.watchdogAction) ?? (watchdog?.i6300esb?.action || 'reset');
  const panic = noteOf(vm, annotations.panicAction);
  return {
    watchdog: watchdog === undefined ? 'off' : (watchdogActions.find((known) => known === bite) ?? 'reset'),
    panic: panicDevices.length === 0 ? 'off' : (panicActions.find((known) => known === panic) ?? 'poweroff'),
    order: noteOf(vm, annotations.startOrder) ?? '',
    delay: noteOf(vm, annotations.startDelay) ?? '',
  };
}

/** Numbers that the core would refuse. */
export function isFailureDraftValid({ order, delay }: FailureDraft): boolean {
  return [
    { text: order, max: 9999 },
    { text: delay, max: 86_400 },
  ].every(({ text, max }) => text === '' || (/^\d{1,6}$/.test(text) && Number(text) <= max));
}

/** A device comes or goes: what it does can be changed at once. */
export function needsRestart(vm: VirtualMachine, draft: FailureDraft): boolean {
  const before = failureDraft(vm);
  return (before.watchdog === 'off') !== (draft.watchdog === 'off') || (before.panic === 'off') !== (draft.panic === 'off');
}

/** A merge patch of what changed; empty when nothing did. */
export function failurePatch(vm: VirtualMachine, draft: FailureDraft): JsonObject {
  const before = failureDraft(vm);
  const notes: Record<string, Json> = {};
  const devices: Record<string, Json> = {};
  if (draft.watchdog !== before.watchdog) {
    const field = watchdogFieldActions.find((known) => known === draft.watchdog);
    const { watchdog } = devicesOf(vm);
    devices['watchdog'] =
      draft.watchdog === 'off'
        ? null
        : { name: watchdog?.name ?? 'watchdog', i6300esb: { action: field ?? watchdog?.i6300esb?.action ?? 'reset' } };
    notes[annotations.watchdogAction] = draft.watchdog === 'off' || field !== undefined ? null : draft.watchdog;
  }
  if (draft.panic !== before.panic) {
    if (before.panic === 'off') devices['panicDevices'] = [{ model: 'pvpanic' }];
    if (draft.panic === 'off') devices['panicDevices'] = null;
    notes[annotations.panicAction] = draft.panic === 'off' || draft.panic === 'poweroff' ? null : draft.panic;
  }
  if (draft.order !== before.order) notes[annotations.startOrder] = draft.order === '' ? null : draft.order;
  if (draft.delay !== before.delay) notes[annotations.startDelay] = draft.delay === '' ? null : draft.delay;
  return {
    ...(Object.keys(notes).length === 0 ? {} : { metadata: { annotations: notes } }),
    ...(Object.keys(devices).length === 0 && !hasTemplateNote(vm, notes)
      ? {}
      : { spec: { template: { ...clearedTemplateNotes(vm, notes), spec: { domain: { devices } } } } }),
  };
}

type Devices = NonNullable<VirtualMachine['spec']['template']['spec']>['domain']['devices'];

function devicesOf(vm: VirtualMachine): Devices {
  return vm.spec.template.spec?.domain.devices ?? {};
}

/** The template's own word wins. */
function noteOf(vm: VirtualMachine, name: string): string | undefined {
  return vm.spec.template.metadata?.annotations?.[name] ?? vm.metadata.annotations?.[name];
}

function hasTemplateNote(vm: VirtualMachine, notes: Readonly<Record<string, Json>>): boolean {
  return Object.keys(notes).some((name) => vm.spec.template.metadata?.annotations?.[name] !== undefined);
}

/** Left in the template, an old word would win over the new one. */
function clearedTemplateNotes(vm: VirtualMachine, notes: Readonly<Record<string, Json>>): JsonObject {
  if (!hasTemplateNote(vm, notes)) return {};
  return { metadata: { annotations: Object.fromEntries(Object.keys(notes).map((name) => [name, null])) } };
}
