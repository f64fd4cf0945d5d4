// Owns preparing a root folder of its own, with the app's own engine and the real privileged program.
// Must not change this computer.
import { join } from 'node:path';
import { AppError } from '../../../electron/api/errors.ts';
import type { PciDevice } from '../../../electron/api/host-devices.ts';
import { createPreparations } from '../../../electron/engine/preparation-changes.ts';
import { planPreparation } from '../../../electron/engine/preparation.ts';
import { createPreparation } from '../../../electron/host/preparation/preparation.ts';
import { openStore } from '../../../electron/store/store.ts';
import { realClock } from '../../fakes/real-clock.ts';
import { silentLog } from '../silent-log.ts';
import { askIn } from './scratch-root.ts';

const card: PciDevice = {
  address: '0000:01:00.0',
  vendorId: '10de',
  deviceId: '1eb8',
  classCode: '030000',
  names: {},
  driver: 'nouveau',
  candidateDrivers: ['nouveau'],
  iommuGroup: '1',
  resetMethods: ['bus'],
  bootVga: false,
  parents: [],
  hostUses: [],
};

export interface RootPreparation {
  apply(): Promise<void>;
  undo(): Promise<void>;
}

/** `beforeAsking` hears the number of each request, from 1. */
export function rootPreparation(root: string, beforeAsking: (n: number) => void = () => undefined): RootPreparation {
  let asked = 0;
  const preparation = createPreparation({
    root,
    user: { name: 'ada', uid: 1000, gid: 1000 },
    ask: (request) => {
      asked += 1;
      beforeAsking(asked);
      const answer = askIn(root, request);
      return answer.ok ? Promise.resolve() : Promise.reject(new AppError('ToolFailed', JSON.stringify(answer)));
    },
  });
  const parts = {
    host: { preparation, devices: { facts: () => Promise.resolve({ pci: [card], usb: [], iommu: {} }) } },
    store: openStore({ path: join(root, 'data.db') }),
    clock: realClock(),
    log: silentLog,
    wake: () => undefined,
  } as unknown as Parameters<typeof createPreparations>[0];
  const preparations = createPreparations(parts);
  return {
    async apply() {
      await preparations.apply({ devices: [card.address], digest: (await planPreparation(parts, [card.address])).digest });
    },
    async undo() {
      await preparations.undo();
    },
  };
}
