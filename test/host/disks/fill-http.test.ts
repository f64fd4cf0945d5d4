import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { Progress } from '../../../electron/engine/ports.ts';
import { tempDir } from '../temp-dir.ts';
import { contentOf, fillBench, mib, noise, quickTiming } from './fill-bench.ts';
import { cutAfter, imageServer } from './image-server.ts';

const content = noise(2 * mib);
const sha256 = createHash('sha256').update(content).digest('hex');
const sha512 = createHash('sha512').update(content).digest('hex');
const diskFiles = ['disks/default/.made-disk.raw', 'disks/default/disk.raw'];

test.for([{ checksum: undefined }, { checksum: `sha256:${sha256}` }, { checksum: `sha512:${sha512}` }])(
  'a download becomes a disk, checksum $checksum',
  async ({ checksum }) => {
    const server = await imageServer({ content });
    const bench = await fillBench();
    const seen: Progress[] = [];
    const source = { type: 'http', url: server.url, ...(checksum === undefined ? {} : { checksum }) } as const;
    const result = await bench.make({ source, onProgress: (progress) => seen.push(progress) });
    if ('error' in result) throw result.error;
    const steps = [...new Set(seen.map(({ step }) => step))];
    expect({
      isSame: contentOf(result.file, 'raw').subarray(0, content.length).equals(content),
      requests: server.asked,
      steps,
      lastOfDownload: seen.findLast(({ step, percent }) => step === 'download' && percent !== undefined),
      files: bench.files().filter((file) => file.startsWith('disks')),
      keeps: bench.files().some((file) => file.startsWith('cache/downloads')),
    }).toEqual({
      isSame: true,
      requests: [{}],
      steps: checksum === undefined ? ['wait', 'download', 'verify'] : ['wait', 'download', 'verify', 'copy'],
      lastOfDownload: { step: 'download', doneBytes: content.length, totalBytes: content.length, percent: 100 },
      files: diskFiles,
      keeps: checksum !== undefined,
    });
  },
);

test('a server of an authority of its own is trusted when that is named, and refused at once otherwise', async () => {
  const server = await imageServer({ content, tls: true });
  const bench = await fillBench();
  const refused = await bench.make({ source: { type: 'http', url: server.url } });
  expect('error' in refused ? refused.error : undefined).toMatchObject({
    code: 'ImageFetchFailed',
    message: expect.stringMatching(/^The certificate of 127\.0\.0\.1:\d+ is not trusted: /) as string,
  });
  const result = await bench.make({ source: { type: 'http', url: server.url, authorities: server.authority ?? '' } });
  if ('error' in result) throw result.error;
  expect([contentOf(result.file, 'raw').subarray(0, content.length).equals(content), server.asked.length]).toEqual([true, 1]);
});

test('a second machine from the same address and checksum downloads nothing', async () => {
  const server = await imageServer({ content });
  const bench = await fillBench();
  const source = { type: 'http', url: server.url, checksum: `sha256:${sha256}` } as const;
  const results = await Promise.all(['one', 'two', 'three'].map(async (name) => await bench.make({ source, name })));
  const files = results.map((result) =>
    'file' in result ? readFileSync(result.file).subarray(0, content.length).equals(content) : result,
  );
  expect([files, server.asked.length]).toEqual([[true, true, true], 1]);
});

test('a cut download goes on where it ended, guarded by the version of the file', async () => {
  const server = await imageServer({
    content,
    odd: (_, response, number) => {
      if (number === 0) cutAfter(content, 700_000)(response);
      return number === 0;
    },
  });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url, checksum: `sha256:${sha256}` } });
  if ('error' in result) throw result.error;
  const [, second] = server.asked;
  // What was on its way when the line was cut is lost.
  const start = Number(/^bytes=(\d+)-$/.exec(second?.range ?? '')?.[1]);
  expect({
    requests: server.asked.length,
    wentOn: start > 0 && start <= 700_000,
    ifRange: second?.ifRange,
    isSame: readFileSync(result.file).subarray(0, content.length).equals(content),
  }).toEqual({ requests: 2, wentOn: true, ifRange: '"v1"', isSame: true });
});

