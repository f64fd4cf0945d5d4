// Owns pulling container disks from Debian's real registry: digests, credentials, layers, and everything that a stranger could try.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { AppError } from '../../../../electron/api/errors.ts';
import { registryCredentials } from '../../../../electron/core/images/registry-credentials.ts';
import { inspectVolume } from '../../../../electron/host/disks/volume.ts';
import { createImageCache } from '../../../../electron/host/images/registry/image-cache.ts';
import type { ImagePort, ImagePull, Progress, PulledImage } from '../../../../electron/engine/ports.ts';
import { tempDir } from '../../temp-dir.ts';
import { qcow2Bytes, soundFileBytes } from '../qcow2-bytes.ts';
import { layerOf, realRegistry, type RealRegistry, type TarEntry, tarOf } from './real-registry.ts';

const qcow2 = Buffer.concat([qcow2Bytes(), Buffer.alloc(soundFileBytes - 65536)]);
const raw = Buffer.concat([Buffer.alloc(510), Buffer.from([0x55, 0xaa]), Buffer.alloc(1024 * 1024, 7), Buffer.alloc(1024 * 1024)]);
const disk = (name: string, bytes = qcow2): TarEntry => ({ name, bytes });

interface Bench {
  readonly images: ImagePort;
  readonly dataDir: string;
  readonly pull: (pull: Partial<ImagePull> & { readonly image: string }, onProgress?: (progress: Progress) => void) => Promise<PulledImage>;
}

async function bench(): Promise<Bench> {
  const dataDir = tempDir();
  const images = await createImageCache(dataDir);
  return {
    images,
    dataDir,
    pull: (pull, onProgress = () => undefined) => images.pull({ insecure: true, ...pull }, onProgress).done,
  };
}

/** One image of these layers, pulled. */
async function pulled(layers: readonly Buffer[], more: Partial<ImagePull> = {}): Promise<PulledImage & { readonly dataDir: string }> {
  const registry = await realRegistry();
  await registry.push({ repository: 'disks/tiny', tag: 'one', layers });
  const { pull, dataDir } = await bench();
  return { ...(await pull({ image: `${registry.host}/disks/tiny:one`, ...more })), dataDir };
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`not refused: ${String(error)}`);
  return `${error.code}: ${error.message}`;
}

const names = (folder: string): readonly string[] => readdirSync(folder, { recursive: true }).map(String).toSorted();

test('a qcow2 disk is pulled once, kept by its digest, private and read-only, and found again by its name', async () => {
  const registry = await realRegistry();
  const digest = await registry.push({
    repository: 'disks/tiny',
    tag: 'one',
    layers: [await layerOf({ name: 'disk/', type: 'directory' }, disk('disk/tiny.qcow2'))],
  });
  const { images, dataDir, pull } = await bench();
  const image = `${registry.host}/disks/tiny:one`;
  expect(await images.cached(image)).toBeUndefined();
  const seen: Progress[] = [];
  const found = await pull({ image }, (progress) => seen.push(progress));
  const home = path.join(dataDir, 'cache/images', digest.replace(':', '-'));
  expect(found).toEqual({ image, digest, path: path.join(home, 'disk.qcow2'), format: 'qcow2', virtualSizeBytes: 2 ** 30 });
  expect(readFileSync(found.path).equals(qcow2)).toBe(true);
  expect([statSync(found.path).mode & 0o777, statSync(home).mode & 0o777]).toEqual([0o400, 0o700]);
  expect(await inspectVolume(found.path, { writable: false })).toMatchObject({
    state: 'ready',
    format: 'qcow2',
    virtualSizeBytes: 2 ** 30,
  });
  expect([...new Set(seen.map(({ step }) => step))]).toEqual(['wait', 'download', 'copy']);
  expect(seen.findLast(({ step, percent }) => step === 'download' && percent !== undefined)?.percent).toBe(100);
  expect(await images.cached(image)).toEqual(found);
  // The second pull asks for the manifest alone.
  const before = statSync(found.path).ino;
  expect(await pull({ image })).toEqual(found);
  expect(statSync(found.path).ino).toBe(before);
  // And the next core finds it.
  expect(await (await createImageCache(dataDir)).cached(image)).toEqual(found);
  expect(names(path.join(dataDir, 'cache/images')).filter((name) => name.includes('.pull') || name.includes('.auth'))).toEqual([]);
});

