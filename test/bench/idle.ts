// Owns the measure of a core at rest: time to ready, memory, and CPU with five running guests and nobody looking.
// Must not keep anything running.
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { tinyLinuxDisk } from '../guests/tiny-linux.ts';
import { cpuMs, residentMiB, startCore } from './core-process.ts';
import { type Figure, median, ms } from './figures.ts';
import { awaitPhase, machine, machinesPath, stopAndForget, verbPath } from './machines.ts';

const guests = 5;
const restMs = 20_000;

export async function idleFigures(): Promise<readonly Figure[]> {
  return [await ready(), ...(await rest())];
}

async function ready(): Promise<Figure> {
  const times: number[] = [];
  let folder: string | undefined;
  for (let round = 0; round <= 7; round++) {
    const core = await startCore(folder === undefined ? {} : { folder });
    folder ??= core.dataDir.replace(/\/data$/, '');
    // The first start takes the types out of our files, and may have to ask QEMU and KVM what they can do.
    if (round > 0) times.push(core.readyMs);
    await core.end();
    if (round === 7) core.remove();
  }
  return {
    what: '`virtdeck serve`, launch → ready',
    ours: ms(median(times)),
    peer: '–',
    promise: 'under 400 ms',
    kept: median(times) < 400,
  };
}

async function rest(): Promise<readonly Figure[]> {
  const disk = await tinyLinuxDisk();
  const core = await startCore();
  const names = Array.from({ length: guests }, (_, index) => `idle-${index}`);
  try {
    for (const name of names) {
      // One each: a disk that is written to has one machine.
      const own = join(core.dataDir, `${name}.img`);
      copyFileSync(disk, own);
      await core.request({ method: 'POST', path: machinesPath, body: machine(name, own, '256Mi') });
      const running = awaitPhase(core, name, 'Running');
      await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
      await running;
    }
    // The guests boot; what they print keeps the core busy until then.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    const before = cpuMs(core.pid);
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const share = ((cpuMs(core.pid) - before) / restMs) * 100;
    const memory = residentMiB(core.pid);
    return [
      {
        what: `CPU of the core, ${guests} guests running, no window`,
        ours: `${share.toFixed(2)} % of a core`,
        peer: '–',
        promise: 'under 0.5 %',
        kept: share < 0.5,
      },
      {
        what: `Memory of the core, ${guests} guests running`,
        ours: `${memory.toFixed(0)} MiB`,
        peer: '–',
        promise: 'under 100 MB',
        kept: memory < 95.4,
      },
    ];
  } finally {
    for (const name of names) await stopAndForget(core, name).catch(() => undefined);
    await core.end();
    core.remove();
  }
}
