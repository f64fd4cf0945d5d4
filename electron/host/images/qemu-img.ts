// Owns running qemu-img: the format is always named, nothing that an image points at is opened, memory and time are bounded.
// Must not be given an image whose header has not been looked at.
import { z } from 'zod';
import { AppError } from '../../api/errors.ts';
import { findProgram, runCommand, type Command, type CommandResult } from '../exec.ts';
import type { ImageFormat } from './format.ts';

/** The bounds that OpenStack found to be enough for every honest image, and too little for one made to exhaust the host. */
const infoLimits = ['--as=1073741824', '--cpu=30'];
/** A conversion may take long on a slow disk, so only its memory is bounded. */
const convertLimits = ['--as=4294967296'];
const infoTimeoutMs = 60_000;
const convertTimeoutMs = 6 * 60 * 60_000;

/** qemu-img's name of the driver; ISO images are raw bytes to it. */
function driverOf(format: ImageFormat): string {
  return format === 'iso' ? 'raw' : format;
}

/** A file name as QEMU takes it without guessing: no protocol prefix, no backing file, whatever the header says. */
function pinned(path: string, format: ImageFormat): string {
  const driver = driverOf(format);
  const file = { driver: 'file', filename: path };
  // Only these drivers know backing files; the others refuse the option.
  return `json:${JSON.stringify(['qcow2', 'vmdk'].includes(driver) ? { driver, file, backing: null } : { driver, file })}`;
}

const infoShape = z.object({ 'virtual-size': z.int().nonnegative() });

/** Virtual size as qemu-img sees it. Throws ImageRefused with its words. */
export async function qemuImgVirtualSize(path: string, format: ImageFormat): Promise<number> {
  const result = await qemuImg({ limits: infoLimits, args: ['info', '--output=json', pinned(path, format)], timeoutMs: infoTimeoutMs });
  if (result.code !== 0) throw new AppError('ImageRefused', `QEMU cannot read the image: ${lastWords(result)}`);
  const info = infoShape.safeParse(JSON.parse(result.stdout));
  if (!info.success) throw new AppError('ImageRefused', 'QEMU says nothing of the size of the image.');
  return info.data['virtual-size'];
}

export interface Conversion {
  readonly from: { readonly path: string; readonly format: ImageFormat };
  readonly to: { readonly path: string; readonly format: 'qcow2' | 'raw' };
  readonly onPercent: (percent: number) => void;
  readonly signal?: AbortSignal;
}

/** Writes a new file; what was read as zeros stays a hole. Throws as toolFailure does. */
export async function qemuImgConvert({ from, to, onPercent, signal }: Conversion): Promise<void> {
  const args = ['convert', '-p', '-O', to.format, pinned(from.path, from.format), to.path];
  const result = await qemuImg({
    limits: convertLimits,
    args,
    timeoutMs: convertTimeoutMs,
    // `    (12.34/100%)`, rewritten with a carriage return.
    onStdoutLine: (line) => {
      const percent = /\((\d+\.\d+)\/100%\)/.exec(line)?.[1];
      if (percent !== undefined) onPercent(Number(percent));
    },
    ...(signal === undefined ? {} : { signal }),
  });
  if (result.code !== 0) throw toolFailure('copied', result);
}

export async function qemuImgCreate(path: string, format: 'qcow2' | 'raw', sizeBytes: number): Promise<void> {
  const result = await qemuImg({
    limits: infoLimits,
    args: ['create', '-q', '-f', format, path, String(sizeBytes)],
    timeoutMs: infoTimeoutMs,
  });
  if (result.code !== 0) throw toolFailure('made', result);
}

/** Grows an image that nobody has open. */
export async function qemuImgGrow(path: string, format: 'qcow2' | 'raw', sizeBytes: number): Promise<void> {
  const result = await qemuImg({
    limits: infoLimits,
    args: ['resize', '-q', '-f', format, path, String(sizeBytes)],
    timeoutMs: infoTimeoutMs,
  });
  if (result.code !== 0) throw toolFailure('grown', result);
}

const snapshotActions = {
  take: { flag: '-c', what: 'kept' },
  goBack: { flag: '-a', what: 'taken back' },
  forget: { flag: '-d', what: 'freed' },
} as const;

/** Inside a qcow2 image that nobody has open. To forget what is not there is no failure. */
export async function qemuImgSnapshot(path: string, action: keyof typeof snapshotActions, tag: string): Promise<void> {
  const { flag, what } = snapshotActions[action];
  // This command takes no -f; a comma in a name is written twice.
  const image = `driver=qcow2,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`;
  const args = ['snapshot', '-q', '--image-opts', flag, tag, image];
  const result = await qemuImg({ limits: convertLimits, args, timeoutMs: convertTimeoutMs });
  if (result.code === 0 || (action === 'forget' && /not find|not found|does not exist/i.test(result.stderr))) return;
  throw toolFailure(what, result);
}

const snapshotsShape = z.object({ snapshots: z.array(z.object({ name: z.string() })).optional() });

export async function qemuImgSnapshots(path: string): Promise<readonly string[]> {
  const result = await qemuImg({ limits: infoLimits, args: ['info', '--output=json', pinned(path, 'qcow2')], timeoutMs: infoTimeoutMs });
  if (result.code !== 0) throw toolFailure('read', result);
  return snapshotsShape.parse(JSON.parse(result.stdout)).snapshots?.map(({ name }) => name) ?? [];
}

interface Run extends Pick<Command, 'timeoutMs' | 'onStdoutLine' | 'signal'> {
  readonly limits: readonly string[];
  readonly args: readonly string[];
}

async function qemuImg({ limits, args, ...rest }: Run): Promise<CommandResult> {
  // prlimit would say it in words that name no package.
  if ((await findProgram('qemu-img')) === undefined)
    throw new AppError('ToolFailed', 'The program qemu-img is not installed. Install the package that contains it: qemu-utils in Debian.');
  return await runCommand({ program: 'prlimit', args: [...limits, '--', 'qemu-img', ...args], ...rest });
}

/** ENOSPC is left as such for the caller, who knows how much was needed. */
function toolFailure(what: string, result: CommandResult): Error {
  const words = lastWords(result);
  if (/No space left on device|Disk quota exceeded|File too large/.test(words)) return Object.assign(new Error(words), { code: 'ENOSPC' });
  return new AppError('ToolFailed', `The disk could not be ${what}: qemu-img said: ${words}`);
}

function lastWords(result: CommandResult): string {
  const line = result.stderr.trim().split('\n').at(-1) ?? '';
  const words = line.replace(/^qemu-img: /, '').replaceAll(/'?json:\{[^']*\}'?/g, 'the image');
  return words === '' ? `it ended with ${result.signal ?? `code ${result.code}`}` : words;
}
