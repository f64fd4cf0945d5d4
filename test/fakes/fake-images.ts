// Owns an ImagePort whose registries are entries of a map.
// Must not touch a network.
import type { AppError } from '../../electron/api/errors.ts';
import type { ImagePort, ImagePull, Progress, PulledImage } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export interface HeldPull {
  readonly pull: ImagePull;
  cancelled: boolean;
  progress(progress: Progress): void;
  finish(): void;
  fail(error: AppError): void;
}

export interface FakeImages extends ImagePort {
  /** `held`: a test moves it by `pulls.at(-1)`. */
  mode: 'atOnce' | 'held' | { readonly fails: AppError };
  readonly pulls: readonly HeldPull[];
  readonly collected: readonly ReadonlySet<string>[];
}

export const fakeDigest = `sha256:${'a'.repeat(64)}`;

export function fakeImages(world: FakeWorld, gate: Gate): FakeImages {
  const pulls: HeldPull[] = [];
  const collected: ReadonlySet<string>[] = [];
  const fileOf = (image: string, path: string | undefined): string =>
    `/var/virtdeck-test/cache/${encodeURIComponent(`${image}/${path ?? ''}`)}/disk.qcow2`;
  const found = (image: string, path: string | undefined): PulledImage => ({
    image,
    digest: fakeDigest,
    path: fileOf(image, path),
    format: 'qcow2',
    virtualSizeBytes: 2 ** 30,
  });
  const images: FakeImages = {
    mode: 'atOnce',
    pulls,
    collected,
    cached: (image, { path } = {}) => gate(() => (world.files.has(fileOf(image, path)) ? found(image, path) : undefined)),
    pull(pull, onProgress) {
      const { promise, resolve, reject } = Promise.withResolvers<PulledImage>();
      const held: HeldPull = {
        pull,
        cancelled: false,
        progress: onProgress,
        finish() {
          world.files.set(fileOf(pull.image, pull.path), { format: 'qcow2', sizeBytes: 2 ** 30 });
          resolve(found(pull.image, pull.path));
        },
        fail: reject,
      };
      pulls.push(held);
      const { mode } = images;
      if (mode === 'atOnce') held.finish();
      else if (mode !== 'held') held.fail(mode.fails);
      return { done: gate(() => promise), cancel: () => void (held.cancelled = true) };
    },
    writeContainerDisk: ({ name }) => gate(() => ({ path: `/var/virtdeck-test/container-disks/${name}.oci.tar`, digest: fakeDigest })),
    collect: (inUse) => gate(() => void collected.push(inUse)),
  };
  return images;
}
