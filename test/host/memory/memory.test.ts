// Owns the proof of what is read of the computer's memory, from a tree of files as Linux has them.
// Must not depend on the computer it runs on.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createMemory } from '../../../electron/host/memory/memory.ts';
import { tempDir } from '../temp-dir.ts';

function tree(files: Readonly<Record<string, string>>): string {
  const root = tempDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  return root;
}

const meminfo =
  'MemTotal:       32768000 kB\nMemFree: 1024 kB\nMemAvailable:    8192000 kB\nSwapTotal:       2048000 kB\nSwapFree:        1024000 kB\n';

test('memory, swap, pressure and merging', async () => {
  const root = tree({
    'proc/meminfo': meminfo,
    'proc/vmstat': 'pswpin 2560\npswpout 99999\n',
    'proc/pressure/memory': 'some avg10=12.50 avg60=1.00 avg300=0.00 total=143196\nfull avg10=3.25 avg60=0.00 avg300=0.00 total=90152\n',
    'sys/kernel/mm/ksm/run': '1\n',
    'sys/kernel/mm/ksm/pages_shared': '256\n',
    'sys/kernel/mm/ksm/pages_sharing': '2560\n',
  });
  expect(await createMemory(root).facts()).toEqual({
    totalMiB: 32_000,
    availableMiB: 8000,
    swapTotalMiB: 2000,
    swapFreeMiB: 1000,
    swappedInMiB: 10,
    pressure: { somePercent: 12.5, fullPercent: 3.25 },
    merging: { state: 'on', sharedMiB: 1, savedMiB: 10 },
  });
});

test('a kernel without pressure figures and without merging', async () => {
  const facts = await createMemory(tree({ 'proc/meminfo': meminfo })).facts();
  expect(facts.pressure).toBeUndefined();
  expect(facts.merging).toEqual({ state: 'missing', sharedMiB: 0, savedMiB: 0 });
});

test('pools that are reserved at boot, and nothing of other programs', async () => {
  const line = (pool: string, count: string): string => `# x\nw ${pool} - - - - ${count}\n`;
  const root = tree({
    'etc/tmpfiles.d/virtdeck-hugepages-2048kB.conf': line('/sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages', '512'),
    'etc/tmpfiles.d/virtdeck-hugepages-node1-1048576kB.conf': line('/sys/devices/system/node/node1/x', '2'),
    'etc/tmpfiles.d/virtdeck-hugepages-node0-2048kB.conf': 'nothing\n',
    'etc/tmpfiles.d/other.conf': line('/sys/x', '9'),
  });
  const kept = await createMemory(root).keptPages();
  expect(kept.toSorted((a, b) => a.sizeKiB - b.sizeKiB)).toEqual([
    { sizeKiB: 2048, count: 512 },
    { numaNode: 1, sizeKiB: 1_048_576, count: 2 },
  ]);
  expect(await createMemory(tree({})).keptPages()).toEqual([]);
});
