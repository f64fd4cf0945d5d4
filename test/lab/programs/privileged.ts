// Owns what the privileged program does to memory, where it may: huge pages of each node, and how much a process may lock.
// Must not judge it; the test does.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { createNetwork } from '../../../electron/host/network/network.ts';
import { silentLog } from '../../host/silent-log.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const main: LabProgramMain = async (lab) => {
  const network = createNetwork({ dataDir: '/tmp/lab-data', log: silentLog });
  const pages = (): readonly number[] =>
    [0, 1].map((node) => Number(readFileSync(`/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/nr_hugepages`, 'utf8')));
  await network.ask({ verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 16 });
  lab.report({ pages: pages() });
  // More than the node has memory: nothing is left half done.
  const much: PrivilegedRequest = { verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 380 };
  const refused = await network.ask(much).catch((error: unknown) => String(error));
  lab.report({ refused, pages: pages() });

  // At the next boot: what systemd does then is done here, with the pool emptied before.
  const kept = '/etc/tmpfiles.d/virtdeck-hugepages-node1-2048kB.conf';
  await network.ask({ verb: 'hugepages-keep', node: 1, sizeKiB: 2048, count: 12 });
  await network.ask({ verb: 'hugepages-set', node: 1, sizeKiB: 2048, count: 0 });
  const boot = spawnSync('systemd-tmpfiles', ['--create', kept], { encoding: 'utf8' });
  lab.report({ boot: [boot.status, boot.stderr], pages: pages() });
  await network.ask({ verb: 'hugepages-keep', node: 1, sizeKiB: 2048, count: 0 });
  const merging = (): string => readFileSync('/sys/kernel/mm/ksm/run', 'utf8').trim();
  await network.ask({ verb: 'ksm-set', count: 1 });
  const merges = merging();
  await network.ask({ verb: 'ksm-set', count: 0 });
  lab.report({ keptAfter: existsSync(kept), merging: [merges, merging()] });

  const sleeper = spawn('sleep', ['600']);
  const limit = (): string | undefined => /Max locked memory +(\d+) +(\d+)/.exec(readFileSync(`/proc/${sleeper.pid}/limits`, 'utf8'))?.[2];
  const before = limit();
  await network.ask({ verb: 'memlock', pid: sleeper.pid ?? 0, bytes: 1024 ** 3 });
  lab.report({ before, after: limit() });
  sleeper.kill('SIGKILL');
  const journal = readFileSync('/var/lib/virtdeck-helper/journal', 'utf8').trim().split('\n');
  lab.report({ journal: journal.map((line) => JSON.parse(line) as unknown) });
};

export default main;