test('a file is taken as it is, beside the disk of the same path', async () => {
  const registry = await realRegistry();
  const image = `${registry.host}/boot/tiny:one`;
  const kernel = gzipSync(Buffer.from('no disk at all'));
  await registry.push({ repository: 'boot/tiny', tag: 'one', layers: [await layerOf({ name: 'boot/initrd', bytes: kernel })] });
  const { images, pull } = await bench();
  const file = { path: 'boot/initrd', as: 'file' } as const;
  const found = await pull({ image, ...file });
  expect([readFileSync(found.path).equals(kernel), statSync(found.path).mode & 0o777]).toEqual([true, 0o400]);
  expect([await images.cached(image, file), await images.cached(image, { path: file.path })]).toEqual([found, undefined]);
  await expect(pull({ image, path: file.path })).rejects.toThrow('is compressed');
});

test('a tag that moves is another disk; a digest is not', async () => {
  const registry = await realRegistry();
  const push = async (name: string): Promise<string> =>
    registry.push({ repository: 'disks/tiny', tag: 'latest', layers: [await layerOf(disk(`disk/${name}.qcow2`))] });
  const { pull } = await bench();
  const first = await push('one');
  const one = await pull({ image: `${registry.host}/disks/tiny:latest` });
  const second = await push('two');
  const two = await pull({ image: `${registry.host}/disks/tiny:latest` });
  expect([one.digest, two.digest, one.path === two.path]).toEqual([first, second, false]);
  expect(await pull({ image: `${registry.host}/disks/tiny@${first}` })).toMatchObject({ digest: first, path: one.path });
});

test('of a list of platforms the one of this computer is taken, and the list is what pins it', async () => {
  const registry = await realRegistry();
  const own = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const digests = {
    s390x: await registry.push({ repository: 'disks/tiny', tag: 'other', layers: [await layerOf(disk('disk/other.qcow2', raw))] }),
    own: await registry.push({ repository: 'disks/tiny', tag: 'own', layers: [await layerOf(disk('disk/own.qcow2'))] }),
  };
  const foreign = { digest: digests.s390x, arch: 's390x', bytes: 500 };
  const rows = [foreign, { digest: digests.own, arch: own, bytes: 500 }];
  const digest = await registry.pushList('disks/tiny', 'all', rows);
  const { pull } = await bench();
  const found = await pull({ image: `${registry.host}/disks/tiny:all` });
  expect([found.digest, found.format, path.basename(path.dirname(found.path))]).toEqual([digest, 'qcow2', digests.own.replace(':', '-')]);
  await registry.pushList('disks/tiny', 'foreign', [foreign, { ...foreign, arch: 'ppc64le' }]);
  expect(await refusal(pull({ image: `${registry.host}/disks/tiny:foreign` }))).toMatch(
    /^ImageRefused: The image .* has no part for linux\//,
  );
});

test.each([
  { title: 'gzip', layerType: 'application/vnd.oci.image.layer.v1.tar+gzip', pack: gzipSync },
  { title: 'zstd', layerType: 'application/vnd.oci.image.layer.v1.tar+zstd', pack: zstdCompressSync },
  { title: 'plain', layerType: 'application/vnd.oci.image.layer.v1.tar', pack: (bytes: Buffer) => bytes },
])('a raw disk in a $title layer keeps its holes', async ({ layerType, pack }) => {
  const registry = await realRegistry();
  const large = Buffer.concat([raw, Buffer.alloc(32 * 1024 * 1024)]);
  await registry.push({ repository: 'disks/tiny', tag: 'one', layerType, layers: [pack(await tarOf(disk('disk/tiny.img', large)))] });
  const { pull } = await bench();
  const found = await pull({ image: `${registry.host}/disks/tiny:one` });
  expect([found.format, found.virtualSizeBytes, path.basename(found.path)]).toEqual(['raw', large.length, 'disk.raw']);
  expect(readFileSync(found.path).equals(large)).toBe(true);
  expect(statSync(found.path).blocks * 512).toBeLessThan(4 * 1024 * 1024);
});

