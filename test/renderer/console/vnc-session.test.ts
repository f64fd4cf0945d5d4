// Owns the proof of the graphics session and of the channel that noVNC gets.
// Must not need a browser: noVNC is a fake that records.
import { describe, expect, test } from 'vitest';
import { VncChannel } from '../../../renderer/features/console/vnc-channel.ts';
import type { ConsoleState } from '../../../renderer/features/console/reconnect.ts';
import { startVncSession, type VncClient } from '../../../renderer/features/console/vnc-session.ts';
import { fakeChannel, type FakeChannel, fakeSchedule } from './fake-channel.ts';

/** The part of noVNC that is used, recording. */
class FakeRfb implements VncClient {
  scaleViewport = false;
  clipViewport = true;
  showDotCursor = false;
  background = '';
  readonly log: string[] = [];
  readonly #listeners = new Map<string, (event: CustomEvent) => void>();
  addEventListener(type: string, listener: (event: CustomEvent) => void): void {
    this.#listeners.set(type, listener);
  }
  sendKey(keysym: number, code: string | null, down?: boolean): void {
    this.log.push(`${code} ${keysym} ${down}`);
  }
  focus(): void {
    this.log.push('focus');
  }
  blur(): void {
    this.log.push('blur');
  }
  disconnect(): void {
    this.log.push('disconnect');
  }
  toBlob(callback: (blob: Blob) => void): void {
    callback(new Blob(['png']));
  }
  say(type: string, detail: object = {}): void {
    this.#listeners.get(type)?.(new CustomEvent(type, { detail }));
  }
}

function setUp() {
  const channels: FakeChannel[] = [];
  const clients: FakeRfb[] = [];
  const states: ConsoleState[] = [];
  const time = fakeSchedule();
  const session = startVncSession({
    openChannel() {
      const made = fakeChannel();
      channels.push(made);
      return made.channel;
    },
    createClient() {
      const made = new FakeRfb();
      clients.push(made);
      return made;
    },
    schedule: time.schedule,
    onState: (state) => states.push(state),
  });
  return { channels, clients, states, time, session };
}

const enter = [
  { keysym: 0xff0d, code: 'Enter', down: true },
  { keysym: 0xff0d, code: 'Enter', down: false },
];

describe('graphics session', () => {
  test('keeps the scaling over a lost line, and says why it was lost', () => {
    const { channels, clients, states, time, session } = setUp();
    clients[0]!.say('connect');
    session.setScaling('actual');
    channels[0]!.end('The machine stopped.');
    clients[0]!.say('disconnect', { clean: false });
    time.run(250);
    clients[1]!.say('connect');
    expect(states).toEqual([
      { type: 'connecting' },
      { type: 'connected' },
      { type: 'waiting', reason: 'The machine stopped.', waitMs: 250 },
      { type: 'connecting' },
      { type: 'connected' },
    ]);
    expect(clients.map(({ scaleViewport, clipViewport }) => [scaleViewport, clipViewport])).toEqual([
      [false, false],
      [false, false],
    ]);
  });

  test('a refusal during the handshake is the reason', () => {
    const { clients, states } = setUp();
    clients[0]!.say('securityfailure', { status: 1, reason: 'Too many clients.' });
    clients[0]!.say('disconnect');
    expect(states.at(-1)).toEqual({ type: 'waiting', reason: 'Too many clients.', waitMs: 250 });
  });

  test('keys go only over a line that stands', () => {
    const { clients, session } = setUp();
    const before = session.sendKeys(enter);
    clients[0]!.say('connect');
    expect([before, session.sendKeys(enter), clients[0]!.log]).toEqual([false, true, ['Enter 65293 true', 'Enter 65293 false']]);
  });

  test('a picture needs a line', async () => {
    const { clients, session } = setUp();
    const before = await session.picture();
    clients[0]!.say('connect');
    expect([before, (await session.picture())?.size]).toEqual([undefined, 3]);
  });

  test('disposing takes noVNC off the page and closes the channel, and nothing comes after', () => {
    const { channels, clients, states, time, session } = setUp();
    clients[0]!.say('connect');
    session.dispose();
    clients[0]!.say('disconnect');
    clients[0]!.say('connect');
    expect([clients[0]!.log, channels[0]!.log, states.length, time.waiting(), session.sendKeys(enter)]).toEqual([
      ['disconnect'],
      ['close'],
      2,
      [],
      false,
    ]);
  });
});

describe('VncChannel', () => {
  test('has what noVNC looks for on the object or its immediate prototype', () => {
    const made = new VncChannel(fakeChannel().channel);
    const found = new Set([...Object.keys(made), ...Object.getOwnPropertyNames(Object.getPrototypeOf(made))]);
    const wanted = ['send', 'close', 'binaryType', 'onerror', 'onmessage', 'onopen', 'protocol', 'readyState'];
    expect(wanted.filter((name) => !found.has(name))).toEqual([]);
  });

  test('copies both ways and waits for drain', () => {
    const line = fakeChannel();
    const made = new VncChannel(line.channel);
    const heard: ArrayBuffer[] = [];
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- noVNC sets the property.
    made.onmessage = ({ data }) => heard.push(data);
    const reused = new TextEncoder().encode('abc');
    line.sayBytes(reused);
    line.accept(false);
    made.send(reused);
    made.send(new TextEncoder().encode('xyzw').subarray(1, 3));
    reused.fill(0);
    line.accept(true);
    line.drain();
    expect([heard.map((data) => new TextDecoder().decode(data)), line.log]).toEqual([['abc'], ['write abc', 'write yz']]);
  });

  test.each([
    { reason: undefined, want: { code: 1000, reason: '' } },
    { reason: 'Gone.', want: { code: 1011, reason: 'Gone.' } },
  ])('an end with reason $reason is told once, a turn later', async ({ reason, want }) => {
    const line = fakeChannel();
    const made = new VncChannel(line.channel);
    const closes: object[] = [];
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- noVNC sets the property.
    made.onclose = (event) => closes.push(event);
    line.end(reason);
    const at = closes.length;
    made.close();
    made.send(new Uint8Array(1));
    await Promise.resolve();
    expect([at, closes, made.readyState, line.log]).toEqual([0, [want], 'closed', []]);
  });
});
