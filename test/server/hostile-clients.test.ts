// Owns clients that mean harm, byte by byte over a real connection: smuggled requests, heads without end, bodies that never come.
// Must not test what a polite client may do.
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TlsMaterial } from '../../electron/engine/ports.ts';
import { createCertificates } from '../../electron/host/certificates/certificates.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { type Core, startCore } from './core-fixture.ts';

let core: Core;
let folder: string;
let tls: TlsMaterial;
const log = recordingLog();
beforeAll(async () => {
  core = await startCore();
  folder = await mkdtemp(join(tmpdir(), 'vd-hostile-'));
  const certificates = createCertificates(folder);
  const now = Date.now();
  const life = { notBeforeMs: now - 60_000, notAfterMs: now + 3_600_000 };
  await certificates.issueAuthority(life);
  await certificates.issueServer({ name: 'api', hosts: ['127.0.0.1'], life });
  const material = await certificates.material('api');
  if (material === undefined) throw new Error('no certificate');
  tls = material;
});
afterAll(async () => {
  await core.close();
  await rm(folder, { recursive: true });
});

// Short, so that the test need not wait as long as an attacker would have to.
const limits = { headMs: 300, idleBodyMs: 300, checkingMs: 50, connections: 20 };
const doors = [
  { scheme: 'http', secure: false },
  { scheme: 'https', secure: true },
] as const;

interface Conversation {
  /** All that came until the server closed. */
  readonly text: string;
  readonly statuses: readonly number[];
}

