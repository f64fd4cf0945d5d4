// Owns writing a disk as a container image: an OCI archive with the disk below disk/, as KubeVirt's containerDisk wants it.
// Must not push it; skopeo and podman do.
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, pack, type Pack } from 'tar-stream';
import { AppError } from '../../../api/errors.ts';
import type { ContainerDiskOrder } from '../../../engine/ports.ts';
import { qemuImgConvert } from '../qemu-img.ts';

/** KubeVirt's launcher runs as qemu, whose number is 107; nobody writes to the image. */
const owner = { uid: 107, gid: 107 };
/** The same disk makes the same image, whenever it is written. */
const mtime = new Date(0);
const media = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
};

interface Blob {
  readonly digest: string;
  readonly size: number;
}

export async function writeContainerDisk(
  ownFolder: string,
  order: ContainerDiskOrder,
): Promise<{ readonly path: string; readonly digest: string }> {
  const folder = order.folder ?? ownFolder;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const target = path.join(folder, `${order.name}.oci.tar`);
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new AppError('AlreadyExists', `There is already a file ${target}. Move it away, or choose another folder.`);
  }
  const work = await mkdtemp(path.join(folder, '.container-disk-'));
  const abort = new AbortController();
  order.onBegin(() => abort.abort());
  try {
    const disk = path.join(work, 'disk.qcow2');
    await qemuImgConvert({ from: order.disk, to: { path: disk, format: 'qcow2' }, onPercent: order.onPercent, signal: abort.signal });
    const layerFile = path.join(work, 'layer.tar');
    const layer = await writeLayer(disk, layerFile);
    await rm(disk);
    const archive = path.join(work, 'archive.tar');
    const digest = await writeArchive(archive, { layerFile, layer, image: order.image, signal: abort.signal });
    await rename(archive, target);
    return { path: target, digest };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeLayer(disk: string, file: string): Promise<Blob> {
  const tar = pack();
  const hash = createHash('sha256');
  let size = 0;
  const written = pipeline(
    Readable.from(tar),
    async function* counted(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        size += chunk.byteLength;
        yield chunk;
      }
    },
    createWriteStream(file, { mode: 0o600 }),
  );
  await Promise.all([written, fillLayer(tar, disk)]);
  return { digest: `sha256:${hash.digest('hex')}`, size };
}

async function fillLayer(tar: Pack, disk: string): Promise<void> {
  tar.entry({ name: 'disk/', type: 'directory', mode: 0o555, mtime, ...owner });
  await addFile(tar, disk, { name: 'disk/disk.qcow2', mode: 0o440, mtime, size: (await stat(disk)).size, ...owner });
  tar.finalize();
}

/** The archive takes one piece after the other; it has no end of its own to wait for. */
async function addFile(tar: Pack, file: string, header: Partial<Header> & Pick<Header, 'name' | 'size'>): Promise<void> {
  const entry = tar.entry(header);
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    if (!entry.write(chunk as Buffer)) await new Promise<void>((resolve) => entry.once('drain', () => resolve()));
  }
  entry.end(undefined);
}

interface Contents {
  readonly layerFile: string;
  readonly layer: Blob;
  readonly image: string;
  readonly signal: AbortSignal;
}

/** Answers the digest of the manifest: what the image can be pinned by. */
async function writeArchive(file: string, { layerFile, layer, image, signal }: Contents): Promise<string> {
  const config = text({
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ created: mtime.toISOString(), created_by: 'virtdeck' }],
  });
  const manifest = text({
    schemaVersion: 2,
    mediaType: media.manifest,
    config: { mediaType: media.config, ...blobOf(config) },
    layers: [{ mediaType: media.layer, digest: layer.digest, size: layer.size }],
  });
  const index = text({
    schemaVersion: 2,
    mediaType: media.index,
    manifests: [{ mediaType: media.manifest, ...blobOf(manifest), annotations: { 'org.opencontainers.image.ref.name': image } }],
  });
  const tar = pack();
  const written = pipeline(Readable.from(tar), createWriteStream(file, { mode: 0o600 }), { signal });
  // skopeo unpacks with the owners that stand here, folders that do not stand here as root's: an ordinary user may do neither for somebody else.
  const own = { mtime, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const filled = async (): Promise<void> => {
    tar.entry({ name: 'oci-layout', ...own }, text({ imageLayoutVersion: '1.0.0' }));
    tar.entry({ name: 'index.json', ...own }, index);
    for (const name of ['blobs/', 'blobs/sha256/']) tar.entry({ name, type: 'directory', ...own });
    for (const blob of [config, manifest]) tar.entry({ name: nameOf(blobOf(blob)), ...own }, blob);
    await addFile(tar, layerFile, { name: nameOf(layer), size: layer.size, ...own });
    tar.finalize();
  };
  await Promise.all([written, filled()]);
  return blobOf(manifest).digest;
}

function text(value: object): string {
  return JSON.stringify(value);
}

function blobOf(content: string): Blob {
  return { digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, size: Buffer.byteLength(content) };
}

function nameOf({ digest }: Blob): string {
  return `blobs/${digest.replace(':', '/')}`;
}
