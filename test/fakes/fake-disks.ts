// Owns a DiskPort whose files are entries of a map.
// Must not touch a real disk.
import { AppError } from '../../electron/api/errors.ts';
import type { CatalogImage } from '../../electron/api/computer.ts';
import type { DiskFill, DiskPort, DiskSource, DiskTarget, FillOptions, Progress } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

/** How fills go from now on. */
export type FillMode =
  /** Done in one turn. */
  | { readonly type: 'atOnce' }
  /** Four steps of 250 ms on the clock. */
  | { readonly type: 'inSteps' }
  /** A test moves it: `fills.at(-1)`. */
  | { readonly type: 'held' }
  | { readonly type: 'fails'; readonly error: AppError };

export interface HeldFill {
  readonly target: DiskTarget;
  readonly source: DiskSource;
  cancelled: boolean;
  progress(progress: Progress): void;
  /** With a size of its own, where nobody asked for one. */
  finish(sizeBytes?: number): void;
  fail(error: AppError): void;
}

export interface FakeDisks extends DiskPort {
  mode: FillMode;
  /** Told of every fill that ends well. */
  digest: string | undefined;
  /** Every fill that was asked for, in order. */
  readonly fills: readonly HeldFill[];
}

export function fakeDisks(world: FakeWorld, gate: Gate): FakeDisks {
  const fills: HeldFill[] = [];
  const lockedBy = (path: string): string | undefined => {
    const guest = [...world.guests.values()].find(({ alive, plan }) => alive && plan.locks.includes(path));
    return guest === undefined ? undefined : String(guest.pid);
  };
  const disks: FakeDisks = {
    mode: { type: 'atOnce' },
    digest: undefined,
    fills,
    claimPath: (namespace, name, format) => `/var/virtdeck-test/disks/${namespace}/${name}.${format}`,
    inspectVolume: (path) =>
      gate(() => {
        const file = world.files.get(path);
        if (file === undefined) return { state: 'missing' as const, path, message: `There is no file ${path}.` };
        const locked = lockedBy(path);
        return {
          state: 'ready' as const,
          path,
          format: file.format,
          virtualSizeBytes: file.sizeBytes,
          writable: true,
          ...(locked === undefined ? {} : { lockedBy: locked }),
        };
      }),
    fill: (target, source, options) => startFill({ world, gate, mode: disks.mode, digest: disks.digest, fills, target, source, options }),
    rewrite: (target, write) =>
      gate(async () => {
        await write(`${target.path}.draft`);
        world.files.set(target.path, { format: target.format, sizeBytes: target.sizeBytes });
      }),
    pack: ({ disk }) =>
      gate(() => {
        const bytes = new TextEncoder().encode(`the disk ${disk.path}`);
        return {
          virtualSizeBytes: world.files.get(disk.path)?.sizeBytes ?? 0,
          totalBytes: bytes.byteLength,
          async *bytes() {
            yield bytes;
          },
          digest: () => 'sha256:pretended',
          close: async () => undefined,
        };
      }),
    usedBytes: (path) => gate(() => world.files.get(path)?.sizeBytes ?? 0),
    remove: (path) => gate(() => void world.files.delete(path)),
    snapshot: (path, action, tag) => gate(() => void world.imageSnapshots.push(`${action} ${tag} ${path}`)),
    snapshotsIn: (path) =>
      gate(() =>
        world.imageSnapshots.flatMap((line) => {
          const [action, tag = '', of] = line.split(' ');
          return action === 'take' && of === path ? [tag] : [];
        }),
      ),
    resize: (path, sizeBytes) =>
      gate(() => {
        const file = world.files.get(path);
        if (file === undefined) throw new AppError('NotFound', `There is no file ${path}.`);
        world.files.set(path, { ...file, sizeBytes: Math.max(file.sizeBytes, sizeBytes) });
      }),
    inspectImage: (path) =>
      gate(() => {
        const file = world.files.get(path);
        if (file === undefined) {
          const causes = [{ reason: 'NotFound', field: 'path', message: `There is no file ${path}.` }];
          return { path, format: 'unknown' as const, virtualSizeBytes: 0, actualSizeBytes: 0, causes };
        }
        // A disc is raw to qemu-img; it is recognised by what stands in it.
        const format = path.endsWith('.iso') ? ('iso' as const) : file.format;
        return { path, format, virtualSizeBytes: file.sizeBytes, actualSizeBytes: 4096, bootable: true, causes: [] };
      }),
    listDirectory: (path) =>
      gate(() => ({
        path,
        ...(path === '/' ? {} : { parent: path.replace(/\/[^/]*$/, '') || '/' }),
        entries: [...world.files]
          .filter(([file]) => file.startsWith(`${path}/`) && !file.slice(path.length + 1).includes('/'))
          .map(([file, { sizeBytes }]) => ({ name: file.slice(path.length + 1), type: 'file' as const, sizeBytes })),
      })),
    catalog: () => gate(() => [debianImage]),
    poolSpace: () => gate(() => ({ path: '/var/virtdeck-test/disks', totalBytes: 500 * 2 ** 30, freeBytes: 400 * 2 ** 30 })),
  };
  return disks;
}

