import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { tempDir } from '../temp-dir.ts';
import { fillBench, mib, noise } from './fill-bench.ts';

test('a process killed in the middle of a copy leaves no disk, and the next start clears its rubbish and can make it', async () => {
  const dataDir = tempDir();
  const source = path.join(tempDir(), 'source.raw');
  writeFileSync(source, noise(192 * mib));
  const script = new URL('fill-in-child.ts', import.meta.url).pathname;
  const request = { type: 'file', path: source } as const;
  // A group of its own, as the program has in real life: qemu-img survives its parent's death.
  const child = spawn(process.execPath, [script, dataDir, JSON.stringify(request), String(256 * mib)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) if (line === 'convert') break;
  const folder = path.join(dataDir, 'disks', 'default');
  await expect.poll(() => readdirSync(folder).length).toBeGreaterThan(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = readdirSync(folder);
  const bench = await fillBench(dataDir);
  const cleaned = readdirSync(folder);
  const again = await bench.make({ source: request, format: 'qcow2', sizeBytes: 256 * mib });
  expect({
    hadOnlyDrafts: left.every((name) => name.startsWith('.draft-')),
    cleaned,
    again,
  }).toEqual({ hadOnlyDrafts: true, cleaned: [], again: { file: path.join(folder, 'disk.qcow2') } });
});
