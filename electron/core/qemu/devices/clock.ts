// Owns time as the guest sees it: the real-time clock, its time zone and the timers.
// Must not know the time.
import type { Cause } from '../../../api/errors.ts';
import type { Clock } from '../manifest.ts';
import { keyedOption } from '../args.ts';
import type { Family, Fragment } from '../fragment.ts';

export const clockFamily: Family = (vmi, { host }) => {
  const { timezone, timer = {}, utc } = vmi.spec.domain.clock ?? {};
  const field = 'spec.domain.clock';
  const ticks = pit(timer.pit, host.accelerator.inUse);
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
      ...(ticks.args ?? []),
    ],
    ...(timezone === undefined ? {} : { env: { TZ: timezone } }),
    machine: { ...present('hpet', timer.hpet), ...present('pit', timer.pit) },
    causes: [...(timezone === undefined || isTimeZone(timezone) ? [] : [unknownTimeZone(timezone)]), ...(ticks.causes ?? [])],
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

/** What QEMU's `kvm-pit` can do with ticks that came too late; KVM gives them again unless told to drop them. */
const pitPolicies: Readonly<Record<string, string>> = { delay: 'delay', catchup: 'delay', discard: 'discard' };

function pit(timer: NonNullable<Clock['timer']>['pit'], accelerator: 'kvm' | 'tcg'): Pick<Fragment, 'args' | 'causes'> {
  // The PIT of TCG has no such policy: it never loses a tick.
  if (timer?.tickPolicy === undefined || accelerator === 'tcg') return {};
  const field = 'spec.domain.clock.timer.pit.tickPolicy';
  const value = pitPolicies[timer.tickPolicy];
  if (value === undefined) {
    const message = `The PIT has no tick policy ${timer.tickPolicy}.`;
    return { causes: [{ reason: 'FieldValueNotSupported', field, message, fix: `Use ${Object.keys(pitPolicies).join(', ')}.` }] };
  }
  return { args: [keyedOption('-global', { pairs: { driver: 'kvm-pit', property: 'lost_tick_policy', value } }, { field })] };
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
