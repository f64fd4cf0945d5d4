// Owns the proof of the privileged program's verbs for PCI devices, on a computer that has an IOMMU and devices to spare.
// Must not start machines.
import { expect, test } from 'vitest';
import { runInLab } from './run-in-lab.ts';

const free = { driver: undefined, override: '(null)' };
const given = { driver: 'vfio-pci', override: 'vfio-pci' };
const driven = (driver: string) => ({ driver, override: '(null)' });

test('without an IOMMU nothing is changed: a device that VFIO refuses would be left without a driver', async () => {
  const run = await runInLab({
    program: new URL('programs/vfio-refused.ts', import.meta.url),
    devices: ['nic'],
    memoryMiB: 768,
    modules: ['e1000e'],
  });
  expect(run.results).toEqual([{ answer: expect.objectContaining({ ok: false, code: 'NoIommu', field: 'address' }), driver: 'e1000e' }]);
});

test('a device and its whole group go to VFIO and come back; a trial that nobody keeps ends by itself', async () => {
  const run = await runInLab({
    program: new URL('programs/vfio-verbs.ts', import.meta.url),
    iommu: 'intel',
    devices: ['nic', 'gpuWithAudio', 'sharedGroup', 'nvmeWithSriov'],
    // Without udev nobody loads them by what the devices are; vfio-pci the program has loaded itself.
    modules: ['e1000e', 'e1000', 'bochs', 'snd-hda-intel', 'nvme'],
  });
  const [before, bound, unbound, both, returned, trial, kept, needed, functions, virtual, none, written] = run.results;
  expect(before).toEqual({ before: [driven('e1000e'), driven('bochs-drm'), driven('snd_hda_intel'), free, driven('e1000')] });
  const undo = { ok: true, undo: { verb: 'vfio-unbind', address: expect.any(String) } };
  expect(bound).toEqual({ bound: undo, nic: given, again: expect.objectContaining({ code: 'Exists' }) });
  expect(unbound).toEqual({
    unbound: expect.objectContaining({ ok: true }),
    nic: driven('e1000e'),
    again: expect.objectContaining({ code: 'NotFound' }),
  });
  expect(both).toEqual({ both: undo, group: [given, given] });
  // One had no driver, and has none again.
  expect(returned).toEqual({ returned: expect.objectContaining({ ok: true }), group: [free, driven('e1000')] });
  expect(trial).toEqual({ trial: undo, during: given, after: driven('e1000e'), files: [] });
  expect(kept).toEqual({
    kept: expect.objectContaining({ ok: true }),
    later: given,
    keptAgain: expect.objectContaining({ code: 'NotFound' }),
  });
  expect(needed).toEqual({ needed: expect.objectContaining({ ok: false, code: 'HostUses' }), nic: driven('e1000e') });
  expect(functions).toEqual({ functions: expect.objectContaining({ ok: true }), count: '2' });
  expect(virtual).toEqual({ vf: free, bound: undo, after: given });
  expect(none).toEqual({ none: expect.objectContaining({ ok: true }), left: [] });
  const deeds = (written as { readonly journal: readonly { readonly verb: string; readonly outcome: string }[] }).journal;
  // The end of the trial, which nobody asked for, is written down as well.
  expect(deeds.filter(({ verb }) => verb === 'vfio-unbind').map(({ outcome }) => outcome)).toEqual(
    Array.from({ length: 4 }, () => ['begun', 'done']).flat(),
  );
});
