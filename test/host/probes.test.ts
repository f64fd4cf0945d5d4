// Owns the proof of how a guest is asked: connections, HTTP answers, commands through the agent, the way through the user network.
// Must not start a guest.
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { JsonObject } from '../../electron/api/object.ts';
import type { ProbeQuestion } from '../../electron/core/reconcile/probes.ts';
import { askGuest } from '../../electron/host/probes/ask.ts';
import { hasEstablished } from '../../electron/host/probes/user-network-port.ts';

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const here = { type: 'address', address: '127.0.0.1' } as const;
const nobody = { qmp: () => Promise.resolve({}), agent: () => Promise.reject(new AppError('AgentUnavailable', 'no agent')) };

function http(port: number, path = '/', headers: readonly (readonly [string, string])[] = []): ProbeQuestion {
  return { type: 'httpGet', port, way: here, path, scheme: 'http', headers };
}

test('a port that somebody listens on, and one that nobody does', async () => {
  const port = await listening(createServer((socket) => socket.end()));
  const closed = await listening(createServer());
  const ask = (asked: number) => askGuest(nobody, { type: 'tcpSocket', port: asked, way: here }, 2_000);
  const open = await ask(port);
  const gone = await new Promise<number>((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  expect([open.succeeded, (await ask(closed)).succeeded, (await ask(gone)).succeeded, (await ask(0)).message]).toEqual([
    true,
    true,
    false,
    'The probe names no port.',
  ]);
});

test('HTTP: 200 to 399 is an answer, 500 is none, silence is none; headers and path arrive', async () => {
  const seen: string[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(`${request.url} ${request.headers.host} ${String(request.headers['x-asked'])}`);
    if (request.url === '/silent') return;
    response.writeHead(Number(request.url?.slice(1)), { location: 'http://127.0.0.1:1/' }).end('x'.repeat(100_000));
  });
  const port = await listening(server);
  const answers: unknown[] = [];
  for (const path of ['/200', '/302', '/500']) answers.push(await askGuest(nobody, http(port, path, [['X-Asked', 'yes']]), 2_000));
  answers.push(await askGuest(nobody, http(port, '/silent', [['Host', 'named']]), 200));
  server.closeAllConnections();
  expect(answers).toEqual([
    { succeeded: true, message: 'HTTP probe: the guest answered 200.' },
    { succeeded: true, message: 'HTTP probe: the guest answered 302.' },
    { succeeded: false, message: 'HTTP probe: the guest answered 500.' },
    { succeeded: false, message: 'No answer within 0.2 s.' },
  ]);
  expect(seen.at(0)).toBe(`/200 localhost:${port} yes`);
  expect(seen.at(-1)).toBe('/silent named undefined');
});

test('a header that breaks the request is no crash', async () => {
  const port = await listening(createHttpServer());
  const answer = await askGuest(nobody, http(port, '/', [['X', 'a\r\nEvil: yes']]), 500);
  expect([answer.succeeded, answer.message.startsWith('The probe cannot be asked: ')]).toEqual([false, true]);
});

test.each([
  { name: 'ends well', status: { exited: true, exitcode: 0 }, answer: { succeeded: true, message: '/bin/ready ended with 0.' } },
  {
    name: 'fails',
    status: { exited: true, exitcode: 3, 'err-data': Buffer.from('not yet\n').toString('base64') },
    answer: { succeeded: false, message: '/bin/ready ended with 3: not yet' },
  },
  { name: 'is killed', status: { exited: true, signal: 9 }, answer: { succeeded: false, message: '/bin/ready was ended by a signal.' } },
  { name: 'hangs', status: { exited: false }, answer: { succeeded: false, message: '/bin/ready did not end within 0.15 s.' } },
])('a command that $name', async ({ status, answer }) => {
  const asked: string[] = [];
  const agent = (execute: string, args?: JsonObject) => {
    asked.push(`${execute} ${JSON.stringify(args)}`);
    return Promise.resolve(execute === 'guest-exec' ? { pid: 7 } : status);
  };
  const found = await askGuest({ ...nobody, agent }, { type: 'exec', command: ['/bin/ready', '--now'] }, 150);
  expect([found, asked[0]]).toEqual([answer, 'guest-exec {"path":"/bin/ready","arg":["--now"],"capture-output":true}']);
});

test('the agent: it answers, or it is not there', async () => {
  const there = { ...nobody, agent: () => Promise.resolve({}) };
  expect([await askGuest(there, { type: 'guestAgentPing' }, 100), await askGuest(nobody, { type: 'guestAgentPing' }, 100)]).toEqual([
    { succeeded: true, message: 'The guest agent answered.' },
    { succeeded: false, message: 'no agent' },
  ]);
});

test('through the user network: a port is opened for the question and closed after it', async () => {
  const said: string[] = [];
  let server: Server | undefined;
  const qmp = async (_execute: string, args?: JsonObject) => {
    const asked = args?.['command-line'];
    const line = typeof asked === 'string' ? asked : '';
    said.push(line.replaceAll(/\d{4,}/g, 'PORT'));
    const port = /tcp:127\.0\.0\.1:(\d+)-:/.exec(line)?.[1];
    if (port !== undefined) {
      const made = createServer();
      server = made;
      await new Promise<void>((resolve) => made.listen(Number(port), '127.0.0.1', resolve));
    }
    const opened = (server?.address() as AddressInfo | null)?.port;
    return line === 'info usernet' ? `  TCP[ESTABLISHED]  12       127.0.0.1 ${opened}       10.0.2.2    80     0     0\r\n` : '';
  };
  onTestFinished(() => void server?.close());
  const question: ProbeQuestion = { type: 'tcpSocket', port: 80, way: { type: 'userNetwork', netdev: 'network-default' } };
  const answer = await askGuest({ ...nobody, qmp }, question, 2_000);
  expect([answer.succeeded, said]).toEqual([
    true,
    ['hostfwd_add network-default tcp:127.0.0.1:PORT-:80', 'info usernet', 'hostfwd_remove network-default tcp:127.0.0.1:PORT'],
  ]);
});

test("QEMU's table of connections", () => {
  const table = [
    'Hub -1 (network-default):',
    '  Protocol[State]    FD  Source Address  Port   Dest. Address  Port RecvQ SendQ',
    '  TCP[SYN_SENT]      23       127.0.0.1 40001       10.0.2.15    80     0     0',
    '  TCP[ESTABLISHED]   24       127.0.0.1 40002       10.0.2.15    81     0     0',
    '  TCP[HOST_FORWARD]  22       127.0.0.1 40003       10.0.2.15    82     0     0',
  ].join('\r\n');
  expect([40_001, 40_002, 40_003, 4000].map((port) => hasEstablished(table, port))).toEqual([false, true, false, false]);
});
