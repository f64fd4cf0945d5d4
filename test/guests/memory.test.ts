// Owns the proof of memory on running guests: huge pages that are missing, reserved by the fix, taken by the guest and given back.
// Must not leave the pool as it did not find it.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { fixRequest } from '../../electron/api/fix-actions.ts';
import type { StartCheck } from '../../electron/api/start-check.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../bench/machines.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk } from './tiny-linux.ts';

const pool = '/sys/kernel/mm/hugepages/hugepages-2048kB';
const numberOf = (file: string): number => Number(readFileSync(join(pool, file), 'utf8'));
const canReserve = process.geteuid?.() === 0 && isWritable();

function isWritable(): boolean {
  try {
    writeFileSync(join(pool, 'nr_hugepages'), readFileSync(join(pool, 'nr_hugepages'), 'utf8'));
    return true;
  } catch {
    console.log('No huge pages can be reserved by this user here: what a guest takes of them is not looked at.');
    return false;
  }
}

let core: CoreProcess;
let disk: string;

beforeAll(async () => {
  core = await startCore();
  disk = join(core.dataDir.replace(/\/data$/, ''), 'memory.img');
  copyFileSync(await tinyLinuxDisk(), disk);
});

afterAll(async () => {
  await core.end();
  core.remove();
});

/** With its run, whether there is one or not. */
async function removed(name: string): Promise<void> {
  await core.request({ method: 'DELETE', path: `${machinesPath}/${name}`, body: { gracePeriodSeconds: 0 } });
  const runs = async (): Promise<readonly unknown[]> =>
    ((await core.request({ path: `${instancesPath}?fieldSelector=metadata.name%3D${name}` })) as { readonly items: readonly unknown[] })
      .items;
  await expect.poll(runs, { timeout: 60_000 }).toEqual([]);
}

async function check(name: string): Promise<StartCheck> {
  return (await core.request({ method: 'PUT', path: `${verbPath(name, 'start')}?dryRun=All`, body: {} })) as StartCheck;
}

test.skipIf(!canReserve)('huge pages that a machine lacks are reserved by the fix, and its guest takes them', async () => {
  const before = numberOf('nr_hugepages');
  const pages = before + 64;
  onTestFinished(() => writeFileSync(join(pool, 'nr_hugepages'), String(before)));
  await core.request({
    method: 'POST',
    path: machinesPath,
    body: guestMachine('pages', {
      disk,
      runStrategy: 'Manual',
      domain: { memory: { guest: `${pages * 2}Mi`, hugepages: { pageSize: '2Mi' } } },
      devices: { autoattachGraphicsDevice: false },
    }),
  });
  onTestFinished(() => removed('pages'));
  const { causes } = await check('pages');
  expect(causes.map(({ message }) => message)).toEqual([expect.stringContaining(`the machine needs ${pages} pages`)]);
  const fix = causes.flatMap(({ actions = [] }) => actions).find((action) => action.type === 'ReserveHugePages' && action.when === 'now');
  if (fix === undefined) throw new Error('no fix is offered');
  await core.request(fixRequest(fix, { namespace: 'default', name: 'pages' }));
  expect(numberOf('nr_hugepages')).toBeGreaterThanOrEqual(pages);
  expect((await check('pages')).causes).toEqual([]);

  const free = numberOf('free_hugepages');
  await core.request({ method: 'PUT', path: verbPath('pages', 'start') });
  await awaitPhase(core, 'pages', 'Running');
  expect(free - numberOf('free_hugepages')).toBe(pages);
  const stopped = awaitPhase(core, 'pages', 'gone');
  await core.request({ method: 'PUT', path: verbPath('pages', 'stop') });
  await stopped;
  await expect.poll(() => numberOf('free_hugepages'), { timeout: 30_000 }).toBe(free);
});
