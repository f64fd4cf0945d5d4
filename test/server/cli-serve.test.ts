// Owns real cores that the `virtdeck` command starts and shares: one that is started when none runs, one data folder, one holder.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readHolder } from '../../electron/store/data-lock.ts';
import { ending, type Places, spawnVirtdeck, virtdeck } from './cli-process.ts';

let places: Places;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'vd-serve-'));
  places = { data: join(folder, 'data'), run: folder };
});
afterEach(async () => {
  const holder = readHolder(places.data);
  if (holder !== undefined) process.kill(holder.pid, 'SIGKILL');
  await expect.poll(() => readHolder(places.data)).toBeUndefined();
  rmSync(places.run, { recursive: true, force: true });
});

test('a command starts a core when none runs, and two at once start one', async () => {
  const answers = await Promise.all([1, 2].map(() => virtdeck(places, ['get', 'ns', '-o', 'name'])));
  expect(answers).toEqual([1, 2].map(() => ({ status: 0, stdout: 'namespace/default\n', stderr: '' })));
  expect(readHolder(places.data)?.name).toBe('virtdeck serve');
});

test('serve says where it is; a second one is refused with the holder’s name; kill -9 frees the folder', async () => {
  const first = spawnVirtdeck(places, ['serve', '--listen', '127.0.0.1:0']);
  const line = await new Promise<Buffer>((resolve) => first.stdout.once('data', resolve));
  expect(JSON.parse(line.toString())).toEqual({
    socket: join(places.run, 'api.sock'),
    url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+\/\?code=/) as string,
  });
  const refused = await virtdeck(places, ['serve', '--run', join(places.run, 'second')]);
  expect([refused.status, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain(`is in use by virtdeck serve (pid ${first.pid}, since `);
  first.kill('SIGKILL');
  await new Promise((resolve) => first.once('close', resolve));
  const next = spawnVirtdeck(places, ['serve']);
  const answer = ending(next);
  await new Promise((resolve) => next.stdout.once('data', resolve));
  next.kill('SIGTERM');
  expect(await answer).toEqual({ status: 0, stdout: `${JSON.stringify({ socket: join(places.run, 'api.sock') })}\n`, stderr: '' });
});
