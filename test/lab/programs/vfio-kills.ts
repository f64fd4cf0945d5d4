// Owns ending the privileged program with kill -9 before every change that it makes to a device, in its own process and in the one that it starts for it.
// Must not judge what came of it; the test does.
import { readdirSync, readFileSync } from 'node:fs';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';
import { killedAt } from '../../host/kill-points/killing-helper.ts';
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

const main: LabProgramMain = async (lab) => {
  const { killing } = lab.input as { readonly killing: string };
  const nic = addressOf('nic');
  const real = bundledHelper ?? '';
  const bind: PrivilegedRequest = { verb: 'vfio-bind', address: nic, owner: 1000 };
  const unbind: PrivilegedRequest = { verb: 'vfio-unbind', address: nic };
  await ask(real, bind);
  lab.report({ bound: stateOf(nic) });
  await ask(real, unbind);
  lab.report({ free: stateOf(nic) });
  const rounds = [
    { name: 'bind', before: [], request: bind, roles: ['main', 'apart'] },
    { name: 'trial', before: [], request: { ...bind, seconds: 5 }, roles: ['main'] },
    { name: 'unbind', before: [bind], request: unbind, roles: ['main', 'apart'] },
    { name: 'keep', before: [{ ...bind, seconds: 600 }], request: { verb: 'vfio-keep', address: nic }, roles: ['main'] },
  ] as const satisfies readonly {
    readonly name: string;
    readonly before: readonly PrivilegedRequest[];
    readonly request: PrivilegedRequest;
    readonly roles: readonly ('main' | 'apart')[];
  }[];
  for (const { name, before, request, roles } of rounds) {
    for (const role of roles) {
      const came: string[] = [];
      const left: string[] = [];
      for (let n = 1; n < 60; n++) {
        for (const one of before) await ask(real, one);
        const { killed, text } = await ask(killing, request, killedAt(role, n));
        if (name !== 'keep') await noneRuns(killing);
        came.push(stateOf(nic));
        await ask(real, unbind);
        left.push([stateOf(nic), ...files()].join(' '));
        // In its own process the end shows. In the other it is mended: told of after a bind, and without a word after an unbind, which has so few.
        if (role === 'main' ? !killed : name === 'bind' ? !text.includes('"errno":4') : n === 8) break;
      }
      lab.report({ name, role, points: came.length - 1, came: [...new Set(came)], left: [...new Set(left)] });
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
