// Owns the proof of a preparation from facts to files and back, through the real privileged program in a root folder of its own.
// Must not change this computer.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../../electron/api/errors.ts';
import { preparationPlan } from '../../../electron/core/preparation/plan.ts';
import { changesOf, pendingPrograms } from '../../../electron/core/preparation/preparation-record.ts';
import type { PreparationWishes } from '../../../electron/core/preparation/preparation-facts.ts';
import { runStep } from '../../../electron/core/preparation/steps.ts';
import type { PreparationPort } from '../../../electron/engine/ports.ts';
import { createPreparation } from '../../../electron/host/preparation/preparation.ts';
import { tempDir } from '../temp-dir.ts';
import { type ComputerTree, computerTrees, writeComputer } from './computer-tree.ts';
import { busybox, canChroot, type ScratchRoot, scratchRoot } from './scratch-root.ts';

const wishes: PreparationWishes = {
  devices: [
    { address: '0000:01:00.0', id: '10de:1eb8', drivers: ['nouveau'], hasTwin: false },
    { address: '0000:0a:00.0', id: '1002:73ff', drivers: ['amdgpu'], hasTwin: true },
  ],
  kernelArguments: [],
  files: {},
  wantsIommu: true,
};

const programs = [
  'update-grub',
  'grub2-mkconfig',
  'grub-mkconfig',
  'grubby',
  'rpm-ostree',
  'kernel-install',
  'update-initramfs',
  'dracut',
  'mkinitcpio',
];

function prepared(name: keyof typeof computerTrees): { readonly scratch: ScratchRoot; readonly port: PreparationPort } {
  const scratch = scratchRoot(tempDir());
  const tree: ComputerTree = computerTrees[name];
  writeComputer(scratch.root, { ...tree, 'proc/stat': 'cpu 1\nbtime 1000\n', 'boot/vmlinuz-6.1.0-1-amd64': '' });
  for (const folder of ['modprobe.d', 'modules-load.d', 'udev/rules.d', 'security/limits.d', 'default/grub.d', 'dracut.conf.d']) {
    mkdirSync(join(scratch.root, 'etc', folder), { recursive: true });
  }
  // Each that the tree has, as a program that notes its command line.
  for (const file of Object.keys(tree)) {
    const program = programs.find((one) => file.endsWith(`bin/${one}`));
    if (program === undefined) continue;
    // By this word one finds that GRUB reads drop-ins.
    const mark = tree[file]?.includes('default/grub.d') === true ? ': default/grub.d\n' : '';
    scratch.put(file, `#!/bin/sh\n${mark}echo "${program} $*" >> /ran\n`, 0o755);
  }
  const port = createPreparation({
    root: scratch.root,
    user: { name: 'ada', uid: 1000, gid: 1000 },
    ask: async (request) => {
      const answer = scratch.ask(request);
      if (!answer.ok) throw new AppError('ToolFailed', JSON.stringify(answer));
    },
  });
  return { scratch, port };
}

function configuration(scratch: ScratchRoot, name: keyof typeof computerTrees): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.keys(computerTrees[name])
      .filter((file) => file.startsWith('etc/') || file.startsWith('boot/'))
      .map((file) => [file, scratch.get(file)]),
  );
}

describe.skipIf(!canChroot || busybox === undefined)('in a root folder of its own', () => {
  test.each([
    ['debian', ['update-initramfs -u -k all', 'update-grub ']],
    ['fedora', ['grubby --update-kernel=ALL --args=intel_iommu=on', 'dracut --force --regenerate-all']],
    ['silverblue', ['rpm-ostree kargs --append-if-missing=intel_iommu=on']],
    ['opensuse', ['dracut --force --regenerate-all', 'grub2-mkconfig -o /boot/grub2/grub.cfg']],
    ['arch', ['mkinitcpio -P']],
    ['debian, systemd-boot', ['update-initramfs -u -k all', 'kernel-install add 6.1.0-1-amd64 /boot/vmlinuz-6.1.0-1-amd64']],
  ] as const)('%s: planned, applied, found so, undone to the byte', async (name, ran) => {
    const { scratch, port } = prepared(name);
    const before = configuration(scratch, name);
    const plan = preparationPlan(await port.facts(), wishes);
    expect(plan.causes).toEqual([]);
    for (const step of plan.steps) await port.apply(step);
    for (const { action } of plan.steps) if (action.type === 'write') expect(scratch.get(action.path)).toBe(action.after);
    expect((scratch.get('/ran') ?? '').split('\n')).toEqual(expect.arrayContaining([...ran]));
    const facts = await port.facts();
    expect(preparationPlan(facts, wishes).steps).toEqual([]);
    for (const change of changesOf(facts.record)) {
      expect(change.state).toBe('standing');
      if ('path' in change) await port.restore(Number(change.id));
      else
        await port.apply({
          id: 'x',
          purpose: 'kernelArgument',
          why: '',
          action: { type: 'run', command: change.command, argument: change.argument },
        });
    }
    for (const command of pendingPrograms(await port.facts())) await port.apply(runStep(command, ''));
    expect(configuration(scratch, name)).toEqual(before);
    const after = await port.facts();
    expect(changesOf(after.record)).toEqual([]);
    expect(pendingPrograms(after)).toEqual([]);
    expect(preparationPlan(after, wishes).steps.map(({ id }) => id)).toEqual(plan.steps.map(({ id }) => id));
  });
});
