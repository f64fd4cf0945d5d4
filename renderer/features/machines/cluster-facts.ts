// Owns reading what only a cluster writes into a machine's status: a live migration, and the conditions of its run.
// Must not trust it: a field may be of any shape.
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';

export interface Migration {
  readonly state: 'running' | 'done' | 'failed';
  readonly from: string;
  readonly to: string;
  /** PreCopy or PostCopy, in KubeVirt's words. */
  readonly mode?: string;
  /** RFC 3339. */
  readonly begun?: string;
  readonly reason?: string;
}

export function migrationOf(vmi: VirtualMachineInstance | undefined): Migration | undefined {
  const state: object | undefined = vmi?.status?.migrationState;
  if (typeof state !== 'object' || state === null) return undefined;
  const fields = state as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const [mode, begun, reason] = [text('mode'), text('startTimestamp'), text('failureReason')];
  return {
    state: fields['failed'] === true ? 'failed' : fields['completed'] === true ? 'done' : 'running',
    from: text('sourceNode') ?? '',
    to: text('targetNode') ?? '',
    ...(mode === undefined ? {} : { mode }),
    ...(begun === undefined ? {} : { begun }),
    ...(reason === undefined ? {} : { reason }),
  };
}

export interface ForeignCondition {
  readonly type: string;
  readonly status: string;
  readonly text: string;
}

/** Of the run first: of two with one name it is the nearer one. */
export function foreignConditions(vm: VirtualMachine, vmi: VirtualMachineInstance | undefined): readonly ForeignCondition[] {
  const all = [...(vmi?.status?.conditions ?? []), ...(vm.status?.conditions ?? [])];
  return all
    .filter(({ type }, index) => all.findIndex((other) => other.type === type) === index)
    .map(({ type, status, reason, message }) => ({ type, status, text: [reason, message].filter(Boolean).join(': ') }));
}
