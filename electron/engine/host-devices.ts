// Owns telling of this computer's devices: at once, and again whenever something changed while somebody looks.
// Must not read for nobody.
import type { HostDeviceReport, PciDevice } from '../api/host-devices.ts';
import { deviceGroups } from '../core/devices/groups.ts';
import { offeredResources } from '../core/devices/offers.ts';
import { readiness } from '../core/devices/readiness.ts';
import type { EngineContext } from './context.ts';
import { hyperConvergedKey } from './certificates.ts';
import { offeredNow } from './device-facts.ts';
import { computerKey } from './controllers/node.ts';
import { mediatedPlanNow } from './mediated-devices.ts';
import { newsOf, type Watched, whileWatched } from './while-watched.ts';

export interface HostDevices extends Watched<HostDeviceReport> {
  report(): Promise<HostDeviceReport>;
}

/** The kernel tells of drivers and devices by messages that Node does not hear; a look costs milliseconds. */
const everyMs = 2_000;

export function createHostDevices(context: Pick<EngineContext, 'host' | 'clock' | 'log' | 'wake' | 'store' | 'hostFacts'>): HostDevices {
  const report = async (): Promise<HostDeviceReport> => {
    const known = await context.hostFacts();
    const facts = known.hostDevices ?? (await context.host.devices.facts());
    const host = { ...known, hostDevices: facts };
    const offers = offeredResources(facts, offeredNow(context, host));
    const { usb, mdevs = [], mdevParents = [] } = facts;
    const pci = await Promise.all(facts.pci.map((device) => withFunctions(context, device)));
    const { causes } = mediatedPlanNow(context, host, facts);
    return {
      pci,
      groups: deviceGroups(facts),
      usb,
      mdevs,
      mdevParents,
      mdevCauses: causes,
      checks: readiness(facts),
      resources: offers,
    };
  };
  let last = '';
  const looks = whileWatched(context, {
    everyMs,
    failed: 'The devices of this computer could not be read',
    look: async () => {
      const now = await report();
      const text = JSON.stringify(now);
      // A device came, went, or has another driver: what the Nodes offer may have changed.
      if (text !== last) {
        context.wake(computerKey);
        // A driver may have brought types that are wanted.
        context.wake(hyperConvergedKey);
      }
      last = text;
      return { now, text };
    },
    tellsAtOnce: true,
  });
  return {
    report,
    ...newsOf(looks),
  };
}

async function withFunctions({ host }: Pick<EngineContext, 'host'>, device: PciDevice): Promise<PciDevice> {
  const { sriov } = device;
  if (sriov?.network === undefined || sriov.vfs.length === 0) return device;
  const functions = Object.fromEntries(await host.devices.functionSettings(device.address));
  return { ...device, sriov: { ...sriov, network: { ...sriov.network, functions } } };
}
