// Owns the proof of how many look at a console.
// Must not use a machine.
import { expect, test } from 'vitest';
import type { ConsoleViewers } from '../../electron/api/verbs.ts';
import { createViewers } from '../../electron/engine/viewers.ts';
import { channelPair } from '../fakes/channel-pair.ts';

function followed() {
  const viewers = createViewers();
  const heard: string[] = [];
  const stop = viewers.watch('u', ({ console: serial, vnc }: ConsoleViewers) => heard.push(`${serial}/${vnc}`));
  return { viewers, heard, stop };
}

test('told at once, when one comes, and when one goes by itself', () => {
  const { viewers, heard, stop } = followed();
  const [ours] = channelPair();
  const [others] = channelPair();
  const first = viewers.counted('u', 'console', ours);
  viewers.counted('u', 'vnc', others);
  first.close();
  first.close();
  stop();
  viewers.counted('u', 'console', channelPair()[0]);
  expect(heard).toEqual(['0/0', '1/0', '1/1', '0/1']);
});

test('one whose other side ends is gone, and hears it with the reason', async () => {
  const { viewers, heard } = followed();
  const [near, far] = channelPair();
  const closed = Promise.withResolvers<string | undefined>();
  const channel = viewers.counted('u', 'vnc', near);
  channel.onData(() => 'done');
  channel.onClose((reason) => closed.resolve(reason));
  far.close('The machine ended.');
  expect([await closed.promise, heard]).toEqual(['The machine ended.', ['0/0', '0/1', '0/0']]);
});

test('of another machine nobody hears', () => {
  const { viewers, heard } = followed();
  viewers.counted('other', 'vnc', channelPair()[0]);
  expect(heard).toEqual(['0/0']);
});
