// Owns telling what the lab has that this computer lacks.
// Must not judge it; the test does.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createComputer } from '../../../electron/host/computer.ts';
import { createLimits } from '../../../electron/host/limits/limits.ts';
import { settingsSpecSchema } from '../../../electron/api/kinds/settings-schema.ts';
import { silentLog } from '../../host/silent-log.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const text = (file: string): string => readFileSync(file, 'utf8').trim();

const main: LabProgramMain = async (lab) => {
  lab.report({
    input: lab.input,
    cgroup: text('/sys/fs/cgroup/cgroup.controllers').split(' '),
    groups: readdirSync('/sys/kernel/iommu_groups').length,
    nodes: readdirSync('/sys/devices/system/node').filter((name) => /^node\d+$/.test(name)).length,
    siblings: text('/sys/devices/system/cpu/cpu0/topology/thread_siblings_list'),
    hugePages: [0, 1].map((node) => Number(text(`/sys/devices/system/node/node${node}/hugepages/hugepages-2048kB/nr_hugepages`))),
  });
  execFileSync('ip', ['link', 'add', 'br1', 'type', 'bridge', 'vlan_filtering', '1']);
  execFileSync('bridge', ['vlan', 'add', 'dev', 'br1', 'vid', '10', 'self']);
  const vlans = execFileSync('bridge', ['-json', 'vlan', 'show', 'dev', 'br1'], { encoding: 'utf8' });
  lab.report({ vlans: JSON.parse(vlans) as unknown });
  // The product's own eyes: QEMU answers in there.
  const disks = { poolSpace: async () => ({ path: '/', totalBytes: 0, freeBytes: 0 }) };
  const computer = createComputer({
    dataDir: '/tmp/lab-data',
    version: '0',
    log: silentLog,
    disks: disks as never,
    limits: createLimits({ log: silentLog }),
  });
  const facts = await computer.facts(settingsSpecSchema.parse({}));
  lab.report({ qemu: facts.qemu?.version.major, accelerator: facts.accelerator.inUse });
};

export default main;
