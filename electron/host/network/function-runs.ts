// Owns the virtual functions of a run: told to their cards, and as before when the run directory goes. For root by what is kept there;
// for anybody else, who keeps their addresses alone, by the privileged program, which waits for the end of the machine and so asks for no second password.
// Must not choose them; the plan does.
import { open } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { PciAddress } from '../../api/host-devices.ts';
import { noMac, type VirtualFunctionSettings } from '../../api/privileged.ts';
import type { FunctionConnection } from '../../core/qemu/launch-plan.ts';
import type { Log } from '../../engine/ports.ts';
import { helperRunFolder } from '../devices/bindings.ts';
import { createSysfs, type Sysfs } from '../devices/sysfs.ts';
import { readFunctions } from '../devices/virtual-functions.ts';
import { reasonOf } from '../errno.ts';
import { isThere } from '../is-there.ts';
import { writePrivateFile } from '../private-file.ts';
import { readKept } from './read-kept.ts';
import { askPrivileged } from './privileged.ts';

const functionsFile = 'functions.json';

const settingsSchema = z.object({
  mac: z.string().exactOptional(),
  vlan: z.number().exactOptional(),
  qos: z.number().exactOptional(),
  spoofCheck: z.boolean().exactOptional(),
  trust: z.boolean().exactOptional(),
  linkState: z.union([z.literal(0), z.literal(1), z.literal(2)]).exactOptional(),
});
const fileSchema = z.record(z.string(), settingsSchema);

type Before = Readonly<Record<string, VirtualFunctionSettings>>;

export async function connectFunctions(runDir: string, functions: readonly FunctionConnection[], log: Log): Promise<void> {
  if (functions.length === 0) return;
  const sysfs = createSysfs();
  const known = await readBefore(runDir, log);
  const looks = functions.map(async ({ address, settings }) => {
    const before = known[address] ?? (isRoot() ? asBefore(settings, await settingsNow(sysfs, address)) : {});
    return [address, before] as const;
  });
  // Written first: a core that dies in between leaves what is right, and not a function that stays in a VLAN.
  await writePrivateFile(path.join(runDir, functionsFile), JSON.stringify({ ...known, ...Object.fromEntries(await Promise.all(looks)) }));
  for (const { address, settings } of functions) {
    await askPrivileged({ verb: 'sriov-vf-set', address, ...settings, ...(isRoot() ? {} : { untilClosed: true }) });
  }
}

async function settingsNow(sysfs: Sysfs, address: PciAddress): Promise<VirtualFunctionSettings | undefined> {
  return (await readFunctions(sysfs, `/sys/bus/pci/devices/${address}/physfn`)).get(address);
}

/** Of what is to be set, as it is now. */
function asBefore(wanted: VirtualFunctionSettings, now: VirtualFunctionSettings = {}): VirtualFunctionSettings {
  const rows = Object.entries({ mac: noMac, vlan: 0, qos: 0, ...now }).filter(([name]) => name in wanted);
  return Object.fromEntries(rows);
}

export async function disconnectFunctions(runDir: string, log: Log): Promise<void> {
  for (const [address, settings] of Object.entries(await readBefore(runDir, log))) {
    try {
      if (isRoot()) await askPrivileged({ verb: 'sriov-vf-set', address, ...settings });
      else await openOnce(address);
    } catch (error) {
      // It holds nothing up: the next machine that has it sets all of it.
      log.warn('A virtual function of a machine could not be taken back', { address, reason: reasonOf(error) });
    }
  }
}

/** What waits for the end of a machine would wait for good when the start failed before QEMU opened the function. */
async function openOnce(address: string): Promise<void> {
  // It has seen the end already, and the function may be another machine's by now.
  if (!(await isThere(`${helperRunFolder}/function-${address}`))) return;
  const group = await createSysfs().linkName(`/sys/bus/pci/devices/${address}/iommu_group`);
  if (group === undefined) return;
  const file = await open(`/dev/vfio/${group}`, 'r+');
  await file.close();
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

async function readBefore(runDir: string, log: Log): Promise<Before> {
  return fileSchema.safeParse(await readKept(path.join(runDir, functionsFile), log)).data ?? {};
}
