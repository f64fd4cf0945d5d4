// Owns amounts of Kubernetes' resources as people read them, in one style everywhere: `5.25 GiB`, `1.5`, `3`.
// Must not be used for what is typed or copied: there the quantity is the text.
import { bytesOf, milliOf } from '../../electron/api/quantity.ts';
import { useFormats } from './formats-context.tsx';
import type { Formats } from './formats.ts';

/** `resource` as a node, a machine or a quota names it: `memory`, `requests.cpu`, `hugepages-2Mi`, `pods`. */
export function amountText(resource: string, quantity: string, formats: Pick<Formats, 'bytes' | 'number'>): string {
  if (/(^|\.)cpu$/.test(resource)) {
    const milli = milliOf(quantity);
    return milli === undefined ? quantity : formats.number(milli / 1000);
  }
  const bytes = inBytes.test(resource) ? bytesOf(quantity) : undefined;
  return bytes === undefined ? quantity : formats.bytes(bytes);
}

const inBytes = /(^|\.)(memory|storage|ephemeral-storage|hugepages-.+)$/;

export function useAmountText(): (resource: string, quantity: string) => string {
  const formats = useFormats();
  return (resource, quantity) => amountText(resource, quantity, formats);
}
