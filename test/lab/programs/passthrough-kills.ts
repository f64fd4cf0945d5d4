// Owns ending the app with kill -9 at every change that the privileged program makes for it, while a device is tried; and starting it after that program was.
// Must not judge what came of it; the test does.
import { chmodSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { DeviceTrialList } from '../../../electron/api/device-trials.ts';
import { CoreGone } from '../../../electron/cli/connection.ts';
import { bundledHelper } from '../../../native/index.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { killedAt } from '../../host/kill-points/killing-helper.ts';
import { addressOf, deviceRoot, driverOf } from '../inside/device-story.ts';
import { askHelper, noneRuns } from '../inside/helper-runs.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const remembered = '/run/virtdeck-helper';
const order = '/run/kill-at';
const asked = '/run/asked';
const trials = `${deviceRoot}/device-trials`;

/** In the place of the privileged program; it becomes the one that kills, so that whoever asked stays its parent. */
function setTrap(killing: string): void {
  const script = `#!/bin/sh\necho $$ > ${asked}\n[ -e ${order} ] && read -r KILL_AT < ${order} && export KILL_AT\nexec ${killing}\n`;
  writeFileSync(bundledHelper ?? '', script);
  chmodSync(bundledHelper ?? '', 0o755);
}

function isRunning(pid: number, program: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === program;
  } catch {
    return false;
  }
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await delay(100);
}

const main: LabProgramMain = async (lab) => {
  const { killing } = lab.input as { readonly killing: string };
  setTrap(killing);
  const nic = addressOf('nic');
  const state = (): string => {
    const override = readFileSync(`/sys/bus/pci/devices/${nic}/driver_override`, 'utf8').trim();
    return [`${driverOf(nic) ?? 'nobody'} ${override}`, ...(existsSync(remembered) ? readdirSync(remembered).toSorted() : [])].join(' ');
  };
  /** The app went with it; what it had asked for goes on by itself. */
  const asksAndDies = async (n: number, ask: () => Promise<unknown>): Promise<boolean> => {
    writeFileSync(order, `${killedAt('caller', n).KILL_AT}\n`);
    const isKilled = await ask().then(
      () => false,
      (error: unknown) => {
        if (error instanceof CoreGone) return true;
        throw error;
      },
    );
    writeFileSync(order, 'none:0\n');
    const helper = Number(readFileSync(asked, 'utf8'));
    await until(() => !isRunning(helper, killing));
    return isKilled;
  };
  const tryIt = (core: CoreProcess, seconds: number): Promise<unknown> =>
    core.request({ method: 'POST', path: trials, body: { address: nic, seconds } });
  const listed = async (core: CoreProcess): Promise<string> => {
    const { items } = (await core.request({ path: trials })) as DeviceTrialList;
    return items.map((item) => item.state).join(' ');
  };

  let core = await startCore();
  const folder = path.dirname(core.dataDir);
  const came = new Set<string>();
  const told = new Set<string>();
  let points = 0;
  for (let isKilled = true; isKilled;) {
    isKilled = await asksAndDies(points + 1, () => tryIt(core, 5));
    if (isKilled) points++;
    // Whether it was killed while it asked, or when all was done and the question stood on the screen.
    await core.end('SIGKILL');
    await noneRuns(killing);
    came.add(state());
    core = await startCore({ folder });
    told.add(await listed(core));
  }
  lab.report({ points, came: [...came], told: [...told] });
  await core.end();

  // Who gives it back is ended with all that it started: nobody drives the device, and nobody asks for anything.
  await askHelper(killing, { verb: 'vfio-bind', address: nic });
  await askHelper(killing, { verb: 'vfio-unbind', address: nic }, killedAt('both', 3));
  await noneRuns(killing);
  const half = state();
  core = await startCore({ folder });
  await until(() => driverOf(nic) !== undefined);
  await noneRuns(killing);
  lab.report({ half, after: state(), told: await listed(core) });
  await core.end();
};

export default main;