describe.each(doors)('over $scheme', ({ secure }) => {
  let listening: Listening;
  let port: number;
  let token: string;
  beforeAll(async () => {
    const auth = createAuth();
    token = auth.issueToken().token;
    const tcp = { host: '127.0.0.1', port: 0, auth, assets: pageAssets('/nonexistent'), ...(secure ? { tls } : {}) };
    listening = await listen({ router: core.router, log, limits, tcp });
    port = Number(new URL(listening.origin ?? '').port);
  });
  afterAll(() => listening.close());

  function dial(onReady: (socket: Socket) => void): Socket {
    // The certificate is not what is tested here.
    const socket: Socket = secure
      ? connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => onReady(socket))
      : connect(port, '127.0.0.1', () => onReady(socket));
    socket.on('error', () => undefined);
    return socket;
  }

  /** Sends the bytes as they are and listens until the server has had enough. */
  function say(...parts: readonly string[]): Promise<Conversation> {
    return new Promise((resolve) => {
      const socket = dial(() => {
        for (const part of parts) socket.write(part, 'latin1');
      });
      let text = '';
      socket.setEncoding('latin1');
      socket.on('data', (chunk: string) => (text += chunk));
      socket.on('close', () => resolve({ text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status)) }));
    });
  }

  function head(line: string, ...headers: readonly string[]): string {
    return [line, `Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, ...headers, '', ''].join('\r\n');
  }

  const smuggled = 'DELETE /api/v1/namespaces/default HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n';
  const post = 'POST /apis/kubevirt.io/v1/namespaces/default/virtualmachines HTTP/1.1';

  /** A request with the right token, and a door that it must not open. */
  function ours(...headers: readonly string[]): string {
    return ['GET /api HTTP/1.1', ...headers, `Authorization: Bearer ${token}`, 'Connection: close', '', ''].join('\r\n');
  }

  describe('a request within a request', () => {
    test.each([
      { name: 'two kinds of length', text: () => `${head(post, 'Content-Length: 6', 'Transfer-Encoding: chunked')}0\r\n\r\n${smuggled}` },
      { name: 'two lengths', text: () => `${head(post, 'Content-Length: 2', 'Content-Length: 200')}{}${smuggled}` },
      { name: 'a length with a sign', text: () => `${head(post, 'Content-Length: +2')}{}${smuggled}` },
      { name: 'an encoding that only looks like chunked', text: () => `${head(post, 'Transfer-Encoding: xchunked')}0\r\n\r\n${smuggled}` },
      { name: 'chunked, and something after it', text: () => `${head(post, 'Transfer-Encoding: chunked, identity')}0\r\n\r\n${smuggled}` },
      { name: 'a blank before the colon', text: () => `${head(post, 'Content-Length : 2')}{}${smuggled}` },
      { name: 'a header over two lines', text: () => `${head(post, 'Content-Length:', ' 2')}{}${smuggled}` },
      { name: 'a chunk of a size that is none', text: () => `${head(post, 'Transfer-Encoding: chunked')}zz\r\n{}\r\n0\r\n\r\n${smuggled}` },
      { name: 'a line end within a header', text: () => `${head(post, 'X-A: b\nContent-Length: 2')}{}${smuggled}` },
      { name: 'a zero byte in a header', text: () => `${head(post, 'X-A: b\u0000c')}${smuggled}` },
    ])('$name: refused, and nothing after it is read', async ({ text }) => {
      const { statuses } = await say(text());
      expect(statuses).toEqual([400]);
      expect(core.engine.get({ resource: 'namespaces', name: 'default' }).metadata.deletionTimestamp).toBeUndefined();
    });
  });

  describe('a target or a host that is not ours', () => {
    test.each([
      { name: 'a proxy’s target', text: () => head('GET http://evil.example/api HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'no host', text: () => 'GET /api HTTP/1.1\r\nConnection: close\r\n\r\n', status: 400 },
      { name: 'two hosts', text: () => head('GET /api HTTP/1.1', 'Host: evil.example', 'Connection: close'), status: 400 },
      { name: 'CONNECT', text: () => head('CONNECT 127.0.0.1:22 HTTP/1.1', 'Connection: close'), status: undefined },
      { name: 'dots', text: () => head('GET /api/../openapi/v2 HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'encoded dots', text: () => head('GET /api/%2e%2e/openapi/v2 HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'an encoded slash', text: () => head('GET /api/v1/namespaces/a%2Fb/secrets HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'a zero byte', text: () => head('GET /api/v1/namespaces/a%00 HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'a method nobody knows', text: () => head('BREW /api HTTP/1.1', 'Connection: close'), status: 400 },
      { name: 'a name that was bound to this address', text: () => ours('Host: evil.example'), status: 403 },
      { name: 'a page elsewhere', text: () => ours(`Host: 127.0.0.1:${port}`, 'Origin: https://evil.example'), status: 403 },
      {
        name: 'a page of the other scheme',
        text: () => ours(`Host: 127.0.0.1:${port}`, `Origin: ${secure ? 'http' : 'https'}://127.0.0.1:1`),
        status: 403,
      },
      { name: 'HTTP/2 without asking', text: () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: 400 },
    ])('$name', async ({ text, status }) => {
      const { statuses } = await say(text());
      expect(statuses).toEqual(status === undefined ? [] : [status]);
    });
  });

  describe('more than anybody needs', () => {
    test('a head of 20 KB', async () => {
      expect((await say(head('GET /api HTTP/1.1', `X-Long: ${'x'.repeat(20_000)}`))).statuses).toEqual([431]);
    });

    test('a path of 20 KB', async () => {
      expect((await say(head(`GET /api/${'x'.repeat(20_000)} HTTP/1.1`))).statuses).toEqual([431]);
    });

    test('a body that says it is a gigabyte', async () => {
      const { statuses } = await say(
        head(post, 'Content-Type: application/json', `Content-Length: ${1024 ** 3}`, 'Connection: close'),
        '{',
      );
      expect(statuses).toEqual([413]);
    });
  });

  describe('slower than anybody is', () => {
    test('a head that never ends', async () => {
      expect((await say(`GET /api HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nX-Slow: `)).statuses).toEqual([408]);
    });

    test('a connection that says nothing', async () => {
      expect((await say()).text).toMatch(/^$|^HTTP\/1\.1 408/);
    });

    test('a body that stops', async () => {
      expect((await say(head(post, 'Content-Type: application/json', 'Content-Length: 100'), '{')).statuses).toEqual([]);
    });

    test('a body that stops after its refusal', async () => {
      const { text } = await say(head('PUT /api/v1/nothing/here HTTP/1.1', 'Content-Length: 100'), '{');
      expect(text).toMatch(/^$|HTTP\/1\.1 404/);
    });

    test('a watch is no slow request', async () => {
      const watching = head('GET /api/v1/namespaces/default/secrets?watch=true HTTP/1.1');
      const socket = dial(() => socket.write(watching));
      let closed = false;
      socket.on('close', () => (closed = true));
      await new Promise((resolve) => socket.once('data', resolve));
      // Longer than every limit of this door.
      await say(`GET /api HTTP/1.1\r\nX-Slow: `);
      await say(`GET /api HTTP/1.1\r\nX-Slow: `);
      expect(closed).toBe(false);
      socket.destroy();
    });

    test('more connections than the door takes: the next one waits for none', async () => {
      const sockets = await Promise.all(
        Array.from({ length: 30 }, () => {
          const socket = dial(() => undefined);
          socket.resume();
          return new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
        }),
      );
      expect(sockets).toHaveLength(30);
      // And the door is open again.
      expect((await say(head('GET /version HTTP/1.1', 'Connection: close'))).statuses).toEqual([200]);
    });
  });
});

test('none of this was worth an error in the log', () => {
  expect(log.lines.filter(({ message }) => message !== 'A connection failed.')).toEqual([]);
});
