// Owns the proof that the desktop is told of each failure once, and of none from before.
// Must not open a window.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { followFailures } from '../../electron/desktop/failure-notices.ts';
import { noticeArguments, tellDesktop } from '../../electron/desktop/notify-send.ts';
import type { Caller, Router } from '../../electron/server/router.ts';

const caller: Caller = { name: 'window', transport: 'direct', role: 'admin' };

function event(name: string, evidence?: string): object {
  const annotations = evidence === undefined ? {} : { 'virtdeck.io/evidence': evidence };
  return { metadata: { annotations }, involvedObject: { namespace: 'default', name }, message: `${name} failed` };
}

test('news alone, each once, also after a lost watch', async () => {
  const lists = [[event('old', 'a')], [event('old', 'a'), event('missed', 'c')]];
  const watches: ReadableStreamDefaultController<Uint8Array>[] = [];
  const router = {
    handle: (request: Request) => {
      if (!request.url.includes('watch=true'))
        return Promise.resolve(Response.json({ items: lists.shift() ?? [], metadata: { resourceVersion: '1' } }));
      return Promise.resolve(new Response(new ReadableStream<Uint8Array>({ start: (controller) => void watches.push(controller) })));
    },
  } as unknown as Router;
  const told: string[] = [];
  const stop = followFailures(router, caller, ({ name }) => void told.push(name));
  onTestFinished(stop);
  await vi.waitUntil(() => watches.length === 1);
  const line = (object: object): Uint8Array => Buffer.from(`${JSON.stringify({ type: 'MODIFIED', object })}\n`);
  watches[0]?.enqueue(line(event('web', 'b')));
  watches[0]?.enqueue(line(event('web', 'b')));
  watches[0]?.enqueue(line(event('quiet')));
  watches[0]?.close();
  await vi.waitUntil(() => watches.length === 2);
  expect(told).toEqual(['web', 'missed']);
});

test('without Electron notify-send is run, with words and never with markup', async () => {
  expect(noticeArguments({ name: 'web', message: 'QEMU ended: <a href="x">&</a>\u001b[2J' })).toEqual([
    '--app-name=Virtdeck',
    '--icon=computer',
    '--',
    'web',
    expect.stringMatching(/^QEMU ended: &lt;a href="x"&gt;&amp;&lt;\/a&gt;/),
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-notify-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'notify-send'), `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/draft && mv ${folder}/draft ${folder}/told\n`);
  chmodSync(join(folder, 'notify-send'), 0o755);
  const watches: ReadableStreamDefaultController<Uint8Array>[] = [];
  const handle = (request: Request): Promise<Response> =>
    Promise.resolve(
      request.url.includes('watch=true')
        ? new Response(new ReadableStream<Uint8Array>({ start: (controller) => void watches.push(controller) }))
        : Response.json({ items: [], metadata: { resourceVersion: '1' } }),
    );
  const router = { handle } as unknown as Router;
  onTestFinished(tellDesktop(router, { PATH: `${folder}:${process.env['PATH']}`, DISPLAY: ':0' }));
  await vi.waitUntil(() => watches.length === 1);
  watches[0]?.enqueue(Buffer.from(`${JSON.stringify({ type: 'ADDED', object: event('web', 'b') })}\n`));
  await vi.waitUntil(() => existsSync(join(folder, 'told')), { timeout: 20_000 });
  expect(readFileSync(join(folder, 'told'), 'utf8')).toContain('\n--\nweb\nweb failed\n');
  // Nobody to tell: nothing is followed.
  tellDesktop(router, {})();
  expect(watches).toHaveLength(1);
});
