// Owns the proof of the serial session: flow control, keys, coming back, letting go.
// Must not need a browser.
import { describe, expect, test } from 'vitest';
import type { ConsoleState } from '../../../renderer/features/console/reconnect.ts';
import { highWaterBytes, lowWaterBytes, startSerialSession } from '../../../renderer/features/console/serial-session.ts';
import { type FakeChannel, fakeChannel, fakeSchedule } from './fake-channel.ts';

function setUp() {
  const channels: FakeChannel[] = [];
  const states: ConsoleState[] = [];
  const screen: string[] = [];
  const undrawn: (() => void)[] = [];
  const time = fakeSchedule();
  const session = startSerialSession({
    openChannel() {
      const made = fakeChannel();
      channels.push(made);
      return made.channel;
    },
    terminal: {
      write(bytes, drawn) {
        screen.push(new TextDecoder().decode(bytes.subarray(0, 20)));
        undrawn.push(drawn);
      },
      reset: () => screen.push('reset'),
    },
    schedule: time.schedule,
    onState: (state) => states.push(state),
  });
  const bytes = (text: string) => new TextEncoder().encode(text);
  return { channels, states, screen, undrawn, time, session, bytes };
}

describe('serial session', () => {
  test('stands with the first byte, comes back with a clean screen, keeps trying with longer waits', () => {
    const { channels, states, screen, time } = setUp();
    channels[0]!.say('boot');
    channels[0]!.end('The core was restarted.');
    time.run(250);
    channels[1]!.end();
    time.run(500);
    channels[2]!.say('boot again');
    expect(states).toEqual([
      { type: 'connecting' },
      { type: 'connected' },
      { type: 'waiting', reason: 'The core was restarted.', waitMs: 250 },
      { type: 'connecting' },
      { type: 'waiting', reason: '', waitMs: 500 },
      { type: 'connecting' },
      { type: 'connected' },
    ]);
    expect(screen).toEqual(['boot', 'reset', 'reset', 'boot again']);
  });

  test('a silent guest stands after a second, and its next loss waits shortly again', () => {
    const { channels, states, time } = setUp();
    time.run(1000);
    channels[0]!.end();
    expect(states.map(({ type }) => type)).toEqual(['connecting', 'connected', 'waiting']);
    expect(time.waiting()).toEqual([250]);
  });

  test('the guest waits while the terminal draws', () => {
    const { channels, undrawn } = setUp();
    const part = new Uint8Array(highWaterBytes / 2);
    const line = channels[0]!;
    const { log } = line;
    line.sayBytes(part);
    line.sayBytes(part);
    expect(log).toEqual([]);
    line.sayBytes(new Uint8Array(1));
    line.sayBytes(new Uint8Array(1));
    expect(log).toEqual(['pause']);
    undrawn[0]!();
    expect([log, highWaterBytes / 2 > lowWaterBytes]).toEqual([['pause'], true]);
    undrawn[1]!();
    expect(log).toEqual(['pause', 'resume']);
  });

  test('chunks are copied: the channel may reuse them', () => {
    const { channels, screen, undrawn } = setUp();
    const chunk = new TextEncoder().encode('abc');
    channels[0]!.sayBytes(chunk);
    chunk.fill(0);
    expect([screen, undrawn.length]).toEqual([['abc'], 1]);
  });

  test('keys wait until the line drains, in order', () => {
    const { channels, session, bytes } = setUp();
    const line = channels[0]!;
    session.send(bytes('a'));
    line.accept(false);
    session.send(bytes('b'));
    session.send(bytes('c'));
    expect(line.log).toEqual(['write a', 'write b']);
    line.accept(true);
    line.drain();
    expect(line.log).toEqual(['write a', 'write b', 'write c']);
  });

  test('disposing closes the line once and leaves nothing waiting', () => {
    const { channels, session, states, time, bytes } = setUp();
    session.dispose();
    channels[0]!.end('late');
    session.send(bytes('x'));
    session.reconnectNow();
    expect([channels.length, channels[0]!.log, states, time.waiting()]).toEqual([1, ['close'], [{ type: 'connecting' }], []]);
  });

  test('disposing while waiting cancels the wait', () => {
    const { channels, session, time } = setUp();
    channels[0]!.end();
    session.dispose();
    expect([channels.length, time.waiting()]).toEqual([1, []]);
  });

  test('reconnect now does not wait', () => {
    const { channels, session, time } = setUp();
    channels[0]!.end();
    session.reconnectNow();
    expect([channels.length, time.waiting()]).toEqual([2, [1000]]);
  });
});
