// Owns the proof that a plan promises nothing that the privileged program refuses: tables and judgements of both are the same.
// Must not change this computer.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { pathOf, type PreparationFile, preparationFiles } from '../../../electron/api/preparation.ts';
import { closedForms } from '../../../electron/core/preparation/closed-forms.ts';
import { type FileChange, isGoodChange } from '../../../electron/core/preparation/judged-change.ts';
import { preparationPlan } from '../../../electron/core/preparation/plan.ts';
import { preparationCases } from '../../golden/preparation/computers.ts';
import { tempDir } from '../temp-dir.ts';
import { canChroot, scratchRoot } from './scratch-root.ts';

const source = readFileSync(new URL('../../../native/helper/places.c', import.meta.url), 'utf8');

test('the table of lines is the same', () => {
  const tables = Object.fromEntries(
    [...source.matchAll(/^static const struct form (\w+)\[\] = \{([^;]*)\};/gm)].map(([, name = '', rows = '']) => [name, formsOf(rows)]),
  );
  const places = [...source.matchAll(/^ {2}\{"([a-z-]+)", "[^"]+", (?:"[^"]+"|0), (\w+), [01]\},$/gm)];
  expect(Object.fromEntries(places.map(([, file = '', table = '']) => [file, tables[table]]))).toEqual(closedForms);
});

/** `{"prefix", REST, "suffix"}`; the last has no prefix. */
function formsOf(rows: string): readonly unknown[] {
  return [...rows.matchAll(/\{("(?:[^"\\]|\\.)*"), ([A-Z]+), ("(?:[^"\\]|\\.)*")\}/g)].map(([, prefix = '', rest, suffix = '']) => ({
    prefix: JSON.parse(prefix) as string,
    rest,
    suffix: JSON.parse(suffix) as string,
  }));
}

const cmdline = 'root=UUID=1 ro quiet';

/** What each plan of the golden corpus writes, and each of that with one thing changed: most of them must be refused. */
function changes(): readonly FileChange[] {
  const planned = Object.values(preparationCases).flatMap(({ facts, wishes }) =>
    preparationPlan(facts, wishes).steps.flatMap(({ action }): readonly FileChange[] =>
      action.type === 'write' ? [{ ...action, file: action.file }] : [],
    ),
  );
  const files = Object.keys(preparationFiles) as PreparationFile[];
  return planned.flatMap((change, index) => [
    change,
    ...mutants(change.after).map((after) => ({ ...change, after })),
    { ...change, before: `${change.before ?? ''}# mine\n`, after: change.after },
    { ...change, before: `${change.before ?? ''}# mine\n`, after: `${change.after}# mine\n` },
    elsewhere(change, files[index % files.length] ?? 'udev-rule'),
  ]);
}

function elsewhere({ after }: FileChange, file: PreparationFile): FileChange {
  return file.startsWith('loader-entry-') ? { file, entry: 'a.conf', before: 'linux /v\n', after: `linux /v\n${after}` } : { file, after };
}

function mutants(text: string): readonly string[] {
  const strange = ['"', ' ', '\t', '=', '\r', '\0', '\n', '#', '$', 'é', ';', '/', '*', 'init=/bin/sh', 'pci=nomsi', ' quiet ', '\nvfio\n'];
  return strange.flatMap((piece, index) => {
    const at = (index * 7 + text.length) % (text.length + 1);
    return [`${text.slice(0, at)}${piece}${text.slice(at)}`, `${text}${piece}`, text.slice(0, Math.max(0, text.length - index - 1))];
  });
}

describe.skipIf(!canChroot)('asked of both', () => {
  test('each change is taken by both or refused by both', { timeout: 120_000 }, () => {
    const all = new Map(changes().map((change) => [JSON.stringify(change), change]));
    const scratch = scratchRoot(tempDir());
    scratch.put('/proc/cmdline', `${cmdline}\n`);
    const answers = [...all.values()].map((change) => {
      const path = pathOf(change);
      mkdirSync(join(scratch.root, dirname(path)), { recursive: true });
      rmSync(join(scratch.root, path), { force: true });
      if (change.before !== undefined) scratch.put(path, change.before);
      const { file, entry, before, after } = change;
      const answer = scratch.ask({
        verb: 'file-write',
        file,
        ...(entry === undefined ? {} : { entry }),
        ...(before === undefined ? {} : { before: crc32(before) }),
        content: after,
      });
      return { change, taken: answer.ok, code: answer.ok ? '' : answer.code };
    });
    expect(answers.filter(({ change, taken }) => taken !== isGoodChange(change, cmdline))).toEqual([]);
    // Refused for what they say, and for nothing else.
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set(['', 'Invalid']));
    expect(answers.filter(({ taken }) => taken).length).toBeGreaterThan(50);
    expect(answers.filter(({ taken }) => !taken).length).toBeGreaterThan(200);
  });
});
