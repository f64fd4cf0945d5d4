// Owns the proof that certificates change under open connections: two rotations on the clock with a watch and a console that stay, client
// certificates of both roles, and a client that knows only the first authority.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Role } from '../../electron/api/certificates.ts';
import { createEngine } from '../../electron/engine/engine.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { createCertificates } from '../../electron/host/certificates/certificates.ts';
import { createApiDoor, type OpenedApiDoor } from '../../electron/server/api-door.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { createRouter } from '../../electron/server/router.ts';
import { openStore } from '../../electron/store/store.ts';
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import { countingIds } from '../fakes/counting-ids.ts';
import { fakeHost } from '../fakes/fake-host.ts';
import { type ManualClock, manualClock } from '../fakes/manual-clock.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { schemas } from './core-fixture.ts';

const minuteMs = 60_000;
/** TLS looks at the real time: the clock starts 50 minutes before it, and every certificate of the story holds at both. */
const config = { ca: { duration: '48h', renewBefore: '47h40m' }, server: { duration: '48h', renewBefore: '47h50m' } };

let folder: string;
let engine: Engine;
let clock: ManualClock;
let door: OpenedApiDoor;
let close: () => Promise<void>;
let server: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vd-rotate-'));
  clock = manualClock(Date.now() - 50 * minuteMs);
  const store = openStore({ path: join(folder, 'data.db') });
  const log = recordingLog();
  engine = createEngine({ store, host: fakeHost({ clock, certificates: createCertificates(folder) }), clock, ids: countingIds(), log });
  await engine.start();
  await engine.update(hyperConvergedKey, { ...engine.get(hyperConvergedKey), spec: { certConfig: config } });
  const router = createRouter({ engine, schemas, clock, log, version: '1.2.3' });
  door = createApiDoor({ engine, router, log, auth: createAuth(), assets: pageAssets('/nowhere') });
  server = (await door.open()).server ?? '';
  close = async () => {
    await door.close();
    await engine.close();
    store.close();
    rmSync(folder, { recursive: true });
  };
});
afterAll(() => close());

interface Identity {
  readonly cert: string;
  readonly key: string;
}

async function identity(role: Role): Promise<Identity> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const { certificate } = await engine.issueClientCertificate({ publicKey: pem, user: 'ana', role });
  return { cert: certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

interface Call {
  readonly path: string;
  readonly method?: string;
  readonly ca?: string;
  readonly who?: Identity;
}

function call({ path, method = 'GET', ca = readFileSync(engine.certificateBundlePath, 'utf8'), who }: Call): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const agent = new Agent({ ca, ...who });
    const outgoing = request(`${server}${path}`, { method, agent }, resolve);
    outgoing.once('error', reject);
    outgoing.end();
  });
}

async function statusOf(given: Call): Promise<number | undefined> {
  const response = await call(given);
  response.destroy();
  return response.statusCode;
}

/** The serial console, as virtctl opens it. */
async function openSerial(who: Identity): Promise<{ readonly socket: WebSocket; readonly heard: () => string }> {
  const path = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/console';
  const ca = readFileSync(engine.certificateBundlePath, 'utf8');
  const socket = new WebSocket(`${server.replace('https', 'wss')}${path}`, ['plain.kubevirt.io'], { ca, ...who });
  const chunks: Buffer[] = [];
  socket.on('message', (data: Buffer) => chunks.push(data));
  await once(socket, 'open');
  return { socket, heard: () => Buffer.concat(chunks).toString() };
}

/** What openssl says of the chain that the API shows, to whoever trusts these authorities alone. */
async function verified(authorities: string): Promise<string> {
  const [chain, trusted] = ['chain.pem', 'trusted.pem'].map((name) => join(folder, name));
  writeFileSync(chain ?? '', (await engine.tlsMaterial('api'))?.certificate ?? '');
  writeFileSync(trusted ?? '', authorities);
  const args = ['verify', '-x509_strict', '-CAfile', trusted ?? '', '-untrusted', chain ?? '', chain ?? ''];
  return execFileSync('openssl', args, { encoding: 'utf8' });
}

const machines = '/apis/kubevirt.io/v1/virtualmachines';

test('the role is the certificate’s, and nobody without one is let in', async () => {
  expect(await statusOf({ path: machines })).toBe(401);
  expect(await statusOf({ path: machines, who: await identity('view') })).toBe(200);
  expect(await statusOf({ path: '/api/v1/secrets', who: await identity('view') })).toBe(403);
  expect(await statusOf({ path: '/api/v1/secrets', who: await identity('admin') })).toBe(200);
});

test('two rotations: watch and console stay, new connections see the new certificate, old trust follows', async () => {
  const oldest = readFileSync(engine.certificateBundlePath, 'utf8');
  const who = await identity('admin');
  const watch = await call({ path: '/api/v1/namespaces?watch=true', who });
  const seen: string[] = [];
  await engine.create('virtualmachines.kubevirt.io', 'default', { ...vm(named('web'), withRunStrategy('Always')) });
  await clock.settle();
  const typed = await openSerial(who);
  watch.setEncoding('utf8').on('data', (text: string) => seen.push(text));
  const serials = new Set<string>();
  for (const name of ['first', 'second']) {
    await clock.advance(20 * minuteMs);
    // A client certificate is issued only when the listener knows who signed it.
    const newcomer = await identity('admin');
    // Whoever got in before the rotation gets in after it, too.
    const response = await call({ path: machines, who, ca: oldest });
    expect([name, response.statusCode]).toEqual([name, 200]);
    serials.add((response.socket as TLSSocket).getPeerCertificate().serialNumber);
    response.destroy();
    expect(await verified(oldest)).toContain(': OK');
    expect(await verified(readFileSync(engine.certificateBundlePath, 'utf8'))).toContain(': OK');
    expect(await statusOf({ path: machines, who: newcomer })).toBe(200);
    await engine.create('namespaces', undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await expect.poll(() => seen.join('')).toContain(`"name":"${name}"`);
    typed.socket.send(Buffer.from(`typed ${name}\n`));
    await expect.poll(() => typed.heard()).toContain(`typed ${name}\n`);
  }
  expect(serials.size).toBe(2);
  expect((await engine.tlsMaterial('api'))?.authorities.match(/BEGIN CERTIFICATE/g)).toHaveLength(3);
  watch.destroy();
  expect(typed.socket.readyState).toBe(WebSocket.OPEN);
  typed.socket.close();
});
