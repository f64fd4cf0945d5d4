// Owns making small ISO 9660 media (first-boot data, Secrets and ConfigMaps as disks) with xorriso.
// Must not know what is on them; what they hold may be secret, so it never stands in an argument.
import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../api/errors.ts';
import { runCommand } from './exec.ts';
import { writePrivateFile } from './private-file.ts';

export interface IsoContent {
  /** What the guest finds the medium by. Joliet keeps 16 characters of it. */
  readonly label: string;
  /** Contents by path on the medium: `user-data`, `openstack/latest/user_data`. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

const timeoutMs = 30_000;

/** Makes the medium at `path`, mode 0600, or leaves what was there. Linux reads its Rock Ridge names, Windows its Joliet names. Throws DiskFull, ToolFailed. */
export async function writeIso(path: string, { label, files }: IsoContent): Promise<void> {
  // Beside the target: 0700 by mkdtemp, and on the same file system for the rename.
  const stage = await mkdtemp(`${path}.`);
  try {
    const maps: string[] = [];
    for (const [index, [name, content]] of Object.entries(files).entries()) {
      // Named by number: what a manifest calls a file never becomes a path of ours.
      const source = join(stage, `${index}`);
      await writePrivateFile(source, content);
      maps.push('-map', source, `/${name}`);
    }
    const draft = join(stage, 'medium.iso');
    // Opened by us first, so that it is private from its first byte on.
    await writeFile(draft, '', { mode: 0o600 });
    await runXorriso([...opening(draft, label), ...maps, ...readableByAll, '-commit', '-end'], path);
    await chmod(draft, 0o600);
    await rename(draft, path);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** `-no_rc`: nobody's start-up files. Without padding, or 300 KiB would be added for the sake of CD drives of old. */
function opening(draft: string, label: string): readonly string[] {
  const quiet = ['-no_rc', '-abort_on', 'FAILURE', '-report_about', 'SORRY'];
  const names = ['-joliet', 'on', '-compliance', 'joliet_long_names'];
  return [...quiet, '-outdev', `stdio:${draft}`, '-volid', label, ...names, '-padding', '0', '-uid', '0', '-gid', '0'];
}

/** The staged files are private; who may read them inside the guest is the guest's to say. */
const readableByAll = [
  '-find',
  '/',
  '-type',
  'd',
  '-exec',
  'chmod',
  '0555',
  '--',
  '-find',
  '/',
  '-type',
  'f',
  '-exec',
  'chmod',
  '0444',
  '--',
];

async function runXorriso(args: readonly string[], path: string): Promise<void> {
  const { code, stderr } = await runCommand({ program: 'xorriso', args, timeoutMs });
  if (code === 0) return;
  if (stderr.includes('No space left on device') || stderr.includes('Disk quota exceeded')) {
    throw new AppError('DiskFull', `There is no space left for ${path}. Free space and start again.`);
  }
  const said = stderr.split('\n').find((line) => /: (?:SORRY|FAILURE|FATAL) :/.test(line)) ?? stderr.trim();
  throw new AppError('ToolFailed', `The medium ${path} could not be made: ${said}`);
}
