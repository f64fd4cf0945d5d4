// Owns the boot options of the firmware.
// Must not order the devices; boot-order.ts does.
import { bootOrderOf } from '../boot-order.ts';
import { keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';

export const bootFamily: Family = (vmi) => {
  const { explicit } = bootOrderOf(vmi);
  return {
    args: [
      keyedOption(
        '-boot',
        { pairs: { menu: false, strict: explicit } },
        explicit
          ? { reason: 'Only what has a bootOrder is booted.' }
          : { reason: 'Without any bootOrder the firmware may try everything.' },
      ),
    ],
  };
};
