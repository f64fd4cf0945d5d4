// Owns what the privileged program does to PCI devices, where there is an IOMMU: to VFIO and back, a trial that nobody keeps, virtual functions.
// Must not judge it; the test does.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const devices = '/sys/bus/pci/devices';

interface Seen {
  readonly driver: string | undefined;
  readonly override: string;
}

function linkName(file: string): string | undefined {
  try {
    return path.basename(readlinkSync(file));
  } catch {
    return undefined;
  }
}

const seen = (address: string): Seen => ({
  driver: linkName(`${devices}/${address}/driver`),
  override: readFileSync(`${devices}/${address}/driver_override`, 'utf8').trim(),
});

const isPciId = (id: string) => (address: string) =>
  `${readFileSync(`${devices}/${address}/vendor`, 'utf8').trim()}:${readFileSync(`${devices}/${address}/device`, 'utf8').trim()}` === id;
const find = (id: string): readonly string[] => readdirSync(devices).filter(isPciId(id)).toSorted();

async function ask(request: PrivilegedRequest): Promise<{ readonly ok: boolean; readonly code?: string; readonly message?: string }> {
  const child = spawn(bundledHelper ?? '', { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(request));
  await once(child, 'close');
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { ok: boolean };
}

/** Polls: the kernel tells of a driver by messages that need a netlink socket. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await delay(50);
}

const main: LabProgramMain = async (lab) => {
  const [nic = ''] = find('0x8086:0x10d3');
  const [gpu = ''] = find('0x1234:0x1111');
  const [edu = ''] = find('0x1234:0x11e8');
  const neighbour = edu.replace(/1\.0$/, '2.0');
  lab.report({ before: [nic, gpu, gpu.replace(/0$/, '1'), edu, neighbour].map(seen) });

  const bound = await ask({ verb: 'vfio-bind', address: nic, owner: 1000 });
  lab.report({ bound, nic: seen(nic), again: await ask({ verb: 'vfio-bind', address: nic, seconds: 5 }) });
  lab.report({
    unbound: await ask({ verb: 'vfio-unbind', address: nic }),
    nic: seen(nic),
    again: await ask({ verb: 'vfio-unbind', address: nic }),
  });

  // The group of two behind the PCI bridge moves together, and so does what had no driver.
  const both = await ask({ verb: 'vfio-bind', address: edu });
  lab.report({ both, group: [edu, neighbour].map(seen) });
  const returned = await ask({ verb: 'vfio-unbind', address: neighbour });
  lab.report({ returned, group: [edu, neighbour].map(seen) });

  const trial = await ask({ verb: 'vfio-bind', address: nic, seconds: 5 });
  const during = seen(nic);
  // Its driver is back a moment before the trial is struck off.
  await until(() => seen(nic).driver === 'e1000e' && readdirSync('/run/virtdeck-helper').length === 0);
  lab.report({ trial, during, after: seen(nic), files: readdirSync('/run/virtdeck-helper') });
  await ask({ verb: 'vfio-bind', address: nic, seconds: 5 });
  const kept = await ask({ verb: 'vfio-keep', address: nic });
  // Past the end of the trial that nobody may end any more.
  await delay(6_000);
  lab.report({ kept, later: seen(nic), keptAgain: await ask({ verb: 'vfio-keep', address: nic }) });
  await ask({ verb: 'vfio-unbind', address: nic });

  // The way to everywhere goes over a bridge, and the card is a port of it.
  const [card = ''] = readdirSync(`${devices}/${nic}/net`);
  const script = `ip link add br9 type bridge && ip link set ${card} master br9 up && ip link set br9 up && ip addr add 192.0.2.2/24 dev br9`;
  execFileSync('sh', ['-c', `${script} && ip route add default via 192.0.2.1`]);
  lab.report({ needed: await ask({ verb: 'vfio-bind', address: nic, seconds: 5 }), nic: seen(nic) });

  // No driver of this computer seizes a virtual function as it appears.
  const [nvme = ''] = find('0x1b36:0x0010');
  lab.report({
    functions: await ask({ verb: 'sriov-set', address: nvme, count: 2 }),
    count: readFileSync(`${devices}/${nvme}/sriov_numvfs`, 'utf8').trim(),
  });
  const vf = linkName(`${devices}/${nvme}/virtfn0`) ?? '';
  lab.report({ vf: seen(vf), bound: await ask({ verb: 'vfio-bind', address: vf }), after: seen(vf) });
  lab.report({
    none: await ask({ verb: 'sriov-set', address: nvme, count: 0 }),
    left: readdirSync(`${devices}/${nvme}`).filter((name) => name.startsWith('virtfn')),
  });

  // What this computer did before is in the journal, too: the lab's root is its root.
  const journal = readFileSync('/var/lib/virtdeck-helper/journal', 'utf8').trim().split('\n');
  const lines = journal.map((line) => JSON.parse(line) as { readonly verb: string; readonly outcome: string; readonly undo?: unknown });
  lab.report({
    journal: lines.filter(({ verb }) => /^(vfio|sriov)-/.test(verb)).map(({ verb, outcome, undo }) => ({ verb, outcome, undo })),
  });
};

export default main;
