// Owns the commands on machines: start, stop, restart, pause, unpause, softreboot, reset.
// Must not decide whether they are allowed; the API says.
import type { Cause } from '../../api/errors.ts';
import type { StartCheck } from '../../api/start-check.ts';
import type { MachineVerb } from '../../api/verbs.ts';
import { wholeNumber } from '../options.ts';
import { subresourcePath } from '../resource-names.ts';
import type { Session } from '../session.ts';

interface VerbRow {
  readonly verb: MachineVerb;
  readonly plural: 'virtualmachines' | 'virtualmachineinstances';
  readonly help: string;
  /** What KubeVirt calls the grace period in the options of this verb. */
  readonly graceField?: 'gracePeriod' | 'gracePeriodSeconds';
  /** What is printed when it was accepted, with virtctl's wording. */
  readonly done: (name: string) => string;
}

export const verbRows: readonly VerbRow[] = [
  { verb: 'start', plural: 'virtualmachines', help: 'Start a machine', done: (name) => `VM ${name} was scheduled to start` },
  {
    verb: 'stop',
    plural: 'virtualmachines',
    help: 'Stop a machine',
    graceField: 'gracePeriod',
    done: (name) => `VM ${name} was scheduled to stop`,
  },
  {
    verb: 'restart',
    plural: 'virtualmachines',
    help: 'Stop a machine and start it again',
    graceField: 'gracePeriodSeconds',
    done: (name) => `VM ${name} was scheduled to restart`,
  },
  {
    verb: 'pause',
    plural: 'virtualmachineinstances',
    help: 'Freeze a machine where it is',
    done: (name) => `VMI ${name} was scheduled to pause`,
  },
  {
    verb: 'unpause',
    plural: 'virtualmachineinstances',
    help: 'Let a paused machine go on',
    done: (name) => `VMI ${name} was scheduled to unpause`,
  },
  {
    verb: 'softreboot',
    plural: 'virtualmachineinstances',
    help: 'Ask the guest to reboot',
    done: (name) => `VMI ${name} was scheduled to softreboot`,
  },
  {
    verb: 'reset',
    plural: 'virtualmachineinstances',
    help: 'Press the reset button',
    done: (name) => `VMI ${name} was scheduled to reset`,
  },
];

export interface VerbOptions {
  readonly paused?: boolean;
  readonly discardChanges?: boolean;
  readonly gracePeriod?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

export async function act(session: Session, row: VerbRow, given: { readonly name: string; readonly options: VerbOptions }): Promise<void> {
  const { name, options } = given;
  const grace =
    options.force === true ? 0 : options.gracePeriod === undefined ? undefined : wholeNumber('--grace-period', options.gracePeriod);
  const body = {
    ...(options.paused === true ? { paused: true } : {}),
    ...(options.discardChanges === true ? { discardChanges: true } : {}),
    ...(grace === undefined ? {} : { [row.graceField ?? 'gracePeriod']: grace }),
    ...(options.dryRun === true ? { dryRun: ['All'] } : {}),
  };
  const path = subresourcePath(row.plural, { namespace: session.namespace, name }, row.verb);
  const answer = (await session.request({ method: 'PUT', path, body })) as StartCheck | undefined;
  // A rehearsed start is answered in any state; what speaks against it is what a start would be refused with.
  if (answer?.allowed === false) throw new Error([`VM ${name} cannot start.`, ...answer.causes.map(blockLine)].join('\n'));
  session.print(row.done(name) + (options.dryRun === true ? ' (server dry run)' : ''));
}

export function blockLine({ field, message, fix }: Cause): string {
  return `✖ ${field === '' ? '' : `${field}: `}${message}${fix === undefined ? '' : `\n  ${fix}`}`;
}