test('the path option takes any file, and each file of an image is a disk of its own', async () => {
  const registry = await realRegistry();
  await registry.push({ repository: 'disks/two', tag: 'one', layers: [await layerOf(disk('images/a.qcow2'), disk('images/b.img', raw))] });
  const { pull } = await bench();
  const image = `${registry.host}/disks/two:one`;
  const [a, b] = [await pull({ image, path: 'images/a.qcow2' }), await pull({ image, path: 'images/b.img' })];
  expect([a.format, b.format, a.path === b.path]).toEqual(['qcow2', 'raw', false]);
  expect(await refusal(pull({ image, path: 'images/c.img' }))).toMatch(/has no file \/images\/c\.img\.$/);
  expect(await refusal(pull({ image }))).toMatch(/^ImageRefused: no file found in folder \/disk, no disk present/);
});

test('a higher layer replaces, removes and hides what is below', async () => {
  const lower = await layerOf(disk('disk/old.qcow2'));
  const opaque = await pulled([lower, await layerOf({ name: 'disk/.wh..wh..opq' }, disk('disk/new.img', raw))]);
  const removed = await pulled([lower, await layerOf({ name: 'disk/.wh.old.qcow2' }, disk('disk/new.img', raw))]);
  const whole = await pulled([lower, await layerOf({ name: '.wh.disk' }), await layerOf(disk('disk/new.img', raw))]);
  const replaced = await pulled([lower, await layerOf(disk('disk/old.qcow2', raw))]);
  expect([opaque, removed, whole, replaced].map(({ format }) => format)).toEqual(['raw', 'raw', 'raw', 'raw']);
  expect(readdirSync(path.dirname(replaced.path)).toSorted()).toEqual(['disk.raw', 'info.json']);
});

test.each<{ readonly title: string; readonly layers: () => Promise<readonly Buffer[]>; readonly says: RegExp; readonly path?: string }>([
  {
    title: 'two disks',
    layers: async () => [await layerOf(disk('disk/a.qcow2'), disk('disk/b.qcow2'))],
    says: /more than one file found in folder \/disk, only one disk is allowed/,
  },
  {
    title: 'a link in place of the disk',
    layers: async () => [await layerOf({ name: 'disk/a', type: 'symlink', linkname: '/etc/shadow' })],
    says: /\/disk\/a in .* is a link, not a file/,
  },
  {
    title: 'a hard link out of the image',
    layers: async () => [await layerOf({ name: 'disk/a', type: 'link', linkname: '../../etc/shadow' })],
    says: /is a link, not a file/,
  },
  { title: 'a pipe', layers: async () => [await layerOf({ name: 'disk/a', type: 'fifo' })], says: /is a special file, not a file/ },
  {
    title: 'a folder that is a link',
    layers: async () => [await layerOf({ name: 'disk', type: 'symlink', linkname: '/etc' }, disk('disk/shadow'))],
    says: /\/disk in the image .* is a link where a folder must be/,
  },
  {
    title: 'a link above the named file',
    layers: async () => [await layerOf(disk('images/a.qcow2')), await layerOf({ name: 'images', type: 'symlink', linkname: '/etc' })],
    says: /\/images in the image .* is a link where a folder must be/,
    path: 'images/a.qcow2',
  },
  {
    title: 'a name that climbs',
    layers: async () => [await layerOf(disk('disk/../../../../tmp/escaped.qcow2'))],
    says: /holds a file whose name leads out of it/,
  },
  {
    title: 'a qcow2 image that names a file of this computer',
    layers: async () => {
      const name = Buffer.from('/etc/shadow');
      const bad = qcow2Bytes({ backingOffset: 4096n, backingLength: name.length }, [{ at: 4096, bytes: name }]);
      return [await layerOf(disk('disk/a.qcow2', Buffer.concat([bad, Buffer.alloc(soundFileBytes - 65536)])))];
    },
    says: /The disk in .* is refused: The image is only the difference to another file \("\/etc\/shadow"\)/,
  },
  {
    title: 'a program',
    layers: async () => [await layerOf(disk('disk/a.img', Buffer.from('\x7fELF program')))],
    says: /This is a program, not a disk image/,
  },
  {
    title: 'a packed disk',
    layers: async () => [await layerOf(disk('disk/a.qcow2.gz', gzipSync(qcow2)))],
    says: /is compressed: a container disk is a qcow2 or raw image/,
  },
  {
    title: 'a layer that is cut off',
    layers: async () => [(await layerOf(disk('disk/a.img', raw))).subarray(0, 700)],
    says: /A layer of .* is damaged/,
  },
  {
    title: 'a layer that unpacks without an end',
    layers: async () => [zstdCompressSync(await tarOf(disk('disk/a.img', Buffer.alloc(160 * 1024 * 1024))))],
    says: /unpacks to more than 1100 times its size/,
  },
])('$title is refused, and leaves nothing', async ({ layers, says, path: wanted }) => {
  const registry = await realRegistry();
  await registry.push({ repository: 'disks/bad', tag: 'one', layers: await layers() });
  const { pull, dataDir } = await bench();
  const said = await refusal(pull({ image: `${registry.host}/disks/bad:one`, ...(wanted === undefined ? {} : { path: wanted }) }));
  expect(said).toMatch(/^ImageRefused: /);
  expect(said).toMatch(says);
  expect(names(path.join(dataDir, 'cache/images'))).toEqual(['names']);
});

