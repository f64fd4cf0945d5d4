// Owns `virtdeck edit`: an object in the user's editor, again until it is accepted or given up.
// Must not lose what the user wrote.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubeObject } from '../../api/object.ts';
import { ApiRefusal } from '../connection.ts';
import { parseManifests } from '../manifests.ts';
import { yamlText } from '../print.ts';
import { refusalText } from '../refusals.ts';
import { type Named, parseNames, pathOf, printedName, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { patchBetween } from '../three-way-merge.ts';

const head = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

export async function edit(session: Session, words: readonly string[]): Promise<void> {
  const [named, ...more] = parseNames(words);
  if (named?.name === undefined || more.length > 0) throw new UsageError('You must name one object, such as vm/web.');
  const path = pathOf(named, session.namespace);
  const live = (await session.request({ path })) as KubeObject;
  const original = await yamlText(live);
  const folder = mkdtempSync(join(tmpdir(), 'virtdeck-edit-'));
  const file = join(folder, `${named.name}.yaml`);
  let text = original;
  let complaint: string | undefined;
  let keep = false;
  try {
    while (true) {
      writeFileSync(file, head + commented(complaint) + text, { mode: 0o600 });
      await runEditor(file);
      const edited = withoutComments(readFileSync(file, 'utf8'));
      if (edited.trim() === '' || edited === original) return session.print('Edit cancelled, no changes made.');
      keep = true;
      if (complaint !== undefined && edited === text) {
        process.stderr.write(`${complaint}\nA copy of your changes has been stored to "${file}"\n`);
        throw new UsageError('Edit cancelled, no valid changes were saved.');
      }
      text = edited;
      complaint = await refusalOf(() => save(session, { named, path, live, text }));
      if (complaint !== undefined) continue;
      keep = false;
      return session.print(`${printedName(named.kind, named.name)} edited`);
    }
  } catch (error) {
    if (keep && complaint === undefined) process.stderr.write(`A copy of your changes has been stored to "${file}"\n`);
    throw error;
  } finally {
    if (!keep) rmSync(folder, { recursive: true, force: true });
  }
}

interface Edited {
  readonly named: Named;
  readonly path: string;
  readonly live: KubeObject;
  readonly text: string;
}

/** Sends what was changed and nothing else: the status of a running machine moves on while its user thinks. */
async function save(session: Session, { named, path, live, text }: Edited): Promise<void> {
  const [draft, ...more] = await parseManifests(text, 'the edited file');
  if (draft === undefined || more.length > 0) throw new UsageError('the edited file must hold one object');
  if (draft.kind !== named.kind.kind || draft.metadata.name !== live.metadata.name) {
    throw new UsageError('kind and name of an object cannot be edited');
  }
  const body = patchBetween(live as object as Record<string, unknown>, draft as object as Record<string, unknown>);
  await session.request({ method: 'PATCH', path, body, contentType: 'application/merge-patch+json' });
}

async function refusalOf(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof ApiRefusal || error instanceof UsageError) return refusalText(error);
    throw error;
  }
}

function commented(text: string | undefined): string {
  return text === undefined ? '' : `${text.replaceAll(/^/gm, '# ')}\n#\n`;
}

/** Only our head's: a '#' further down may belong to a text of the object. */
function withoutComments(text: string): string {
  return text.replace(/^(?:#.*\n)+/, '');
}

function runEditor(file: string): Promise<void> {
  // EDITOR may carry arguments ("code --wait"): split on blanks, no shell.
  const words = (process.env['KUBE_EDITOR'] ?? process.env['VISUAL'] ?? process.env['EDITOR'] ?? 'vi').trim().split(/\s+/);
  const [program = 'vi', ...args] = words;
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, file], { stdio: 'inherit' });
    child.once('error', ({ message }) => reject(new UsageError(`unable to launch the editor "${words.join(' ')}": ${message}`)));
    child.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(
            new UsageError(
              `there was a problem with the editor "${words.join(' ')}": it ended with ${signal ?? `status ${code}`}; nothing was saved`,
            ),
          ),
    );
  });
}
