// Owns a process that starts one machine as the core does, and then is there to be killed.
// Must not end by itself: `node host-parent.ts DATA RUN PLAN.json` prints one line when the guest runs.
import { readFileSync } from 'node:fs';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';
import { createMachines } from '../../electron/host/machines.ts';
import { systemClock } from '../../electron/host/system-clock.ts';
import { silentLog } from '../host/silent-log.ts';
import { unlimited } from '../fakes/unlimited.ts';

const [dataDir = '', runDir = '', planFile = ''] = process.argv.slice(2);
const plan: LaunchPlan = JSON.parse(readFileSync(planFile, 'utf8'));
const machines = createMachines({ dataDir, runDir, clock: systemClock, log: silentLog, limits: unlimited() });
await machines.createRunDir(plan);
for (const file of plan.files) await machines.placeFile(file);
const machine = await machines.spawn(plan, () => undefined);
const status = await machine.qmp('query-status');
await machine.qmp('cont');
console.log(JSON.stringify({ pid: machine.pid, status }));
setInterval(() => undefined, 60_000);
