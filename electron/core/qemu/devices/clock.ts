// Owns time as the guest sees it: the real-time clock, its time zone and the timers.
// Must not know the time.
import type { Cause } from '../../../api/errors.ts';
import type { Argument } from '../launch-plan.ts';
import type { Clock } from '../manifest.ts';
import { keyedOption } from '../args.ts';
import type { Family, Fragment } from '../fragment.ts';

export const clockFamily: Family = (vmi, { host }) => {
  const { timezone, timer = {}, utc } = vmi.spec.domain.clock ?? {};
  const field = 'spec.domain.clock';
  return {
    args: [
      keyedOption(
        '-rtc',
        {
          pairs: {
            base: timezone === undefined ? 'utc' : 'localtime',
            clock: timer.rtc?.track === 'guest' ? 'vm' : undefined,
            driftfix: timer.rtc?.tickPolicy === 'catchup' ? 'slew' : undefined,
          },
        },
        { field },
      ),
      ...pit(timer.pit, host.accelerator.inUse),
    ],
    ...(timezone === undefined ? {} : { env: { TZ: timezone } }),
    machine: { ...present('hpet', timer.hpet), ...present('pit', timer.pit) },
    causes: timezone === undefined || isTimeZone(timezone) ? [] : [unknownTimeZone(timezone)],
    warnings: ignored({ utc }),
  };
};

function present(name: 'hpet' | 'pit', timer: { readonly present?: boolean } | undefined): NonNullable<Fragment['machine']> {
  return timer?.present === undefined ? {} : { [name]: { value: timer.present, field: `spec.domain.clock.timer.${name}.present` } };
}

/** The C library takes a name that it does not know for UTC, and says nothing. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    // RangeError is how Intl says no.
    return false;
  }
}

function unknownTimeZone(name: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: 'spec.domain.clock.timezone',
    message: `There is no time zone ${name}.`,
    fix: 'Write it like Europe/Rome, or leave it out for UTC.',
  };
}

function pit(timer: NonNullable<Clock['timer']>['pit'], accelerator: 'kvm' | 'tcg'): readonly Argument[] {
  // The PIT of TCG has no such policy: it never loses a tick.
  if (timer?.tickPolicy === undefined || accelerator === 'tcg') return [];
  const source = { field: 'spec.domain.clock.timer.pit.tickPolicy' };
  return [keyedOption('-global', { pairs: { driver: 'kvm-pit', property: 'lost_tick_policy', value: timer.tickPolicy } }, source)];
}

function ignored({ utc }: Pick<Clock, 'utc'>): NonNullable<Fragment['warnings']> {
  if (utc?.offsetSeconds === undefined || utc.offsetSeconds === 0) return [];
  return [
    {
      reason: 'NotHonoured',
      field: 'spec.domain.clock.utc.offsetSeconds',
      message: 'The clock starts at UTC: an offset in seconds is not applied here.',
      fix: 'Set spec.domain.clock.timezone instead.',
    },
  ];
}
