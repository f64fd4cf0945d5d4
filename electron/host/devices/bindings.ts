// Owns reading what the privileged program remembers of bindings at run time, and asking it for them.
// Must not judge; its files are gone after a restart of the computer, as are the bindings.
import type { PciAddress } from '../../api/host-devices.ts';
import type { RuntimeBindings, TrialFact } from '../../core/devices/trials.ts';
import type { HostDevicePort } from '../../engine/ports.ts';
import { askPrivileged } from '../network/privileged.ts';
import { readInterrupted } from './interrupted.ts';
import type { Sysfs } from './sysfs.ts';

/** What the privileged program remembers until the computer restarts. */
export const helperRunFolder = '/run/virtdeck-helper';

type Bindings = Pick<
  HostDevicePort,
  'bindings' | 'bind' | 'keep' | 'unbind' | 'finish' | 'setVirtualFunctions' | 'hasMadeMdevs' | 'makeMdev' | 'removeMdev'
>;

export function createBindings(sysfs: Sysfs): Bindings {
  return {
    bindings: () => readBindings(sysfs),
    bind: ({ address, seconds }) =>
      askPrivileged({
        verb: 'vfio-bind',
        address,
        owner: process.geteuid?.() ?? 0,
        ...(seconds === undefined ? {} : { seconds }),
      }),
    keep: (address) => askPrivileged({ verb: 'vfio-keep', address }),
    unbind: (address) => askPrivileged({ verb: 'vfio-unbind', address }),
    finish: async (address) => {
      // Anybody else would be asked for a password that he did not expect.
      if (process.geteuid?.() !== 0) return false;
      await askPrivileged({ verb: 'vfio-unbind', address });
      return true;
    },
    setVirtualFunctions: (address, count) => askPrivileged({ verb: 'sriov-set', address, count }),
    hasMadeMdevs: async () => (await sysfs.names(helperRunFolder)).some((name) => name.startsWith('mdev-')),
    makeMdev: ({ parent, typeId, uuid }) =>
      askPrivileged({ verb: 'mdev-create', address: parent, type: typeId, uuid, owner: process.geteuid?.() ?? 0 }),
    removeMdev: (uuid) => askPrivileged({ verb: 'mdev-remove', uuid }),
  };
}

async function readBindings(sysfs: Sysfs): Promise<RuntimeBindings> {
  const names = await sysfs.names(helperRunFolder);
  const trials = await Promise.all(
    names.map(async (name): Promise<TrialFact | undefined> => {
      const ending = name.startsWith('ending-');
      if (!ending && !name.startsWith('trial-')) return undefined;
      return trialIn(await sysfs.text(`${helperRunFolder}/${name}`), ending);
    }),
  );
  return {
    // One that ended between the two looks has no file any more.
    trials: trials.filter((trial) => trial !== undefined),
    bound: names.flatMap((name): readonly PciAddress[] => (name.startsWith('bound-') ? [name.slice('bound-'.length)] : [])),
    interrupted: await readInterrupted(sysfs, helperRunFolder),
  };
}

function trialIn(text: string | undefined, ending: boolean): TrialFact | undefined {
  const [, address, until] = /^\{"address":"([0-9a-f:.]+)","until":(\d+)\}$/.exec(text ?? '') ?? [];
  return address === undefined ? undefined : { address, untilMs: Number(until) * 1000, ending };
}
