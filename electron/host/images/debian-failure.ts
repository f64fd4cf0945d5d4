// Owns why a Debian system could not be built: from the words of mmdebstrap and apt to a cause with a fix.
// Must not run anything.
import { AppError } from '../../api/errors.ts';
import type { DebianRelease } from './debian-release.ts';

interface Rule {
  readonly words: RegExp;
  readonly message: (release: DebianRelease, found: RegExpExecArray) => string;
  readonly fix: string;
}

/** First match wins: what the user wrote comes before what the network did. */
const rules: readonly Rule[] = [
  {
    words: /Unable to locate package (\S+)|Package '?(\S+?)'? has no installation candidate/,
    message: ({ suite }, found) => `Debian ${suite} has no package ${found[1] ?? found[2] ?? ''}.`,
    fix: 'Correct the name, or leave the package out.',
  },
  {
    words: /does not have a Release file|404\s+Not Found/,
    message: ({ suite, sources }) => `The mirror ${sources[0]?.uri ?? ''} has no release ${suite}.`,
    fix: 'Choose a release that Debian still publishes, such as stable.',
  },
  {
    words: /The following signatures (?:couldn't be verified|were invalid)[^\n]*/,
    message: ({ suite }, found) => `The package lists of ${suite} are not signed by keys that this computer knows: ${found[0]}`,
    fix: 'Update the package debian-archive-keyring, and check that the mirror in /etc/apt is the right one.',
  },
  {
    words:
      /[^\n]*(?:Temporary failure resolving|Could not resolve|Could not connect|Network is unreachable|Connection (?:refused|timed out|failed))[^\n]*/,
    message: ({ sources }, found) => `The package mirror ${sources[0]?.uri ?? ''} cannot be reached: ${plain(found[0])}`,
    fix: 'Check the network connection, and the mirror in /etc/apt.',
  },
];

/** `told` are the lines in which something complained, `tail` the end of everything that was printed. */
export function buildFailure(release: DebianRelease, told: readonly string[], tail: string): Error {
  const words = [...told, tail].join('\n');
  if (/No space left on device/.test(words)) return Object.assign(new Error('No space left on device'), { code: 'ENOSPC' });
  for (const { words: pattern, message, fix } of rules) {
    const found = pattern.exec(words);
    if (found !== null) return failed(message(release, found), fix);
  }
  const said = plain(told.find((line) => line.startsWith('E:')) ?? tail.trim().split('\n').at(-1) ?? '');
  return failed(`Building Debian ${release.suite} failed: ${said}`, 'Try again. If it fails again, these words are what to search for.');
}

function failed(message: string, fix: string): AppError {
  return new AppError('ToolFailed', message, { causes: [{ reason: 'BuildFailed', field: 'spec.source.mmdebstrap', message, fix }] });
}

function plain(line: string): string {
  return line.replace(/^\s*(?:E|W|Err:\d+): ?/, '').trim();
}