const account = { user: 'ada', password: 'geheim', hash: '$2b$04$8QTSlWJjU85dSunh78jvnuVZP8OxeLeNE2D8CuyJpkyTsZiWQOQcC' };

describe('a registry with accounts', () => {
  const authFile = (registry: RealRegistry, password: string): string =>
    JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from(`ada:${password}`).toString('base64') } } });

  test('gives its images to who has the password, which is in no argument and in no file afterwards', async () => {
    const registry = await realRegistry({ account });
    await registry.push({ repository: 'disks/own', tag: 'one', layers: [await layerOf(disk('disk/a.qcow2'))] });
    const { pull, dataDir } = await bench();
    const image = `${registry.host}/disks/own:one`;
    const spied = spyOnArguments();
    expect(await refusal(pull({ image }))).toMatch(/^ImageFetchFailed: The registry does not give .* to everybody/);
    expect(await refusal(pull({ image, credentials: authFile(registry, 'wrong') }))).toMatch(/user or password is missing or wrong/);
    expect(await pull({ image, credentials: authFile(registry, 'geheim') })).toMatchObject({ format: 'qcow2' });
    expect(spied.stop()).toEqual({ sawSkopeo: true, sawSecret: false });
    const left = names(dataDir).filter(
      (name) =>
        statSync(path.join(dataDir, name)).isFile() &&
        readFileSync(path.join(dataDir, name)).includes(Buffer.from('ada:geheim').toString('base64')),
    );
    expect(left).toEqual([]);
  });
});

describe('a registry with a certificate of an authority of its own', () => {
  const secure = async (): Promise<{ readonly registry: RealRegistry; readonly image: string; readonly digest: string }> => {
    const registry = await realRegistry({ account, tls: true });
    const digest = await registry.push({ repository: 'disks/own', tag: 'one', layers: [await layerOf(disk('disk/a.qcow2'))] });
    return { registry, image: `${registry.host}/disks/own`, digest };
  };
  const credentialsOf = (registry: RealRegistry, password = 'geheim'): string =>
    registryCredentials({ accessKeyId: 'ada', secretKey: password }, registry.host) ?? '';

  test('gives its images to who names the authority and has the password, by tag and by digest', async () => {
    const { registry, image, digest } = await secure();
    const { pull, dataDir } = await bench();
    const [credentials, authorities] = [credentialsOf(registry), registry.authority ?? ''];
    const known = { insecure: false, credentials, authorities };
    expect(await refusal(pull({ ...known, image: `${image}:one`, authorities: '' }))).toMatch(
      /certificate of the registry of .* is not trusted/,
    );
    expect(await refusal(pull({ ...known, image: `${image}:one`, credentials: credentialsOf(registry, 'wrong') }))).toMatch(
      /user or password is missing or wrong/,
    );
    expect(await refusal(pull({ insecure: false, authorities, image: `${image}:one` }))).toMatch(/user or password is missing/);
    expect(await pull({ ...known, image: `${image}@${digest}` })).toMatchObject({ digest, format: 'qcow2' });
    expect(await pull({ ...known, image: `${image}:one` })).toMatchObject({ digest, format: 'qcow2' });
    const other = `sha256:${'0'.repeat(64)}`;
    expect(await refusal(pull({ ...known, image: `${image}@${other}` }))).toMatch(/The registry has no image .*@sha256:000/);
    expect(names(dataDir).filter((name) => name.endsWith('.crt') || name.includes('.auth'))).toEqual([]);
  });

  test('or has it where podman and skopeo look for it', async () => {
    const { registry, image } = await secure();
    const home = tempDir();
    const folder = path.join(home, '.config/containers/certs.d', registry.host);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'ca.crt'), registry.authority ?? '');
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());
    const { pull } = await bench();
    const ask = { image: `${image}:one`, insecure: false, credentials: credentialsOf(registry) };
    expect(await pull(ask)).toMatchObject({ format: 'qcow2' });
  });
});

