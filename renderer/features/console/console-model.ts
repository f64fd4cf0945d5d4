// Owns what the console shows for a machine in a given state, and the address of a detached console.
// Must not open anything.
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';

export const consoleViews = ['graphics', 'serial', 'both'] as const;
export type ConsoleView = (typeof consoleViews)[number];

/** A console on the screen. */
export interface PanelProps extends ConsoleTarget {
  /** How many are connected to it, this window included. */
  readonly viewers: number;
}

export interface ConsoleTarget {
  readonly namespace: string;
  readonly name: string;
}

/** A running machine has its consoles also while it is paused. */
export type ConsoleScene =
  | { readonly type: 'live'; readonly uid: string; readonly graphics: boolean; readonly serial: boolean }
  | { readonly type: 'starting' }
  | { readonly type: 'off' }
  | { readonly type: 'missing' };

export function consoleScene(machine: VirtualMachine | undefined, instance: VirtualMachineInstance | undefined): ConsoleScene {
  if (machine === undefined && instance === undefined) return { type: 'missing' };
  switch (instance?.status?.phase) {
    case 'Running': {
      const devices = instance.spec.domain.devices;
      return {
        type: 'live',
        uid: instance.metadata.uid,
        graphics: devices.autoattachGraphicsDevice !== false,
        serial: devices.autoattachSerialConsole !== false,
      };
    }
    case 'Pending':
    case 'Scheduling':
    case 'Scheduled':
      return { type: 'starting' };
    default:
      return machine?.status?.printableStatus === 'Starting' ? { type: 'starting' } : { type: 'off' };
  }
}

/** Whether there can be a last picture and a log: the core writes the strategy of a run into the status from the first run on. */
export function hasRun(machine: Pick<VirtualMachine, 'status'> | undefined): boolean {
  return machine?.status?.runStrategy !== undefined;
}

/** The view asked for, or what the machine has. */
export function viewFor(asked: ConsoleView, has: { readonly graphics: boolean; readonly serial: boolean }): ConsoleView {
  if (has.graphics && has.serial) return asked;
  return has.graphics ? 'graphics' : 'serial';
}

export function readView(query: string): ConsoleView {
  const view = new URLSearchParams(query).get('view');
  return consoleViews.find((each) => each === view) ?? 'graphics';
}

/** The router takes what stands behind the hash as the path, its query included. */
export function withoutQuery({ namespace, name }: ConsoleTarget): ConsoleTarget {
  return { namespace, name: name.replace(/\?.*$/, '') };
}

/** Path of the detached window in the place that this one works on, and its name. One window per machine and view: asking twice brings it to the front. */
export function detachedConsole({ namespace, name }: ConsoleTarget, view: ConsoleView): { readonly path: string; readonly window: string } {
  const machine = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return { path: `/console/${machine}?view=${view}`, window: `console-${namespace}-${name}-${view}` };
}

/** `web-2026-11-23T14-03-27.png`: safe on every file system. */
export function savedName(name: string, extension: 'png' | 'log', at: Date): string {
  return `${name}-${at.toISOString().slice(0, 19).replaceAll(':', '-')}.${extension}`;
}
