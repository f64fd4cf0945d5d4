// Owns the proof that the desktop is told of each failure once, and of none from before.
// Must not open a window.
import { expect, onTestFinished, test, vi } from 'vitest';
import { followFailures } from '../../electron/desktop/failure-notices.ts';
import { noticeArguments, tellDesktop } from '../../electron/desktop/notify-send.ts';
import type { Caller, Router } from '../../electron/server/router.ts';
import { notificationServer } from './notification-server.ts';

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

/** A router whose watch tells what is put into it. */
function watched(): { readonly router: Router; readonly watches: ReadableStreamDefaultController<Uint8Array>[] } {
  const watches: ReadableStreamDefaultController<Uint8Array>[] = [];
  const handle = (request: Request): Promise<Response> =>
    Promise.resolve(
      request.url.includes('watch=true')
        ? new Response(new ReadableStream<Uint8Array>({ start: (controller) => void watches.push(controller) }))
        : Response.json({ items: [], metadata: { resourceVersion: '1' } }),
    );
  return { router: { handle } as unknown as Router, watches };
}

test('without Electron the desktop is told by notify-send, in words and never in markup', async () => {
  const server = await notificationServer();
  onTestFinished(() => server.end());
  const { router, watches } = watched();
  onTestFinished(tellDesktop(router, { PATH: process.env['PATH'], DISPLAY: ':0', DBUS_SESSION_BUS_ADDRESS: server.address }));
  await vi.waitUntil(() => watches.length === 1);
  const failed = { ...event('web', 'b'), message: 'QEMU ended: <a href="x">&</a>' };
  watches[0]?.enqueue(Buffer.from(`${JSON.stringify({ type: 'ADDED', object: failed })}\n`));
  await vi.waitUntil(() => server.shown.length > 0, { timeout: 15_000 });
  expect(server.shown).toEqual([
    { application: 'Virtdeck', icon: 'computer', summary: 'web', body: 'QEMU ended: &lt;a href="x"&gt;&amp;&lt;/a&gt;' },
  ]);
});

test('control characters do not reach it; without a desktop there is nobody to tell', () => {
  expect(noticeArguments({ name: 'web', message: 'red\u001b[2J' }).at(-1)).not.toContain('\u001b');
  const { router, watches } = watched();
  tellDesktop(router, {})();
  expect(watches).toHaveLength(0);
});
