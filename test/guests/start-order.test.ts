// Owns the proof of the start order with real machines: a core that comes up starts each after the one before it runs, and tells of it.
// Must not reach into the core: whatever is seen here, any client sees.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath } from '../bench/machines.ts';
import { virtdeck } from '../server/cli-process.ts';
import { guestMachine } from './guest-machine.ts';
import { removeMachines } from './network-machine.ts';
import { untilState } from './watched.ts';

// Long enough to be asked about meanwhile.
const dbDelaySeconds = 12;
let core: CoreProcess;

const command = async (...args: readonly string[]): Promise<string> =>
  (await virtdeck({ data: core.dataDir, run: core.runDir }, args)).stdout;

beforeAll(async () => {
  core = await startCore();
});

afterAll(async () => {
  await removeMachines(core);
  await core.end();
  core.remove();
});

/** Nothing boots in it: that it runs is all that is asked. */
async function make(name: string, order: string | undefined, delay: number): Promise<void> {
  const notes = { 'virtdeck.io/start-order': order ?? '', 'virtdeck.io/start-delay': `${delay}` };
  const body = guestMachine(name, {
    memory: '32Mi',
    ...(order === undefined ? {} : { notes }),
    devices: { autoattachGraphicsDevice: false },
  });
  await core.request({ method: 'POST', path: machinesPath, body });
}

/** Milliseconds since 1970. */
async function times(name: string): Promise<{ readonly made: number; readonly ran: number }> {
  const { metadata, status } = (await core.request({ path: `${instancesPath}/${name}` })) as VirtualMachineInstance;
  const ran = status?.phaseTransitionTimestamps?.find(({ phase }) => phase === 'Running')?.phaseTransitionTimestamp;
  return { made: Date.parse(metadata.creationTimestamp), ran: Date.parse(ran ?? '') };
}

/** Machines outlive the core that started them, and not their computer: another boot is what tells that from a crash. */
function restartComputer(): void {
  for (const entry of readdirSync(core.runDir)) {
    const file = join(core.runDir, entry, 'identity.json');
    if (!existsSync(file)) continue;
    process.kill(Number(readFileSync(join(core.runDir, entry, 'qemu.pid'), 'utf8')), 'SIGKILL');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), bootId: 'another' }));
  }
}

test('db, then app, then the rest', async () => {
  await make('db', '1', dbDelaySeconds);
  await make('app', '2', 0);
  await make('web', undefined, 0);
  for (const name of ['db', 'app', 'web']) await awaitPhase(core, name, 'Running');
  await core.end();
  restartComputer();

  core = await startCore({ folder: dirname(core.dataDir) });
  await untilState(core, { path: machinesPath, name: 'app' }, ({ status }) =>
    (status?.conditions ?? []).some(({ type, message }) => type === 'StartDelayed' && message === 'Begins 12 s after the start of db.'),
  );
  // At once: the delay does not wait for two commands in turn.
  const [waiting, runs] = await Promise.all([command('get', 'vm', 'app'), command('get', 'vmi', '-o', 'name')]);
  expect(waiting).toMatch(/ Starting in \d+s /);
  expect(runs).toBe('virtualmachineinstance.kubevirt.io/db\n');
  for (const name of ['app', 'web']) await awaitPhase(core, name, 'Running');
  const [db, app, web] = await Promise.all(['db', 'app', 'web'].map(times));
  expect([
    (app?.made ?? 0) - (db?.ran ?? 0) >= dbDelaySeconds * 1000,
    (web?.made ?? 0) >= (app?.ran ?? Number.NaN),
    await command('events', '--for', 'app'),
  ]).toEqual([true, true, expect.stringContaining('Begins 12 s after the start of db.')]);
});
