// Owns the proof that the desktop is told of each failure once, and of none from before.
// Must not open a window.
import { expect, onTestFinished, test, vi } from 'vitest';
import { followFailures } from '../../electron/desktop/failure-notices.ts';
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
