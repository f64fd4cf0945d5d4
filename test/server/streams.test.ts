// Owns bodies that take their time: uploads, usage, watches in a WebSocket; and what stops when the client leaves.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { UsageLine } from '../../electron/api/computer.ts';
import { AppError } from '../../electron/api/errors.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { carriers, type Connection } from './carriers.ts';
import { type Core, jsonLines, startCore } from './core-fixture.ts';
import { own } from './rows.ts';

const MiB = 1024 * 1024;
const upload = `${own}/namespaces/default/datavolumes/disk/upload`;

/** Resolves when the condition holds; looked at once a turn. */
async function settled(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => setImmediate(resolve));
}

describe.each(carriers)('streams over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  let receiving: (bytes: AsyncIterable<Uint8Array>, totalBytes?: number) => Promise<void>;
  const usage = new Set<(line: UsageLine) => void>();
  const keys: Parameters<Engine['upload']>[0][] = [];
  beforeEach(async () => {
    usage.clear();
    keys.length = 0;
    core = await startCore({
      override: () => ({
        upload: (key, bytes, totalBytes) => {
          keys.push(key);
          return receiving(bytes, totalBytes);
        },
        watchUsage(listener) {
          usage.add(listener);
          return () => usage.delete(listener);
        },
      }),
    });
    connection = await carrier.connect(core.router);
  });
  afterEach(async () => {
    await connection.close();
    await core.close();
  });

  test('an upload goes through as it is, and is answered when it is done', async () => {
    let size = 0;
    let sum = 0;
    receiving = async (bytes) => {
      for await (const chunk of bytes) {
        size += chunk.byteLength;
        for (const byte of chunk) sum = (sum + byte) % 65_521;
      }
    };
    const body = new Uint8Array(5 * MiB).map((_, index) => index % 256);
    const answer = await connection.fetch(upload, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body });
    expect([answer.status, await answer.json()]).toMatchObject([200, { kind: 'Status', status: 'Success' }]);
    expect([size, sum]).toEqual([5 * MiB, body.reduce((total, byte) => (total + byte) % 65_521, 0)]);
    expect(keys).toEqual([{ resource: 'datavolumes.cdi.kubevirt.io', namespace: 'default', name: 'disk' }]);
  });

  test('an upload that is refused gets its reason, however much is left of it', async () => {
    receiving = async () => {
      throw new AppError('ImageRefused', 'The image has a backing file.', {
        causes: [{ reason: 'Refused', field: 'spec.source', message: 'no' }],
      });
    };
    const answer = await connection.fetch(upload, { method: 'PUT', body: new Uint8Array(20 * MiB) });
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { message: 'The image has a backing file.', details: { causes: [{ field: 'spec.source' }] } },
    ]);
    expect(await (await connection.fetch('/healthz')).text()).toBe('ok');
  });

  test('usage: a line whenever there is one, to each who looks; nobody looks, nobody asks', async () => {
    const abort = new AbortController();
    const response = await connection.fetch(`${own}/usage?watch=true`, { signal: abort.signal });
    await settled(() => usage.size === 1);
    const lines = jsonLines(response);
    const line = (cpuPercent: number): UsageLine => ({
      machines: [{ namespace: 'default', name: 'web', sample: { at: 1, cpuPercent, residentMiB: 1, diskReadBps: 0, diskWriteBps: 0 } }],
    });
    for (const cpuPercent of [10, 20]) {
      const next = lines.next();
      for (const listener of usage) listener(line(cpuPercent));
      expect((await next).value).toEqual(line(cpuPercent));
    }
    abort.abort();
    await settled(() => usage.size === 0);
  });

  test('usage without watch: one line, and the end', async () => {
    const asked = connection.fetch(`${own}/usage`);
    await settled(() => usage.size === 1);
    for (const listener of usage) listener({ machines: [] });
    const all = [];
    for await (const line of jsonLines(await asked)) all.push(line);
    expect(all).toEqual([{ machines: [] }]);
    expect(usage.size).toBe(0);
  });

  test('usage that nobody fetches is replaced, not kept', async () => {
    const abort = new AbortController();
    const response = await connection.fetch(`${own}/usage?watch=true`, { signal: abort.signal });
    await settled(() => usage.size === 1);
    const big: UsageLine = {
      machines: Array.from({ length: 10_000 }, (_, index) => ({
        namespace: 'default',
        name: `vm-${index}`,
        sample: { at: index, cpuPercent: 1, residentMiB: 1, diskReadBps: 0, diskWriteBps: 0 },
      })),
    };
    const before = process.memoryUsage().arrayBuffers;
    for (let second = 0; second < 300; second++) {
      for (const listener of usage) listener(big);
      if (second % 10 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
    }
    // Three hundred of them are 300 MB.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MiB);
    abort.abort();
    await settled(() => usage.size === 0);
    await response.body?.cancel().catch(() => undefined);
  });
});

describe.each(carriers.filter(({ name }) => name === 'unix' || name === 'tcp' || name === 'frames'))('leaving over $name', (carrier) => {
  test('an upload whose client leaves ends with an error, not as a short image', async () => {
    let outcome: unknown;
    const abort = new AbortController();
    const core = await startCore({
      override: () => ({
        async upload(_, bytes) {
          try {
            for await (const chunk of bytes) {
              if (chunk.byteLength > 0) abort.abort();
            }
            outcome = 'complete';
          } catch (error) {
            outcome = error;
            throw error;
          }
        },
      }),
    });
    const connection = await carrier.connect(core.router);
    const asked = connection
      .fetch(upload, { method: 'PUT', body: new Uint8Array(64 * MiB), signal: abort.signal })
      .catch((error: unknown) => error);
    await asked;
    await settled(() => outcome !== undefined);
    expect(outcome).toBeInstanceOf(Error);
    expect(core.log.lines).toEqual([]);
    await connection.close();
    await core.close();
  });
});
