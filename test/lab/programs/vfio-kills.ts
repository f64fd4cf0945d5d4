// Owns ending the privileged program with kill -9 before every change that it makes to a device: its own process, those that it starts, and all of them.
// Must not judge what came of it; the test does.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';
import { type Killed, killedAt } from '../../host/kill-points/killing-helper.ts';
import { addressOf, driverOf } from '../inside/device-story.ts';
import { askHelper as ask, noneRuns } from '../inside/helper-runs.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const state = '/run/virtdeck-helper';

/** Three words: who drives it, what it is to be driven by, and whether its driver of before is known. */
function stateOf(address: string): string {
  const override = readFileSync(`/sys/bus/pci/devices/${address}/driver_override`, 'utf8').trim();
  return `${driverOf(address) ?? 'nobody'} ${override}`;
}

function files(): readonly string[] {
  try {
    return readdirSync(state);
  } catch {
    return [];
  }
}

/** Of a trial that nobody ends any more: as long as it has its time, it stands. */
async function untilOver(address: string): Promise<void> {
  const name = `trial-${address}`;
  if (!files().includes(name)) return;
  const { until } = JSON.parse(readFileSync(`${state}/${name}`, 'utf8')) as { readonly until: number };
  while (Date.now() < until * 1000) await delay(50);
}

interface Attempt {
  readonly name: string;
  readonly role: Killed;
  readonly n: number;
  readonly killed: boolean;
  readonly text: string;
  /** The device is driven as before, and nothing is remembered of it. */
  readonly isForgotten: boolean;
}

/** In its own process the end shows, and a trial's in what is left. Who starts the other one mends it: it tells of a bind, and nothing of an unbind, which has so few. */
function isOver({ name, role, n, killed, text, isForgotten }: Attempt): boolean {
  if (role === 'apart') return name === 'bind' ? !text.includes('"errno":4') : n === 8;
  return role === 'keeper' || role === 'keepers' ? isForgotten : !killed;
}

/** When nobody is left who would finish it. */
const leaveHalf: readonly Killed[] = ['both', 'keeper', 'keepers'];

const main: LabProgramMain = async (lab) => {
  const { killing } = lab.input as { readonly killing: string };
  const nic = addressOf('nic');
  const real = bundledHelper ?? '';
  const bind: PrivilegedRequest = { verb: 'vfio-bind', address: nic, owner: 1000 };
  const unbind: PrivilegedRequest = { verb: 'vfio-unbind', address: nic };
  await ask(real, bind);
  lab.report({ bound: stateOf(nic) });
  await ask(real, unbind);
  const free = stateOf(nic);
  lab.report({ free });
  /** About another device, and refused. */
  const other: PrivilegedRequest = { verb: 'vfio-keep', address: 'ffff:ff:1f.7' };
  const rounds: readonly {
    readonly name: string;
    readonly before: readonly PrivilegedRequest[];
    readonly request: PrivilegedRequest;
    readonly roles: readonly Killed[];
  }[] = [
    { name: 'bind', before: [], request: bind, roles: ['main', 'apart', 'both'] },
    { name: 'trial', before: [], request: { ...bind, seconds: 5 }, roles: ['main', 'keeper', 'keepers'] },
    { name: 'unbind', before: [bind], request: unbind, roles: ['main', 'apart', 'both'] },
    { name: 'keep', before: [{ ...bind, seconds: 600 }], request: { verb: 'vfio-keep', address: nic }, roles: ['main'] },
  ];
  for (const { name, before, request, roles } of rounds) {
    for (const role of roles) {
      const came = new Set<string>();
      const next = new Set<string>();
      const left = new Set<string>();
      for (let n = 1; n < 60; n++) {
        for (const one of before) await ask(real, one);
        const { killed, text } = await ask(killing, request, { ...killedAt(role, n), HASTE: '10' });
        if (name !== 'keep') await noneRuns(killing);
        came.add(stateOf(nic));
        const over = isOver({ name, role, n, killed, text, isForgotten: stateOf(nic) === free && files().length === 0 });
        if (leaveHalf.includes(role)) {
          await untilOver(nic);
          await ask(real, other);
          next.add([stateOf(nic), ...files()].join(' '));
        }
        await ask(real, unbind);
        left.add([stateOf(nic), ...files()].join(' '));
        if (over) {
          lab.report({ name, role, points: n - 1, came: [...came], next: [...next], left: [...left] });
          break;
        }
      }
    }
  }
  // What this computer did before is in it, too: the lab's root is its root.
  const journal = readFileSync('/var/lib/virtdeck-helper/journal', 'utf8').trim().split('\n');
  const begun = journal.map((line) => JSON.parse(line) as { readonly verb: string; readonly outcome: string; readonly undo?: unknown });
  lab.report({
    undoable: begun.filter(({ verb, outcome }) => verb.startsWith('vfio-') && outcome === 'begun').every(({ undo }) => undo !== undefined),
  });
};

export default main;
