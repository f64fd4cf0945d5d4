// Owns the proof that the window takes a wish for the type that the core takes it for.
// Must not need a page.
import { expect, test } from 'vitest';
import { isMdevType } from '../../../electron/api/mdev-type.ts';
import { isWished } from '../../../renderer/features/host-devices/mdev-wishes.ts';

const type = { id: 'nvidia-222', name: 'GRID T4-1B' };

test.each<[string, boolean]>([
  ['nvidia-222', true],
  ['GRID T4-1B', true],
  ['GRID_T4-1B', true],
  ['NVIDIA-222', false],
  ['grid t4-1b', false],
  ['nvidia-22', false],
])('%s: %s', (wish, is) => {
  expect([isWished({ mediatedDeviceTypes: [wish] }, type), isMdevType(type, wish)]).toEqual([is, is]);
});
