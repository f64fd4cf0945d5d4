// Owns the short story of handed-over devices as an ordinary user, whom the privileged program helps.
// Must not judge what came of it; the test does.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { startCore } from '../../bench/core-process.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { makeOrdinaryUser } from '../inside/ordinary-user.ts';
import { shortStory } from './passthrough-short.ts';

/** While the machine has its devices: who QEMU is, how much it locks, and whose the group is. */
function whoRuns(): object {
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && commandOf(name).startsWith('qemu-system'));
  if (pid === undefined) return { qemu: 'not found' };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): readonly string[] => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(status)?.[1]?.split(/\s+/) ?? [];
  const groups = readdirSync('/dev/vfio').filter((name) => /^\d+$/.test(name));
  return {
    uids: field('Uid'),
    capabilities: field('CapEff'),
    locksMiB: Math.floor(Number(field('VmLck')[0]) / 1024),
    owners: groups.map((name) => statSync(path.join('/dev/vfio', name)).uid),
  };
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8');
  } catch {
    return '';
  }
}

const main: LabProgramMain = async (lab) => {
  const user = makeOrdinaryUser();
  const core = await startCore({ user });
  await shortStory(lab, core, { whileItRuns: () => lab.report(whoRuns()) });
  await core.end();
  const journal = readFileSync('/var/lib/virtdeck-helper/journal', 'utf8').trim().split('\n');
  const lines = journal.map((line) => JSON.parse(line) as { readonly uid: number; readonly verb: string; readonly outcome: string });
  const done = lines.filter(({ uid, outcome }) => uid === user.uid && outcome === 'done').map(({ verb }) => verb);
  lab.report({ done, left: existsSync('/run/virtdeck-helper') ? readdirSync('/run/virtdeck-helper') : [] });
};

export default main;