interface FillRequest {
  readonly world: FakeWorld;
  readonly gate: Gate;
  readonly mode: FillMode;
  readonly fills: HeldFill[];
  readonly digest: string | undefined;
  readonly target: DiskTarget;
  readonly source: DiskSource;
  readonly options: FillOptions;
}

function startFill({ world, gate, mode, digest, fills, target, source, options }: FillRequest): DiskFill {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly virtualSizeBytes: number; readonly digest?: string }>();
  let over = false;
  const fill: HeldFill = {
    target,
    source,
    cancelled: false,
    progress(progress) {
      if (!over) options.onProgress(progress);
    },
    finish(sizeBytes = target.sizeBytes) {
      if (over) return;
      over = true;
      world.files.set(target.path, { format: target.format, sizeBytes });
      resolve({ virtualSizeBytes: sizeBytes, ...(digest === undefined ? {} : { digest }) });
    },
    fail(error) {
      if (over) return;
      over = true;
      reject(error);
    },
  };
  fills.push(fill);
  // Through the gate as everything: a dead core never hears that its fill ended, and its fill does not end.
  const done = gate(async () => {
    if (source.type === 'clone' && !world.files.has(source.path)) {
      fill.fail(new AppError('NotFound', `There is no file ${source.path}.`));
      return promise;
    }
    for await (const chunk of options.bytes ?? []) fill.progress({ step: 'upload', doneBytes: chunk.length });
    switch (mode.type) {
      case 'atOnce':
        fill.finish();
        break;
      case 'fails':
        fill.fail(mode.error);
        break;
      case 'inSteps':
        inSteps(world, fill);
        break;
      case 'held':
        break;
    }
    return promise;
  });
  return {
    done,
    cancel() {
      fill.cancelled = true;
      fill.fail(new AppError('Timeout', 'The filling of the disk was cancelled.'));
    },
  };
}

function inSteps(world: FakeWorld, fill: HeldFill): void {
  const totalBytes = 1_000_000;
  const step = (percent: number): void => {
    if (percent >= 100) fill.finish();
    else {
      fill.progress({
        step: fill.source.type === 'http' ? 'download' : 'copy',
        percent,
        doneBytes: percent * 10_000,
        totalBytes,
        secondsLeft: 1,
      });
      world.clock.after(250, () => step(percent + 25));
    }
  };
  step(25);
}

const debianImage: CatalogImage = {
  id: 'debian-12',
  os: 'debian',
  name: 'Debian 12 (bookworm)',
  version: '12',
  type: 'cloud-image',
  arch: 'amd64',
  url: 'https://cloud.debian.example/debian-12-generic-amd64.qcow2',
  sizeBytes: 340_000_000,
  format: 'qcow2',
  checksum: { algorithm: 'sha512', value: '0'.repeat(128) },
  minMemoryMiB: 512,
  minDiskGiB: 3,
  cloudInit: true,
  defaultUser: 'debian',
};
