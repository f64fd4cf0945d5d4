// Owns what the launcher keeps of our TypeScript: each file with its types taken out, so that only the first start takes them out.
// Must not fail a start: where nothing can be kept, the types are taken out again.
//
// Node's own compile cache does this too, but holds a copy of all that it read for as long as the process lives, 8 MB of it, and lies
// in a folder of /tmp where others may be first.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ours = new URL('../', import.meta.url).href;

/** From now on `import` of our own TypeScript takes what is kept. */
export function keepStripped() {
  const folder = ownFolder();
  registerHooks({
    load: (url, context, next) =>
      url.startsWith(ours) && url.endsWith('.ts')
        ? { format: 'module', source: stripped(fileURLToPath(url), folder), shortCircuit: true }
        : next(url, context),
  });
}

function stripped(file, folder) {
  if (folder === undefined) return withoutTypes(file);
  const kept = join(folder, file.slice(fileURLToPath(ours).length).replaceAll('/', '%'));
  const mark = markOf(file);
  try {
    const source = readFileSync(kept, 'utf8');
    if (source.endsWith(mark)) return source;
  } catch {
    // The first time.
  }
  const source = `${withoutTypes(file)}${mark}`;
  keep(kept, source);
  return source;
}

function withoutTypes(file) {
  const emitWarning = process.emitWarning.bind(process);
  // That this function is experimental is nothing that the user of a command can act on.
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(readFileSync(file, 'utf8'));
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** At the end, so that lines keep their numbers. Not the time of the last change: an archive sets it as it likes. */
function markOf(file) {
  const { ctimeMs, size, ino } = statSync(file);
  return `\n//${ino}-${size}-${ctimeMs}`;
}

/** Another core may do the same at this moment: what has the name is whole. */
function keep(kept, source) {
  const draft = `${kept}.${process.pid}`;
  try {
    writeFileSync(draft, source, { mode: 0o600 });
    renameSync(draft, kept);
  } catch {
    rmSync(draft, { force: true });
  }
}

/** One for each place that we are installed in; undefined where it is not the user's alone, because it holds programs. */
function ownFolder() {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const place = createHash('sha256').update(ours).digest('hex').slice(0, 16);
  const folder = join(cache, 'virtdeck', 'typescript', `${place}-${process.versions.node}`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    return uid === process.getuid?.() && (mode & 0o022) === 0 ? folder : undefined;
  } catch {
    return undefined;
  }
}
