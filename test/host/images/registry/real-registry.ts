// Owns Debian's real docker-registry on a loopback port, and putting images into it by its own HTTP API.
// Must not know the code that pulls.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { createServer } from 'node:net';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { pack } from 'tar-stream';
import { gzipSync } from 'node:zlib';
import { tempDir } from '../../temp-dir.ts';
import { ownAuthority } from '../own-authority.ts';

export interface RealRegistry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** PEM of the authority that signed its certificate; with `tls` only. */
  readonly authority?: string;
  /** Changes a blob on the registry's disk, as bit rot or a thief would. */
  damage(hex: string): void;
  /** Answers the digest of the manifest. */
  push(image: PushedImage): Promise<string>;
  /** A list of platforms under a tag; answers its digest. */
  pushList(
    repository: string,
    tag: string,
    manifests: readonly { readonly digest: string; readonly arch: string; readonly bytes: number }[],
  ): Promise<string>;
}

export interface PushedImage {
  readonly repository: string;
  readonly tag: string;
  /** The lowest first; as they are, already packed. */
  readonly layers: readonly Buffer[];
  readonly layerType?: string;
}

export interface RegistryAccount {
  readonly user: string;
  readonly password: string;
  /** Of the password, made with bcrypt: the registry takes no other. */
  readonly hash: string;
}

export interface RegistryOptions {
  readonly account?: RegistryAccount;
  /** A certificate from an authority of its own, which nobody trusts yet. */
  readonly tls?: boolean;
}

interface Sent {
  readonly body?: Buffer;
  readonly type?: string;
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

export async function realRegistry({ account, tls = false }: RegistryOptions = {}): Promise<RealRegistry> {
  const folder = tempDir();
  const port = await freePort();
  const users = path.join(folder, 'htpasswd');
  if (account !== undefined) await writeFile(users, `${account.user}:${account.hash}\n`);
  const settings = {
    version: 0.1,
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: path.join(folder, 'data') } },
    http: { addr: `127.0.0.1:${port}`, ...(tls ? { tls: ownAuthority(folder) } : {}) },
    ...(account === undefined ? {} : { auth: { htpasswd: { realm: 'test', path: users } } }),
  };
  // JSON is YAML.
  await writeFile(path.join(folder, 'config.yml'), JSON.stringify(settings));
  const child = spawn('docker-registry', ['serve', path.join(folder, 'config.yml')], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const base = `${tls ? 'https' : 'http'}://127.0.0.1:${port}/v2`;
  const authority = tls ? readFileSync(path.join(folder, 'authority.crt'), 'utf8') : undefined;
  const credentials: Record<string, string> =
    account === undefined ? {} : { authorization: `Basic ${Buffer.from(`${account.user}:${account.password}`).toString('base64')}` };
  const send = async (method: string, url: string, { body, type = 'application/octet-stream' }: Sent = {}): Promise<Answer> => {
    const headers = { ...credentials, 'content-type': type };
    const answer = await exchange(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(authority === undefined ? {} : { authority }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${url}: ${answer.status} ${answer.text}`);
    return answer;
  };
  for (;;) {
    const answer = await send('GET', `${base}/`).catch(() => undefined);
    if (answer !== undefined) break;
    await delay(20);
  }
  const putBlob = async (repository: string, blob: Buffer): Promise<{ digest: string; size: number }> => {
    const started = await send('POST', `${base}/${repository}/blobs/uploads/`);
    const target = new URL(started.location, base);
    target.searchParams.set('digest', digestOf(blob));
    await send('PUT', target.href, { body: blob });
    return { digest: digestOf(blob), size: blob.length };
  };
  const putManifest = async (name: string, manifest: object, type: string): Promise<string> => {
    const bytes = Buffer.from(JSON.stringify(manifest));
    await send('PUT', `${base}/${name}`, { body: bytes, type });
    return digestOf(bytes);
  };
  return {
    host: `127.0.0.1:${port}`,
    ...(authority === undefined ? {} : { authority }),
    damage(hex) {
      const file = path.join(folder, 'data/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data');
      const bytes = readFileSync(file);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
      writeFileSync(file, bytes);
    },
    async push({ repository, tag, layers, layerType = 'application/vnd.oci.image.layer.v1.tar+gzip' }) {
      const config = await putBlob(
        repository,
        Buffer.from('{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":[]}}'),
      );
      const blobs = [];
      for (const layer of layers) blobs.push({ mediaType: layerType, ...(await putBlob(repository, layer)) });
      const manifest = {
        schemaVersion: 2,
        mediaType: manifestType,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
        layers: blobs,
      };
      return putManifest(`${repository}/manifests/${tag}`, manifest, manifestType);
    },
    pushList: (repository, tag, manifests) =>
      putManifest(
        `${repository}/manifests/${tag}`,
        {
          schemaVersion: 2,
          mediaType: indexType,
          manifests: manifests.map(({ digest, arch, bytes }) => ({
            mediaType: manifestType,
            digest,
            size: bytes,
            platform: { architecture: arch, os: 'linux' },
          })),
        },
        indexType,
      ),
  };
}

interface Answer {
  readonly status: number;
  readonly location: string;
  readonly text: string;
}

interface Exchange {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly authority?: string;
}

async function exchange(url: string, { method, headers, body, authority }: Exchange): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const options = { method, headers, agent: false as const };
    const request = authority === undefined ? requestPlain(url, options) : requestTls(url, { ...options, ca: authority });
    request.once('error', reject).once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? '', text }));
    });
    request.end(body);
  });
}

export interface TarEntry {
  readonly name: string;
  readonly bytes?: Buffer;
  readonly type?: 'file' | 'directory' | 'symlink' | 'link' | 'fifo';
  readonly linkname?: string;
}

export async function tarOf(...entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, bytes = Buffer.alloc(0), type = 'file', linkname } of entries) {
    if (type === 'file') tar.entry({ name, type }, bytes);
    else tar.entry({ name, type, ...(linkname === undefined ? {} : { linkname }) });
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function layerOf(...entries: readonly TarEntry[]): Promise<Buffer> {
  return gzipSync(await tarOf(...entries));
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
