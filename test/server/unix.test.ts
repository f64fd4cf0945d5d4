// Owns the listeners' addresses: what a dead core left, what a living one holds, what cannot be had.
import { once } from 'node:events';
import { link, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import type { Router } from '../../electron/server/router.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { ask } from './carriers.ts';

const router: Router = {
  handle: async (_, { name, transport }) => new Response(`${name} by ${transport}`),
  open: () => Promise.reject(new AppError('NotFound', 'none')),
};
const log = recordingLog();
let folder: string;
const open: Listening[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vd-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
  await rm(folder, { recursive: true });
});

async function listening(options: Partial<Parameters<typeof listen>[0]>): Promise<Listening> {
  const made = await listen({ router, log, ...options });
  open.push(made);
  return made;
}

async function refusalOf(work: Promise<unknown>): Promise<{ readonly code: string; readonly message: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error('it was not refused');
}

test('the socket and its folder are the user’s alone', async () => {
  const path = join(folder, 'run', 'deep', 'api.sock');
  const { socket } = await listening({ unixSocket: path });
  expect(socket).toBe(path);
  expect([(await stat(path)).mode & 0o777, (await stat(join(folder, 'run', 'deep'))).mode & 0o777]).toEqual([0o600, 0o700]);
});

test('the caller is named by its User-Agent', async () => {
  const path = join(folder, 'api.sock');
  await listening({ unixSocket: path });
  const answer = await ask({ socketPath: path, path: '/' }, { headers: { 'user-agent': 'kubectl/v1.36.4 (linux/amd64)' } });
  expect(await answer.text()).toBe('kubectl by unix');
});

test('what a dead core left is taken over', async () => {
  const path = join(folder, 'api.sock');
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(path, resolve));
  // As after kill -9: the file stays, nobody answers.
  await link(path, join(folder, 'kept'));
  await new Promise<void>((resolve) => dead.close(() => resolve()));
  await rename(join(folder, 'kept'), path);
  await listening({ unixSocket: path });
  expect(await (await ask({ socketPath: path, path: '/' })).text()).toBe('unknown by unix');
});

test('a living core keeps its socket', async () => {
  const path = join(folder, 'api.sock');
  await listening({ unixSocket: path });
  expect(await refusalOf(listening({ unixSocket: path }))).toEqual({
    code: 'DataLocked',
    message: `Another core answers on ${path}. Use that one, or choose another run folder.`,
  });
  expect(await (await ask({ socketPath: path, path: '/' })).text()).toBe('unknown by unix');
});

test('a file that is no socket is never removed', async () => {
  const path = join(folder, 'api.sock');
  await writeFile(path, 'precious');
  expect((await refusalOf(listening({ unixSocket: path }))).message).toBe(
    `${path} is in the way: it is no socket. Move it, or choose another run folder.`,
  );
  expect(await readFile(path, 'utf8')).toBe('precious');
});

test('a path that Linux would cut is refused with its length', async () => {
  const path = join(folder, 'x'.repeat(120));
  expect((await refusalOf(listening({ unixSocket: path }))).message).toContain(`has ${path.length} bytes; Linux allows 107`);
});

test('closing removes the socket and ends what is open', async () => {
  const path = join(folder, 'api.sock');
  const endless: Router = {
    ...router,
    handle: async () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('x')) })),
  };
  const one = await listen({ router: endless, log, unixSocket: path });
  const reader = (await ask({ socketPath: path, path: '/' })).body!.getReader();
  await reader.read();
  await one.close();
  await expect(reader.read()).rejects.toThrow();
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('a client that reads only after it has sent everything gets its answer', async () => {
  const path = join(folder, 'api.sock');
  await listening({ unixSocket: path, router: { ...router, handle: async () => new Response('refused', { status: 413 }) } });
  const line = connect(path);
  const body = Buffer.alloc(32 * 1024 * 1024);
  line.pause();
  line.write(`PUT / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${body.byteLength}\r\n\r\n`);
  await new Promise<void>((resolve) => line.write(body, () => resolve()));
  let heard = '';
  line.on('data', (chunk: Buffer) => (heard += chunk.toString()));
  line.resume();
  await once(line, 'close');
  expect(heard).toMatch(/^HTTP\/1\.1 413 [\s\S]*refused/);
});

test('a port that is taken is refused by name, and nothing stays half open', async () => {
  const tcp = { host: '127.0.0.1', auth: createAuth(), assets: pageAssets(folder) };
  const first = await listening({ tcp: { ...tcp, port: 0 } });
  const port = Number(new URL(first.origin ?? '').port);
  const path = join(folder, 'api.sock');
  const refusal = await refusalOf(listening({ unixSocket: path, tcp: { ...tcp, port } }));
  expect(refusal).toMatchObject({
    code: 'ServiceUnavailable',
    message: expect.stringContaining(`Cannot listen on 127.0.0.1:${port}`) as string,
  });
  await expect(stat(path)).rejects.toThrow('ENOENT');
});

test('an IPv6 address is written so that a browser takes it', async () => {
  const made = await listening({ tcp: { host: '::1', port: 0, auth: createAuth(), assets: pageAssets(folder) } });
  expect(made.origin).toMatch(/^http:\/\/\[::1\]:\d+$/);
});