/** Looks at the command lines of this computer while something runs. */
function spyOnArguments(): { stop(): { readonly sawSkopeo: boolean; readonly sawSecret: boolean } } {
  let [sawSkopeo, sawSecret] = [false, false];
  const secret = Buffer.from('ada:geheim').toString('base64');
  const timer = setInterval(() => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = argumentsOf(pid);
      if (line.includes('skopeo') && line.includes('authfile')) sawSkopeo = true;
      if (line.includes('skopeo') && (line.includes('geheim') || line.includes(secret))) sawSecret = true;
    }
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return { sawSkopeo, sawSecret };
    },
  };
}

function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // It has just ended.
  }
}

test('why a registry cannot be asked is said, with what to do', async () => {
  const registry = await realRegistry();
  const { pull } = await bench();
  expect(await refusal(pull({ image: `${registry.host}/disks/none:one` }))).toMatch(/The registry has no image/);
  expect(await refusal(pull({ image: `${registry.host}/disks/none:one`, insecure: false }))).toMatch(/does not speak https/);
  expect(await refusal(pull({ image: '127.0.0.1:1/disks/none:one' }))).toMatch(/does not answer/);
});

test('a pull that is cancelled leaves nothing, and another one goes on', async () => {
  const registry = await realRegistry();
  await registry.push({ repository: 'disks/tiny', tag: 'one', layers: [await layerOf(disk('disk/a.qcow2'))] });
  const { images, pull, dataDir } = await bench();
  const image = `${registry.host}/disks/tiny:one`;
  const first = images.pull({ image, insecure: true }, ({ step }) => {
    if (step === 'download') first.cancel();
  });
  expect(await refusal(first.done)).toBe('Timeout: The pull was cancelled.');
  expect(names(path.join(dataDir, 'cache/images'))).toEqual(['names']);
  const [one, two] = await Promise.all([pull({ image }), pull({ image })]);
  expect(one).toEqual(two);
});

test('what nobody has used for a week goes, unless a machine runs on it', async () => {
  const registry = await realRegistry();
  const { images, pull } = await bench();
  const pullOf = async (name: string): Promise<PulledImage> => {
    await registry.push({ repository: `disks/${name}`, tag: 'one', layers: [await layerOf(disk(`disk/${name}.qcow2`))] });
    return pull({ image: `${registry.host}/disks/${name}:one` });
  };
  const [old, used, fresh] = [await pullOf('old'), await pullOf('used'), await pullOf('fresh')];
  const longAgo = Date.now() / 1000 - 8 * 24 * 60 * 60;
  for (const { path: file } of [old, used]) utimesSync(path.dirname(file), longAgo, longAgo);
  await images.collect(new Set([used.path]));
  const isThere = async ({ image }: PulledImage): Promise<boolean> => (await images.cached(image)) !== undefined;
  expect([await isThere(old), await isThere(used), await isThere(fresh)]).toEqual([false, true, true]);
});

test('a layer that is not what its digest says is refused', async () => {
  const registry = await realRegistry();
  const layer = await layerOf(disk('disk/a.img', raw));
  await registry.push({ repository: 'disks/tiny', tag: 'one', layers: [layer] });
  registry.damage(createHash('sha256').update(layer).digest('hex'));
  const { pull } = await bench();
  expect(await refusal(pull({ image: `${registry.host}/disks/tiny:one` }))).toMatch(
    /^ImageFetchFailed: The image .* could not be pulled: /,
  );
});