test('a cancelled download goes on in another life of the program', async () => {
  const server = await imageServer({
    content,
    odd: (_, response, number) => {
      if (number > 0) return false;
      response.writeHead(200, { 'content-length': content.length, etag: '"v1"' });
      response.write(content.subarray(0, mib));
      return true;
    },
  });
  const first = await fillBench(tempDir(), { ...quickTiming, silenceMs: 60_000 });
  const { fill } = first.start({ source: { type: 'http', url: server.url } });
  const received = (): number => Math.max(0, ...first.files().map((file) => statSync(path.join(first.dataDir, file)).size));
  await expect.poll(received).toBe(mib);
  fill.cancel();
  await expect(fill.done).rejects.toMatchObject({ code: 'Timeout', message: 'The filling of the disk was cancelled.' });
  const second = await fillBench(first.dataDir);
  const result = await second.make({ source: { type: 'http', url: server.url } });
  if ('error' in result) throw result.error;
  const range = /^bytes=(\d+)-$/.exec(server.asked[1]?.range ?? '')?.[1];
  expect({
    requests: server.asked.length,
    wentOn: Number(range) > 0,
    ifRange: server.asked[1]?.ifRange,
    isSame: readFileSync(result.file).subarray(0, content.length).equals(content),
    files: second.files(),
  }).toEqual({ requests: 2, wentOn: true, ifRange: '"v1"', isSame: true, files: diskFiles });
});

test('a file that was exchanged meanwhile is downloaded anew', async () => {
  const old = noise(2 * mib, 9);
  const server = await imageServer({
    content,
    etag: '"v2"',
    odd: (_, response, number) => {
      if (number === 0) cutAfter(old, 500_000)(response);
      return number === 0;
    },
  });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url } });
  if ('error' in result) throw result.error;
  expect(readFileSync(result.file).subarray(0, content.length).equals(content)).toBe(true);
});

test.for([
  { name: 'does not know ranges', ranges: false, etag: '"v1"' },
  { name: 'has only a weak validator', ranges: true, etag: 'W/"v1"' },
])('a server that $name is asked for everything again', async ({ ranges, etag }) => {
  const server = await imageServer({
    content,
    ranges,
    etag,
    odd: (_, response, number) => {
      if (number === 0) cutAfter(content, 500_000, etag)(response);
      return number === 0;
    },
  });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url, checksum: `sha256:${sha256}` } });
  if ('error' in result) throw result.error;
  expect(readFileSync(result.file).subarray(0, content.length).equals(content)).toBe(true);
});

test('a server that answers another part than was asked for does not spoil the file', async () => {
  const server = await imageServer({
    content,
    odd: (_, response, number) => {
      if (number === 0) cutAfter(content, 500_000)(response);
      if (number === 1)
        response.writeHead(206, { 'content-range': `bytes 7-${content.length - 1}/${content.length}` }).end(content.subarray(7));
      return number < 2;
    },
  });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url } });
  if ('error' in result) throw result.error;
  expect([server.asked.length, readFileSync(result.file).subarray(0, content.length).equals(content)]).toEqual([3, true]);
});

test('a server that is busy twice is asked three times', async () => {
  const server = await imageServer({
    content,
    odd: (_, response, number) => {
      if (number < 2) response.writeHead(number === 0 ? 503 : 429).end();
      return number < 2;
    },
  });
  const bench = await fillBench();
  expect(await bench.make({ source: { type: 'http', url: server.url } })).toHaveProperty('file');
  expect(server.asked.length).toBe(3);
});

test('redirects are followed, and the file is kept under the address that was asked for', async () => {
  const server = await imageServer({
    content,
    odd: (request, response) => {
      if (request.url !== '/image.raw') return false;
      response.writeHead(302, { location: '/mirror/image.raw' }).end();
      return true;
    },
  });
  const bench = await fillBench();
  expect(await bench.make({ source: { type: 'http', url: server.url } })).toHaveProperty('file');
});

test('a packed download is unpacked', async () => {
  const server = await imageServer({ content: gzipSync(content) });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url }, format: 'qcow2' });
  if ('error' in result) throw result.error;
  expect(contentOf(result.file, 'qcow2').subarray(0, content.length).equals(content)).toBe(true);
});

interface Refusal {
  readonly name: string;
  readonly source?: { readonly url?: string; readonly checksum?: string };
  readonly odd?: Parameters<typeof imageServer>[0]['odd'];
  readonly code: string;
  readonly message: RegExp;
  /** What may stay: a partial file with its description, to go on from. */
  readonly keepsPart?: boolean;
}

const page = '<!DOCTYPE html><html><head><title>Please sign in</title></head></html>';

