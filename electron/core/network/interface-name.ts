// Owns which names Linux takes for a network interface (dev_valid_name of net/core/dev.c), and the name of a card's tap.
// Must not look whether there is one.
import { derivedUuid } from '../defaults/derived-identity.ts';

/** IFNAMSIZ without the closing zero. */
export const maxInterfaceNameLength = 15;

/** Narrower than the kernel's: names that a shell, a path or a log would stumble over are nobody's. Undefined when it is good. */
export function interfaceNameFault(name: string): string | undefined {
  if (name.length > maxInterfaceNameLength) return `it has more than ${maxInterfaceNameLength} characters.`;
  if (!/^[A-Za-z0-9_.-]+$/.test(name)) return 'only letters, digits, "_", "-" and "." can be in it.';
  return name.startsWith('-') || name.startsWith('.') ? 'it begins with "-" or ".".' : undefined;
}

/** Every tap of ours begins so: the privileged program touches no other. */
export const tapPrefix = 'vd';

/** The tap of one card of one run: always the same, so that whoever cleans up finds it. */
export function tapName(vmiUid: string, card: string): string {
  return tapPrefix + derivedUuid(`${vmiUid}/${card}`).replaceAll('-', '').slice(0, 12);
}
