// Owns running skopeo: which manifest an image means here, and its layers copied into a folder.
// Must not look into layers. Credentials stand in a file that only the user can read, never in an argument.
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../../../api/errors.ts';
import { findProgram, runCommand } from '../../exec.ts';
import { writePrivateFile } from '../../private-file.ts';
import { pullFailure } from './pull-failure.ts';

export interface RegistryImage {
  /** `quay.io/containerdisks/fedora:40`, or with `@sha256:…` instead of a tag. */
  readonly image: string;
  /** The text of an auth file. */
  readonly credentials?: string;
  /** PEM, beside the authorities that this computer trusts anyway. */
  readonly authorities?: string;
  /** Plain http, or a certificate that nobody vouches for. */
  readonly insecure: boolean;
}

export interface Manifest {
  /** What pins the image: the digest of what its name means, a list of platforms or a manifest. */
  readonly digest: string;
  /** The manifest for this computer. */
  readonly manifestDigest: string;
  readonly layers: readonly Layer[];
}

export interface Layer {
  readonly digest: string;
  readonly sizeBytes: number;
}

const inspectTimeoutMs = 60_000;
const copyTimeoutMs = 6 * 60 * 60_000;
const progressEveryMs = 250;
/** No honest image has more of either; a list that has is made to exhaust. */
const maxLayers = 256;
const maxManifestBytes = 4 * 1024 * 1024;

const digestShape = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const manifestShape = z.object({
  layers: z.array(z.object({ digest: digestShape, size: z.int().nonnegative() })).max(maxLayers),
});
const indexShape = z.object({
  manifests: z
    .array(z.object({ digest: digestShape, platform: z.object({ architecture: z.string(), os: z.string() }).optional() }))
    .max(maxLayers),
});

/** Throws ImageFetchFailed in words that say what to do, or ImageRefused for an image without a manifest for this computer. */
export async function readManifest(from: RegistryImage, scratch: string, signal: AbortSignal): Promise<Manifest> {
  const top = await rawManifest(from, scratch, signal);
  const digest = digestOf(top);
  const index = indexShape.safeParse(json(top));
  if (!index.success) return { digest, manifestDigest: digest, layers: layersOf(from.image, top) };
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const rows = index.data.manifests;
  const chosen =
    rows.find(({ platform }) => platform?.os === 'linux' && platform.architecture === arch) ?? (rows.length === 1 ? rows[0] : undefined);
  if (chosen === undefined) throw refusedImage(`The image ${from.image} has no part for linux/${arch}.`);
  const own = await rawManifest({ ...from, image: pinned(from.image, chosen.digest) }, scratch, signal);
  if (digestOf(own) !== chosen.digest)
    throw refusedImage(`The registry answered with another manifest than ${chosen.digest} of ${from.image}.`);
  return { digest, manifestDigest: chosen.digest, layers: layersOf(from.image, own) };
}

export interface Copy {
  readonly from: RegistryImage;
  readonly manifest: Manifest;
  /** Does not exist yet. */
  readonly to: string;
  readonly scratch: string;
  readonly onBytes: (doneBytes: number) => void;
  readonly signal: AbortSignal;
}

/** Every layer as a file named by its digest without `sha256:`; skopeo has compared each with its digest. */
export async function copyLayers({ from, manifest, to, scratch, onBytes, signal }: Copy): Promise<void> {
  const announced = manifest.layers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const flood = new AbortController();
  const timer = setInterval(() => {
    void folderBytes(to).then((bytes) => {
      onBytes(Math.min(bytes, announced));
      // A layer is compared with its digest only at its end: one without an end must not fill the disk until then.
      if (bytes > announced + maxManifestBytes) flood.abort();
    });
  }, progressEveryMs);
  try {
    await skopeo({
      from,
      scratch,
      signal: AbortSignal.any([signal, flood.signal]),
      timeoutMs: copyTimeoutMs,
      args: ['copy', '--quiet', '--retry-times', '3'],
      prefix: 'src-',
      names: [`docker://${pinned(from.image, manifest.manifestDigest)}`, `dir:${to}`],
    });
  } catch (error) {
    if (flood.signal.aborted) throw refusedImage(`The registry sent more bytes of ${from.image} than it had announced.`);
    throw error;
  } finally {
    clearInterval(timer);
  }
  onBytes(announced);
}

async function rawManifest(from: RegistryImage, scratch: string, signal: AbortSignal): Promise<string> {
  const names = [`docker://${from.image}`];
  const text = await skopeo({ from, scratch, signal, timeoutMs: inspectTimeoutMs, args: ['inspect', '--raw'], prefix: '', names });
  if (text.length > maxManifestBytes) throw refusedImage(`The manifest of ${from.image} is longer than any real one.`);
  return text;
}

interface Run {
  readonly from: RegistryImage;
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly args: readonly string[];
  readonly prefix: '' | 'src-';
  readonly names: readonly string[];
}

async function skopeo({ from, scratch, signal, timeoutMs, args, prefix, names }: Run): Promise<string> {
  if ((await findProgram('skopeo')) === undefined)
    throw new AppError('ToolFailed', 'The program skopeo is not installed. Install the package that contains it: skopeo in Debian.');
  const folder = await mkdtemp(path.join(scratch, '.auth-'));
  try {
    const authFile = path.join(folder, 'auth.json');
    const certificates = path.join(folder, 'certs');
    if (from.credentials !== undefined) await writePrivateFile(authFile, from.credentials);
    if (from.authorities !== undefined) {
      await mkdir(certificates, { mode: 0o700 });
      await writePrivateFile(path.join(certificates, 'ca.crt'), from.authorities);
    }
    const options = [
      ...(from.credentials === undefined ? [] : [`--${prefix}authfile`, authFile]),
      ...(from.authorities === undefined ? [] : [`--${prefix}cert-dir`, certificates]),
      ...(from.insecure ? [`--${prefix}tls-verify=false`] : []),
    ];
    const policy = (await hasPolicy()) ? [] : ['--insecure-policy'];
    const result = await runCommand({ program: 'skopeo', args: [...policy, ...args, ...options, ...names], timeoutMs, signal });
    if (result.code === 0) return result.stdout;
    throw pullFailure(from.image, result.stderr);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Which signatures are asked for is the computer's choice; without that file skopeo would do nothing at all. */
async function hasPolicy(): Promise<boolean> {
  const home = process.env['HOME'];
  const files = ['/etc/containers/policy.json', ...(home === undefined ? [] : [path.join(home, '.config/containers/policy.json')])];
  for (const file of files) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}

function layersOf(image: string, text: string): readonly Layer[] {
  const manifest = manifestShape.safeParse(json(text));
  if (!manifest.success) throw refusedImage(`The manifest of ${image} is of a kind that is not read here.`);
  return manifest.data.layers.map(({ digest, size }) => ({ digest, sizeBytes: size }));
}

function pinned(image: string, digest: string): string {
  const [name = ''] = image.split('@');
  return `${name.replace(/:[^/:]*$/, '')}@${digest}`;
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function refusedImage(message: string): AppError {
  const fix = 'Ask who publishes the image, or use another one.';
  return new AppError('ImageRefused', message, { causes: [{ reason: 'ImageRefused', field: 'image', message, fix }] });
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name)).catch(() => undefined))?.size ?? 0));
  return sizes.reduce((sum, size) => sum + size, 0);
}