const refusals: readonly Refusal[] = [
  {
    name: 'a wrong checksum',
    source: { checksum: `sha256:${'0'.repeat(64)}` },
    code: 'ImageFetchFailed',
    message:
      /^What came from 127\.0\.0\.1:\d+ does not have the sha256 checksum 0{64}: it is another file, or it was changed on the way\.$/,
  },
  {
    name: 'a checksum that is none',
    source: { checksum: 'sha256:abc' },
    code: 'BadRequest',
    message: /^The checksum "sha256:abc" is not one/,
  },
  {
    name: 'a web page with status 200',
    odd: (_, response) => Boolean(response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(page)),
    code: 'ImageRefused',
    message: /image\.raw is a web page, not a disk image\.$/,
  },
  {
    name: 'a file that is announced as larger than the disk',
    odd: (_, response) => response.writeHead(200, { 'content-length': 2 ** 40 }).write(content) || true,
    code: 'ImageRefused',
    message: /^The image is a file of more than 260 MiB; the disk holds 4 MiB\.$/,
  },
  {
    name: 'a missing file',
    odd: (_, response) => Boolean(response.writeHead(404).end(page)),
    code: 'ImageFetchFailed',
    message: /^The server answered 404 Not Found for http:\/\/127\.0\.0\.1:\d+\/image\.raw\.$/,
  },
  {
    name: 'a file for members',
    odd: (_, response) => Boolean(response.writeHead(401).end()),
    code: 'ImageFetchFailed',
    message: /^The server answered 401 Unauthorized/,
  },
  {
    name: 'a redirect in a circle',
    odd: (_, response) => Boolean(response.writeHead(302, { location: '/image.raw' }).end()),
    code: 'ImageFetchFailed',
    message: /redirects more than 10 times\.$/,
  },
  {
    name: 'a redirect to a file of this computer',
    odd: (_, response) => Boolean(response.writeHead(302, { location: 'file:///etc/passwd' }).end()),
    code: 'BadRequest',
    message: /^"file:\/\/\/etc\/passwd" is not an address that begins with http/,
  },
  {
    name: 'a server that says nothing',
    odd: () => true,
    code: 'ImageFetchFailed',
    message: /^The download from 127\.0\.0\.1:\d+ failed: 127\.0\.0\.1:\d+ sent nothing for 1 s\.$/,
  },
  {
    name: 'a server that falls silent in the middle',
    odd: (request, response) => {
      if (request.headers.range !== undefined) return true;
      response.writeHead(200, { 'content-length': content.length, etag: '"v1"' });
      return response.write(content.subarray(0, 100_000)) || true;
    },
    code: 'ImageFetchFailed',
    message: /sent nothing for 1 s\.$/,
    keepsPart: true,
  },
  {
    name: 'a server that always breaks off',
    odd: (_, response) => Boolean(response.socket?.destroy()),
    code: 'ImageFetchFailed',
    message: /^The download from .* failed: socket hang up\.$/,
  },
  {
    name: 'a file that is only sent packed by the server',
    odd: (_, response) => Boolean(response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(content))),
    code: 'ImageFetchFailed',
    message: /comes only in a packed form\.$/,
  },
  { name: 'nobody there', source: { url: 'http://127.0.0.1:1/x.raw' }, code: 'ImageFetchFailed', message: /ECONNREFUSED/ },
  {
    name: 'an unknown name',
    source: { url: 'http://no-such-host.invalid/x.raw' },
    code: 'ImageFetchFailed',
    message: /^The name no-such-host\.invalid cannot be resolved\.$/,
  },
  {
    name: 'another protocol',
    source: { url: 'file:///etc/passwd' },
    code: 'BadRequest',
    message: /is not an address that begins with http/,
  },
  {
    name: 'an address that ends in a secret',
    source: { url: 'http://user:geheim@127.0.0.1:1/x.raw?token=geheim' },
    code: 'ImageFetchFailed',
    message: /^(?!.*geheim)/,
  },
];

test.for(refusals)('$name is refused, and leaves no disk', async ({ source = {}, odd, code, message, keepsPart = false }) => {
  const server = await imageServer({ content, ...(odd === undefined ? {} : { odd }) });
  const bench = await fillBench();
  const result = await bench.make({ source: { type: 'http', url: server.url, ...source } });
  if ('file' in result) throw new Error('it was not refused');
  expect(result.error.message).toMatch(message);
  expect({
    code: result.error.code,
    hasFix: code === 'BadRequest' || result.error.causes.every(({ fix }) => fix !== undefined),
    disks: bench.files().filter((file) => file.startsWith('disks')),
    keepsPart: bench.files().some((file) => file.startsWith('cache/downloads') && !file.endsWith('.json')),
  }).toEqual({ code, hasFix: true, disks: [], keepsPart });
});
