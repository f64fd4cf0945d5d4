// Owns running the privileged program: as it is when we are root or the kernel needs no root, else through pkexec.
// Must not decide what is asked for, nor judge an answer beyond its shape.
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { AppError } from '../../api/errors.ts';
import { type PrivilegedRequest, privilegedWords } from '../../api/privileged.ts';
import type { NetworkFacts } from '../../core/network/network-facts.ts';
import { bundledHelper, installedHelper } from '../../../native/index.ts';
import { type CommandResult, findProgram, runCommand } from '../exec.ts';
import { isThere } from '../is-there.ts';

/** Nobody reads a question for longer; what was asked for can be asked for again. */
const passwordMs = 120_000;
/** Before it does what is asked for, it may finish what a run that was ended left, and gives a driver 8 s there. */
const directMs = 20_000;
/** The kernel moves other memory out of the way page by page; ended in the middle, the pool would stay half filled. */
const pagesMs = 120_000;
/** The program itself gives a driver 8 s to let go of a device. */
const driverMs = 30_000;
/** A first file system for each kernel, on a slow disk. */
const programMs = 30 * 60_000;
/** pkexec's own: the question was dismissed, or could not be asked. */
const dismissed = 126;
const notAuthorized = 127;

const directTimes: Partial<Record<PrivilegedRequest['verb'], number>> = {
  'hugepages-set': pagesMs,
  'vfio-bind': driverMs,
  'vfio-unbind': driverMs,
  'sriov-set': driverMs,
  'mdev-create': driverMs,
  'mdev-remove': driverMs,
  'bootloader-update': programMs,
  'initramfs-update': programMs,
};

export async function privilege(): Promise<NetworkFacts['privilege']> {
  if (bundledHelper === undefined) return 'missing';
  if (process.geteuid?.() === 0) return 'root';
  return (await isInstalled()) && (await findProgram('pkexec')) !== undefined ? 'pkexec' : 'uninstalled';
}

/** Only a file that nobody but root can have put there is handed to pkexec. */
async function isInstalled(): Promise<boolean> {
  if (!(await isThere(installedHelper))) return false;
  const { uid, mode } = await stat(installedHelper);
  return uid === 0 && (mode & 0o022) === 0;
}

const answerSchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), undo: z.looseObject({ verb: z.string() }).optional() }),
  z.object({ ok: z.literal(false), code: z.string(), field: z.string(), message: z.string(), errno: z.number().optional() }),
]);

/** Throws Forbidden when no password was given or no root is to be had; Conflict when somebody has it, else ToolFailed, with the program's reason. */
export async function askPrivileged(request: PrivilegedRequest): Promise<void> {
  const { result, isDirect } = await run(request);
  if (!isDirect && [dismissed, notAuthorized].includes(result.code ?? 0) && result.stdout === '') {
    throw new AppError('Forbidden', `No administrator's password was given, so Virtdeck could not ${privilegedWords(request)}.`);
  }
  const answer = answerSchema.safeParse(parsed(result.stdout)).data;
  if (answer?.ok === true) return;
  const why = answer === undefined ? result.stderr.trim() || `it ended with ${result.code ?? result.signal}` : textOf(answer);
  // Somebody has it, and that passes.
  const code = answer?.code === 'Busy' || answer?.code === 'Changed' ? 'Conflict' : 'ToolFailed';
  const causes = answer === undefined ? [] : [{ reason: answer.code, field: answer.field, message: `${answer.message}.` }];
  throw new AppError(code, `Virtdeck could not ${privilegedWords(request)}: ${why}.`, { causes });
}

async function run(request: PrivilegedRequest): Promise<{ readonly result: CommandResult; readonly isDirect: boolean }> {
  const input = privilegedInput(request);
  // The owner of a tap may remove it: the kernel asks for no more, so nobody is asked for a password at the end of a machine.
  const isDirect = process.geteuid?.() === 0 || request.verb === 'tap-delete';
  if (isDirect) {
    if (bundledHelper === undefined) throw new AppError('ToolFailed', 'There is no privileged program for this processor.');
    return {
      result: await runCommand({
        program: bundledHelper,
        args: [],
        input,
        timeoutMs: directTimes[request.verb] ?? directMs,
      }),
      isDirect,
    };
  }
  if ((await privilege()) !== 'pkexec') {
    throw new AppError('Forbidden', `Only root may ${privilegedWords(request)}. Let an administrator run: sudo npm run helper -- install`);
  }
  const timeoutMs = passwordMs + (directTimes[request.verb] ?? 0);
  return { result: await runCommand({ program: 'pkexec', args: [installedHelper], input, timeoutMs }), isDirect };
}

/** What the program reads: a line of JSON, and behind it the text of a file. */
export function privilegedInput(request: PrivilegedRequest): string {
  if (request.verb !== 'file-write') return JSON.stringify(request);
  const { content, ...rest } = request;
  return `${JSON.stringify({ ...rest, contentBytes: Buffer.byteLength(content) })}\n${content}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function textOf({ code, field, message, errno }: { code: string; field: string; message: string; errno?: number | undefined }): string {
  const where = field === '' ? '' : `${field}: `;
  return `${where}${message} (${code}${errno === undefined ? '' : `, errno ${errno}`})`;
}
