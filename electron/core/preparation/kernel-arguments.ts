// Owns adding arguments to the kernel's command line, as each kind of file writes it.
// Must not take an argument away: a stranger put it there for a reason.

import { knownKernelArguments } from '../../api/preparation.ts';

/** The closed form: nothing a shell, GRUB or a boot entry would read as more than a word. */
export function isKernelArgument(text: string): boolean {
  const [name = ''] = text.split('=');
  return (
    text.length <= maxBytes &&
    /^[a-z][a-z0-9_.-]*(?:=[A-Za-z0-9_.,:=/-]+)?$/.test(text) &&
    knownKernelArguments.some((known) => known === name || known === text)
  );
}

/** What the privileged program takes as one word. */
const maxBytes = 120;

/** Those that this list of words does not have yet. */
export function missingArguments(line: string, wanted: readonly string[]): readonly string[] {
  const there = new Set(line.split(/\s+/));
  return wanted.filter((word) => !there.has(word));
}

/** A line of words, with a newline when the text had one. */
export function withArguments(text: string, wanted: readonly string[]): string {
  const missing = missingArguments(text, wanted);
  if (missing.length === 0) return text;
  const end = text.endsWith('\n') || text === '' ? '\n' : '';
  return `${[text.trimEnd(), ...missing].filter(Boolean).join(' ')}${end}`;
}

/** The last `GRUB_CMDLINE_LINUX="…"` of /etc/default/grub counts, for GRUB sources it as a shell does. Undefined: it is written in a way that is not ours to change. */
export function withGrubArguments(text: string, wanted: readonly string[]): string | undefined {
  const lines = text.split('\n');
  const at = lines.findLastIndex((line) => /^\s*GRUB_CMDLINE_LINUX=/.test(line));
  if (at < 0) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}GRUB_CMDLINE_LINUX="${wanted.join(' ')}"\n`;
  const [, before] = /^GRUB_CMDLINE_LINUX="([A-Za-z0-9_.,:=/ -]*)"$/.exec(lines[at] ?? '') ?? [];
  if (before === undefined) return undefined;
  const missing = missingArguments(before, wanted);
  if (missing.length === 0) return text;
  const line = `GRUB_CMDLINE_LINUX="${[before, ...missing].filter(Boolean).join(' ')}"`;
  return lines.with(at, line).join('\n');
}

/** Every `options` line of a boot entry is joined to one by the loader; the last gets the words. */
export function withEntryArguments(text: string, wanted: readonly string[]): string {
  const lines = text.split('\n');
  const all = lines.filter((line) => /^options\s/.test(line)).join(' ');
  const missing = missingArguments(all, wanted);
  if (missing.length === 0) return text;
  const at = lines.findLastIndex((line) => /^options\s/.test(line));
  if (at < 0) return `${text.endsWith('\n') ? text : `${text}\n`}options ${missing.join(' ')}\n`;
  return lines.with(at, `${(lines[at] ?? '').trimEnd()} ${missing.join(' ')}`).join('\n');
}
