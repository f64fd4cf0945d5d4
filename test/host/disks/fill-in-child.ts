// Owns filling one disk in a process of its own, so that a test can limit it or kill it. Prints a line when a copy is under way,
// and a line of JSON at the end.
// Must not be imported.
import { AppError } from '../../../electron/api/errors.ts';
import type { DiskSource, Log } from '../../../electron/engine/ports.ts';
import { createDisks } from '../../../electron/host/disks/disks.ts';
import { createImageCache } from '../../../electron/host/images/registry/image-cache.ts';

const [dataDir = '', source = '{}', size = '0'] = process.argv.slice(2);
const quiet: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const disks = await createDisks({ dataDir, images: await createImageCache(dataDir), log: quiet });
const path = disks.claimPath('default', 'disk', 'qcow2');
// oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- disks are filled here, no array
const fill = disks.fill({ path, format: 'qcow2', sizeBytes: Number(size) }, JSON.parse(source) as DiskSource, {
  onProgress: ({ step }) => process.stdout.write(`${step}\n`),
});
const outcome = await fill.done.then(
  () => 'done',
  (error: unknown) => (error instanceof AppError ? error.code : String(error)),
);
process.stdout.write(`${JSON.stringify({ outcome })}\n`);
