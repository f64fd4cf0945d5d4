// Owns what `npm start` does once everything is there: the window's files, then Electron, or the same core with Chromium.
// Must not start a core by itself.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from '../../electron/node-flags.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const say = (text) => process.stderr.write(`${text}\n`);

/** Newest file of the sources against the built page. */
function windowIsStale() {
  const built = join(root, 'dist/renderer/index.html');
  if (!existsSync(built)) return true;
  const sources = globSync(['renderer/**/*', 'electron/api/**/*.ts', 'package-lock.json'], { cwd: root });
  const at = statSync(built).mtimeMs;
  return sources.some((file) => statSync(join(root, file)).mtimeMs > at);
}

function buildWindow() {
  say('Building the window (about ten seconds, only after a change) …');
  const done = spawnSync('vite', ['build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn'], { cwd: root, stdio: 'inherit' });
  if (done.status !== 0) process.exit(done.status ?? 1);
}

/** Electron's binary: as configured, as downloaded, or downloaded now. One failed try is remembered for a day. */
function electronProgram() {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override !== undefined) return join(override, 'electron');
  const program = join(root, 'node_modules/electron/dist/electron');
  if (existsSync(program)) return program;
  const failed = join(root, '.build/electron-unavailable');
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < 86_400_000) return undefined;
  say("Fetching Electron's binary (about 110 MB, once) …");
  const done = spawnSync(process.execPath, ['node_modules/electron/install.js'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'ignore'],
    timeout: 600_000,
  });
  if (done.status === 0 && existsSync(program)) return program;
  mkdirSync(dirname(failed), { recursive: true });
  writeFileSync(failed, '');
  say(
    "It cannot be fetched here: the window opens in the installed Chromium instead. Next try in a day, or remove '.build/electron-unavailable'.",
  );
  return undefined;
}

if (windowIsStale()) buildWindow();
const electron = electronProgram();
const [program, ...args] =
  electron === undefined
    ? [process.execPath, ...nodeFlags, 'electron/virtdeck.mjs', 'open', ...process.argv.slice(2)]
    : [electron, '.', ...process.argv.slice(2)];
const child = spawn(program, args, { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => process.exit(code ?? 1));
