// Owns the story of who waits until a machine has let go of a virtual function: told again, asked for more, ended, not needed.
// Must not judge what came of it; the test does.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { PrivilegedRequest, VirtualFunctionSettings } from '../../../electron/api/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';
import { askHelper, endRuns, noneRuns, runsOf } from './helper-runs.ts';

const program = bundledHelper ?? '';

interface Function {
  readonly address: string;
  /** What its card says of all its functions. */
  readonly told: () => readonly string[];
}

interface Answer {
  readonly ok: boolean;
  readonly code?: string;
  readonly field?: string;
  readonly undo?: PrivilegedRequest;
}

const asked = async (request: PrivilegedRequest): Promise<Answer> => JSON.parse((await askHelper(program, request)).text) as Answer;

/** The function is VFIO's, and nobody's; it is as it was at the end of each row. */
export async function keeperStory({ address, told }: Function): Promise<object> {
  const file = `/run/virtdeck-helper/function-${address}`;
  const group = path.join('/dev/vfio', path.basename(readlinkSync(`/sys/bus/pci/devices/${address}/iommu_group`)));
  const set = async (settings: VirtualFunctionSettings): Promise<string> => {
    const { ok, code = '', field = '' } = await asked({ verb: 'sriov-vf-set', address, ...settings, untilClosed: true });
    return ok ? 'set' : `${code} ${field}`;
  };
  /** As QEMU does, and what is told while it has it. */
  const opened = async (): Promise<string | undefined> => {
    const held = await open(group, 'r+');
    const [during] = told();
    await held.close();
    await noneRuns(program);
    return during;
  };
  const over = (): object => ({ after: told(), file: existsSync(file) });

  // Who was to end the trial of the device, which was kept.
  await endRuns(program);
  const again = { first: await set({ vlan: 100 }), second: await set({ vlan: 101 }), during: await opened(), ...over() };

  await set({ vlan: 100 });
  const more = { asked: await set({ vlan: 100, trust: true }), during: await opened(), ...over() };

  await set({ vlan: 100 });
  const keepers = await endRuns(program);
  const left = readFileSync(file, 'utf8');
  const ended = { ended: keepers, left, next: await set({ trust: true }), during: await opened(), ...over() };

  await set({ vlan: 100 });
  await endRuns(program);
  // Set to stay, by root: what is owed is done first, and is what was before.
  const { undo } = await asked({ verb: 'sriov-vf-set', address, vlan: 101 });
  const [during] = told();
  if (undo !== undefined) await asked(undo);
  const toStay = { undo, during, ...over() };

  // igb cannot be told a link's state: what was set before that is taken back at once.
  const refused = { asked: await set({ vlan: 100, linkState: 1 }), waiting: runsOf(program).length, ...over() };
  return { again, more, ended, toStay, refused, files: readdirSync('/run/virtdeck-helper').filter((name) => name.startsWith('function-')) };
}
