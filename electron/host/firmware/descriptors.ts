// Owns finding UEFI firmware by the rules of QEMU's docs/interop/firmware.json, which every distribution follows.
// Must not choose one; core does.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { FirmwareDescriptor } from '../../core/facts.ts';
import type { Log } from '../../engine/ports.ts';
import { errnoOf, reasonOf } from '../errno.ts';

const formatSchema = z.enum(['raw', 'qcow2']);
const fileSchema = z.object({ filename: z.string(), format: formatSchema });

const descriptorSchema = z.object({
  'interface-types': z.array(z.string()),
  mapping: z.object({ device: z.string() }).loose(),
  targets: z.array(z.object({ architecture: z.string(), machines: z.array(z.string()) })),
  features: z.array(z.string()),
});

/** Flash with a template for the variables. `mode` appeared later; without it such a mapping is split. */
const flashSchema = z.object({
  device: z.literal('flash'),
  mode: z.literal('split').default('split'),
  executable: fileSchema,
  'nvram-template': fileSchema,
});

export interface DescriptorDirs {
  /** In front of every path, for tests. */
  readonly root?: string;
  /** `$XDG_CONFIG_HOME`, or `~/.config`. */
  readonly configHome?: string;
}

/**
 * In order of preference: sorted by file name over all directories, as firmware.json demands. A name in an earlier directory
 * (the user's, /etc, /usr/share) hides the same name in a later one; an empty file hides without putting anything in its place.
 */
export async function firmwareDescriptors(dirs: DescriptorDirs, log: Log): Promise<readonly FirmwareDescriptor[]> {
  const { root = '/', configHome } = dirs;
  const directories = [
    ...(configHome === undefined ? [] : [path.join(configHome, 'qemu/firmware')]),
    path.join(root, 'etc/qemu/firmware'),
    path.join(root, 'usr/share/qemu/firmware'),
  ];
  const byName = new Map<string, string>();
  for (const directory of directories) {
    for (const name of await jsonFiles(directory)) {
      if (!byName.has(name)) byName.set(name, path.join(directory, name));
    }
  }
  const names = [...byName.keys()].toSorted(byBytes);
  const found = await Promise.all(names.map((name) => readDescriptor(byName.get(name) ?? name, log)));
  return found.filter((each) => each !== undefined);
}

async function jsonFiles(directory: string): Promise<readonly string[]> {
  try {
    return (await readdir(directory)).filter((name) => name.endsWith('.json'));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(errnoOf(error) ?? '')) return [];
    throw error;
  }
}

async function readDescriptor(file: string, log: Log): Promise<FirmwareDescriptor | undefined> {
  try {
    const text = await readFile(file, 'utf8');
    if (text.trim() === '') return undefined;
    return parseDescriptor(file, JSON.parse(text));
  } catch (error) {
    // One bad file of a package must not hide the others.
    log.warn('A firmware descriptor cannot be read.', { file, reason: reasonOf(error) });
    return undefined;
  }
}

/** Undefined for what is no flash firmware (memory-mapped, kernels); throws for what does not follow firmware.json. */
function parseDescriptor(file: string, value: unknown): FirmwareDescriptor | undefined {
  const descriptor = descriptorSchema.parse(value);
  if (descriptor.mapping.device !== 'flash') return undefined;
  const flash = flashSchema.safeParse(descriptor.mapping);
  // combined and stateless images have no variables of their own for each machine.
  if (!flash.success) return undefined;
  const template = flash.data['nvram-template'];
  return {
    file,
    interfaceTypes: descriptor['interface-types'],
    executable: { path: flash.data.executable.filename, format: flash.data.executable.format },
    nvramTemplate: { path: template.filename, format: template.format },
    targets: descriptor.targets,
    features: descriptor.features,
  };
}

/** By bytes and not by language, so that every computer has the same order. */
function byBytes(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
