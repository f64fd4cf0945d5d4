// Owns whether the privileged program would write a file as it is planned: found before anything is done, not in the middle of it.
// Must not be milder than native/helper; a test asks both.
import type { Cause } from '../../api/errors.ts';
import type { PreparationFile, PreparationStep } from '../../api/preparation.ts';
import { argumentWords, closedForms, isOfForm } from './closed-forms.ts';
import type { PreparationFacts, Untouchable } from './preparation-facts.ts';

/** One byte less than its buffer has. */
const contentMaxBytes = 32_767;

export interface FileChange {
  readonly file: PreparationFile;
  readonly entry?: string;
  /** Absent: there is no such file. */
  readonly before?: string;
  readonly after: string;
}

export function isGoodChange({ file, entry, before, after }: FileChange, cmdline: string): boolean {
  const isEntry = file.startsWith('loader-entry-');
  if (isEntry !== (entry !== undefined) || (entry !== undefined && !isEntryName(entry))) return false;
  // A boot entry is changed, never made.
  if (isEntry && before === undefined) return false;
  if (/[\0\r]/.test(after) || utf8Bytes(after) > contentMaxBytes) return false;
  if (file === 'kernel-cmdline' && before === undefined) return after !== '' && strangeLines(file, after, cmdline).length === 0;
  const old = before ?? '';
  const [stood, stands] = [strangeLines(file, old, old), strangeLines(file, after, old)];
  if (stood.length !== stands.length || stood.some((line, index) => line !== stands[index])) return false;
  return !closedForms[file].some(({ rest }) => rest === 'ARGUMENTS') || keepsWords(old, after);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/** In their order; those of a form may come, go and change. */
function strangeLines(file: PreparationFile, text: string, known: string): readonly string[] {
  return text.split('\n').filter((line) => !isOfForm(file, line, known));
}

function keepsWords(before: string, after: string): boolean {
  const there = new Set(argumentWords(after));
  return argumentWords(before).every((word) => there.has(word));
}

function isEntryName(name: string): boolean {
  return name.length >= 6 && name.length <= 100 && /^[A-Za-z0-9_+-][A-Za-z0-9_.+-]*\.conf$/.test(name);
}

const untouchableWords: Readonly<Record<Untouchable, (file: string) => string>> = {
  link: (file) => `${file} is not changed by a program: it is a link, or is reached by one.`,
  notRoots: (file) => `${file} is not changed by a program: it, or its folder, is not root's alone to write.`,
  notPlain: (file) => `${file} is not changed by a program: it is no plain file of one name.`,
};

/** Each step that would be refused when it is its turn. */
export function refusedSteps(steps: readonly PreparationStep[], { cmdline, untouchable }: PreparationFacts): readonly Cause[] {
  return steps.flatMap(({ action }): readonly Cause[] => {
    if (action.type !== 'write') return [];
    const { path } = action;
    const why = untouchable[path];
    if (why !== undefined) {
      return [
        {
          reason: 'FileNotOurs',
          field: path,
          message: untouchableWords[why](path),
          fix: 'Make it a plain file of root that nobody else may write, or change it by hand as it is shown.',
        },
      ];
    }
    if (isGoodChange(action, cmdline)) return [];
    return [
      {
        reason: 'FileNotUnderstood',
        field: path,
        message: `What ${path} is to say is more than the privileged program writes, or leaves out what is there.`,
        fix: 'Only lines that hand devices to vfio-pci are written. Change the file by hand as it is shown.',
      },
    ];
  });
}
