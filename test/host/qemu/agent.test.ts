// Owns the proof that the guest agent is asked in step, tells what it knows once, and is left alone otherwise.
// Must not need a guest.
import { expect, onTestFinished, test } from 'vitest';
import { guestAgent, guestInterfaces, guestOs } from '../../../electron/host/qemu/agent.ts';
import { tempDir } from '../temp-dir.ts';
import { startFakeAgent } from './fake-agent.ts';

const interfaces = [
  { name: 'lo', 'ip-addresses': [{ 'ip-address': '127.0.0.1', 'ip-address-type': 'ipv4', prefix: 8 }] },
  {
    name: 'eth0',
    'hardware-address': '52:54:00:12:34:56',
    'ip-addresses': [
      { 'ip-address': 'fe80::1', 'ip-address-type': 'ipv6', prefix: 64 },
      { 'ip-address': '10.0.2.15', 'ip-address-type': 'ipv4', prefix: 24 },
    ],
  },
];
const answers: Readonly<Record<string, unknown>> = {
  'guest-ping': {},
  'guest-get-osinfo': { id: 'debian', 'pretty-name': 'Debian GNU/Linux 12', 'version-id': '12', 'kernel-release': '6.1.0' },
  'guest-get-host-name': { 'host-name': 'web' },
  'guest-network-get-interfaces': interfaces,
};
const eth0 = { interfaceName: 'eth0', mac: '52:54:00:12:34:56', ipAddresses: ['10.0.2.15', 'fe80::1'] };

async function start(answer: (command: string) => string | undefined, leftover?: string) {
  const fake = await startFakeAgent(`${tempDir()}/agent`, { answer, ...(leftover === undefined ? {} : { leftover }) });
  const told: unknown[] = [];
  const agent = guestAgent(fake.path, {
    onConnected: (connected) => told.push({ connected }),
    onInterfaces: (found) => told.push({ interfaces: found }),
    onOs: (os) => told.push({ os }),
    onSecureBoot: (report) => told.push({ secureBoot: report }),
  });
  onTestFinished(async () => {
    agent.close();
    await fake.close();
  });
  return { fake, agent, told };
}

const noFile = '{"error": {"class": "GenericError", "desc": "failed to open file: No such file or directory"}}';
const reply = (command: string): string => (command === 'guest-file-open' ? noFile : JSON.stringify({ return: answers[command] }));

test('when the port opens it is greeted and asked once, over one connection', async () => {
  const { fake, agent, told } = await start(reply);
  agent.setPortOpen(true);
  await expect
    .poll(() => told)
    .toEqual([
      { connected: true },
      { os: { id: 'debian', prettyName: 'Debian GNU/Linux 12', versionId: '12', kernelRelease: '6.1.0', hostname: 'web' } },
      { interfaces: [eth0] },
    ]);
  await expect.poll(() => fake.asked).toContain('guest-file-open');
  agent.setPortOpen(true);
  expect(await agent.execute('guest-ping')).toEqual({});
  agent.setPortOpen(false);
  expect({ last: told.at(-1), asked: fake.asked, connections: fake.connections() }).toEqual({
    last: { connected: false },
    asked: ['guest-ping', 'guest-get-osinfo', 'guest-get-host-name', 'guest-network-get-interfaces', 'guest-file-open', 'guest-ping'],
    connections: 1,
  });
});

test.each([
  { name: 'on', bytes: [1, 0], want: [{ secureBoot: { enabled: true, setupMode: false } }] },
  { name: 'off, without keys', bytes: [0, 1], want: [{ secureBoot: { enabled: false, setupMode: true } }] },
  { name: 'nothing, when the variable is cut short', bytes: [undefined, undefined], want: [] },
])('what a guest with UEFI says of Secure Boot: $name', async ({ bytes, want }) => {
  let reads = 0;
  const { fake, agent, told } = await start((command) => {
    if (command === 'guest-file-open') return '{"return": 1000}';
    if (command === 'guest-file-close') return '{"return": {}}';
    if (command !== 'guest-file-read') return reply(command);
    const value = bytes[reads++];
    const variable = Buffer.from([6, 0, 0, 0, ...(value === undefined ? [] : [value])]);
    return JSON.stringify({ return: { count: variable.length, 'buf-b64': variable.toString('base64'), eof: false } });
  });
  agent.setPortOpen(true);
  await expect.poll(() => fake.asked.at(-1)).toBe('guest-file-close');
  await expect.poll(() => told.slice(3)).toEqual(want);
});

test('while addresses are missing it is asked again', async () => {
  let calls = 0;
  const { told, agent } = await start((command) => {
    if (command !== 'guest-network-get-interfaces') return reply(command);
    calls += 1;
    return JSON.stringify({ return: calls === 1 ? interfaces.map((each) => ({ ...each, 'ip-addresses': [] })) : interfaces });
  });
  agent.setPortOpen(true);
  await expect.poll(() => told.at(-1), { timeout: 5_000 }).toEqual({ interfaces: [eth0] });
  expect(calls).toBe(2);
});

test('what lay in the channel is not taken for an answer', async () => {
  const { agent } = await start(reply, '{"return": {"old": true}}\n{"error": {"desc": "old"}}\n{"ret');
  agent.setPortOpen(true);
  expect(await agent.execute('guest-get-host-name')).toEqual({ 'host-name': 'web' });
});

test('a command without an answer times out, and its late answer is not the next one', async () => {
  const { agent, fake } = await start((command) => (command === 'guest-slow' ? undefined : JSON.stringify({ return: command })));
  agent.setPortOpen(true);
  await expect(agent.execute('guest-slow', undefined, 50)).rejects.toMatchObject({
    code: 'AgentUnavailable',
    message: 'The guest agent did not answer guest-slow within 0.05 s.',
  });
  const next = agent.execute('guest-next');
  fake.send('{"return": "guest-slow"}\n');
  expect(await next).toBe('guest-next');
});

test('a refusal is told in the words of the agent', async () => {
  const { agent } = await start((command) =>
    command === 'guest-fsfreeze-freeze' ? '{"error": {"class": "GenericError", "desc": "no"}}' : reply(command),
  );
  agent.setPortOpen(true);
  await expect(agent.execute('guest-fsfreeze-freeze')).rejects.toMatchObject({
    code: 'AgentUnavailable',
    message: 'The guest agent refused guest-fsfreeze-freeze: no.',
  });
});

test('guest-shutdown answers nothing when it works', async () => {
  const { agent, fake } = await start((command) => (command === 'guest-shutdown' ? undefined : reply(command)));
  agent.setPortOpen(true);
  expect(await agent.execute('guest-shutdown', { mode: 'powerdown' })).toBe(null);
  expect(fake.asked).toContain('guest-shutdown');
});

test('without an agent the answer is at once what to install', async () => {
  const { agent, fake } = await start(reply);
  await expect(agent.execute('guest-ping')).rejects.toMatchObject({
    code: 'AgentUnavailable',
    message: /Install and start qemu-guest-agent/,
  });
  expect(fake.connections()).toBe(0);
});

test('odd answers are nothing', () => {
  expect([guestInterfaces(null), guestInterfaces([1, {}, { name: 'eth0' }]), guestOs(null, 7)]).toEqual([
    [],
    [{ interfaceName: 'eth0', mac: '', ipAddresses: [] }],
    {},
  ]);
});
