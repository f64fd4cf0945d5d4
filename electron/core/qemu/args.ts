// Owns how an option becomes text: JSON where QEMU takes it, `key=value` with doubled commas where it does not.
// Must not decide which options there are. No other file quotes or escapes.
import type { JsonObject } from '../../api/object.ts';
import type { Argument } from './launch-plan.ts';

/** Where an option came from, for the Command tab. */
export type Source = Pick<Argument, 'field' | 'reason'>;

/** `-device`, `-blockdev`, `-netdev`, `-object` and `-audiodev` take JSON since QEMU 6.2 to 7.2: nothing needs escaping. */
export function jsonOption(
  flag: '-device' | '-blockdev' | '-netdev' | '-object' | '-audiodev',
  value: JsonObject,
  source: Source = {},
): Argument {
  return { flag, value: withoutUndefined(value), ...source };
}

export interface KeyValues {
  /** The part without a key, such as `q35` in `-machine q35,acpi=on`. */
  readonly head?: string;
  readonly pairs?: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** Options without a JSON form. QEMU ends a value at a comma unless it is doubled; nothing else is special. */
export function keyedOption(flag: Argument['flag'], { head, pairs = {} }: KeyValues, source: Source = {}): Argument {
  const parts = Object.entries(pairs).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${escaped(onOff(value))}`]));
  return { flag, value: [...(head === undefined ? [] : [escaped(head)]), ...parts].join(','), ...source };
}

/** A socket that QEMU listens on. `-chardev` has no JSON form. */
export function socketChardev(id: string, path: string, more: NonNullable<KeyValues['pairs']> = {}): Argument {
  return keyedOption('-chardev', { head: 'socket', pairs: { id, path, server: true, wait: false, ...more } });
}

function onOff(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}

function escaped(text: string): string {
  return text.replaceAll(',', ',,');
}

// The plan is compared and stored: a key with undefined is not the same as none.
function withoutUndefined(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}
