// Owns the boot options of the firmware: what it may try, and whether it waits for somebody to choose.
// Must not order the devices; boot-order.ts does.
import { annotations } from '../../../api/annotations.ts';
import { bootOrderOf } from '../boot-order.ts';
import { keyedOption } from '../args.ts';
import type { Family } from '../fragment.ts';

export const bootFamily: Family = (vmi) => {
  const { explicit } = bootOrderOf(vmi);
  const menu = bootMenuSeconds(vmi);
  return {
    args: [
      keyedOption(
        '-boot',
        { pairs: { menu: menu > 0, strict: explicit, 'splash-time': menu > 0 ? menu * 1000 : undefined } },
        explicit
          ? { reason: 'Only what has a bootOrder is booted.' }
          : { reason: 'Without any bootOrder the firmware may try everything.' },
      ),
    ],
  };
};

/** SeaBIOS takes Esc for its menu, OVMF for its settings, where the boot manager is. Both wait as long as they are told. */
function bootMenuSeconds({ metadata }: Parameters<Family>[0]): number {
  return Number(metadata.annotations?.[annotations.bootMenu] ?? 0);
}
