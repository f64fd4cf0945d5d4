// Owns the proof of the certificates themselves: OpenSSL's verdict on chains, modes of files, and what a damaged folder becomes.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCertificates } from '../../../electron/host/certificates/certificates.ts';

const hourMs = 3_600_000;
const nowMs = Math.floor(Date.now() / 1000) * 1000;
const life = (fromHours: number, hours: number) => ({
  notBeforeMs: nowMs + fromHours * hourMs,
  notAfterMs: nowMs + (fromHours + hours) * hourMs,
});

let dataDir: string;
let port: ReturnType<typeof createCertificates>;
/** The bundle as it was when there was one authority. */
let oldBundle: string;

beforeAll(async () => {
  dataDir = mkdtempSync('/tmp/vd-');
  port = createCertificates(dataDir);
  await port.issueAuthority(life(0, 48));
  oldBundle = join(dataDir, 'old-bundle.crt');
  writeFileSync(oldBundle, readFileSync(port.bundlePath));
  await port.issueServer({ name: 'vnc', hosts: ['localhost', '127.0.0.1', '::1', 'workshop'], life: life(0, 24) });
  await port.issueAuthority(life(0, 72));
  await port.issueServer({ name: 'api', hosts: ['localhost', '127.0.0.1', '::1', 'workshop'], life: life(0, 24) });
});
afterAll(() => rmSync(dataDir, { recursive: true }));

/** `file: OK` lines, or what openssl complains of. */
function verify(bundle: string, file: string, more: readonly string[] = []): string {
  try {
    return execFileSync('openssl', ['verify', '-x509_strict', '-CAfile', bundle, '-untrusted', file, ...more, file], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).replaceAll(dataDir, '');
  } catch (error) {
    return String((error as { readonly stderr?: string }).stderr);
  }
}

const certificateOf = (name: string): string => join(dataDir, 'certificates', 'servers', name, 'server-cert.pem');

describe('openssl verify', () => {
  test.each(['localhost', 'workshop'])('a server is good for the name %s', (name) => {
    const options = ['-purpose', 'sslserver', '-verify_hostname', name];
    expect(verify(port.bundlePath, certificateOf('api'), options)).toBe('/certificates/servers/api/server-cert.pem: OK\n');
  });

  test.each(['127.0.0.1', '::1'])('and for the address %s', (address) => {
    expect(verify(port.bundlePath, certificateOf('api'), ['-purpose', 'sslserver', '-verify_ip', address])).toContain(': OK');
  });

  test('not for another name, not for a client, not when it has expired', () => {
    expect(verify(port.bundlePath, certificateOf('api'), ['-verify_hostname', 'evil.example'])).toContain('hostname mismatch');
    expect(verify(port.bundlePath, certificateOf('api'), ['-purpose', 'sslclient'])).toContain('unsuitable certificate purpose');
    expect(verify(port.bundlePath, certificateOf('api'), ['-attime', String(nowMs / 1000 + 25 * 3600)])).toContain(
      'certificate has expired',
    );
  });

  test('who trusts the old authority alone trusts what the new one signs, until the old one ends', () => {
    expect(verify(oldBundle, certificateOf('api'), ['-purpose', 'sslserver'])).toContain(': OK');
    expect(verify(port.bundlePath, certificateOf('vnc'), ['-purpose', 'sslserver'])).toContain(': OK');
  });
});

test('a client certificate names user and role, verifies, and ends with its authority at the latest', async () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const order = { publicKey: pem, user: 'ana', role: 'view' as const };
  const { certificate } = await port.issueClient({ ...order, life: life(0, 1) });
  const file = join(dataDir, 'client.crt');
  writeFileSync(file, certificate);
  expect(verify(port.bundlePath, file, ['-purpose', 'sslclient'])).toContain(': OK');
  expect(new X509Certificate(certificate).subject).toBe('CN=ana\nO=virtdeck:view');
  expect((await port.issueClient({ ...order, life: life(0, 1000) })).notAfterMs).toBe(nowMs + 72 * hourMs);
});

test.each(['no key', '-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n'])(
  '%j is no key for a client certificate',
  async (publicKey) => {
    await expect(port.issueClient({ publicKey, user: 'ana', role: 'admin', life: life(0, 1) })).rejects.toThrow(
      'it is no ECDSA P-256 public key',
    );
  },
);

test('an RSA key is none, either', async () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await expect(port.issueClient({ publicKey: pem, user: 'ana', role: 'admin', life: life(0, 1) })).rejects.toThrow('ECDSA');
});

test('every file is 0600, every folder 0700, and nothing half-made is left', () => {
  const root = join(dataDir, 'certificates');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  expect(names.filter((name) => name.includes('.new'))).toEqual([]);
  for (const name of names) {
    const found = lstatSync(join(root, name));
    if (!found.isSymbolicLink()) expect([name, found.mode & 0o777]).toEqual([name, found.isDirectory() ? 0o700 : 0o600]);
  }
  expect(statSync(root).mode & 0o777).toBe(0o700);
});

test('a damaged key takes the authority out of signing and leaves it trusted; a damaged certificate is not there', async () => {
  const root = join(dataDir, 'certificates');
  const newest = readdirSync(join(root, 'authorities')).toSorted().at(-1) ?? '';
  const keyFile = join(root, 'authorities', newest, 'ca.key');
  const key = readFileSync(keyFile);
  writeFileSync(keyFile, 'rust');
  writeFileSync(join(root, 'servers', 'vnc', 'server-cert.pem'), 'rust');
  const facts = await port.facts();
  expect(facts.authorities.map(({ canSign }) => canSign)).toEqual([true, false]);
  expect(facts.servers.map(({ name }) => name)).toEqual(['api']);
  writeFileSync(keyFile, key);
  expect((await port.facts()).authorities.map(({ canSign }) => canSign)).toEqual([true, true]);
});
