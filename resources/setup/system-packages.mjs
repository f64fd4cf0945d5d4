// Owns the system packages: which are missing, and installing them as root or with sudo, else naming the exact command.
// Must not install anything that packages.json does not list.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const listFile = new URL('packages.json', import.meta.url);

export function onPath(program) {
  // sbin is not on an ordinary user's PATH in Debian, yet its programs may be run.
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false; // Not there, or not ours to run: the next folder may have it.
    }
  });
}

/** Each includes those before it. */
const needs = ['run', 'test', 'bench'];

/** Packages of `need` (`run`, `test` or `bench`) whose evidence is not there. */
export function missingPackages(need, { electron }) {
  const { packages } = JSON.parse(readFileSync(listFile, 'utf8'));
  return packages
    .filter((row) => needs.indexOf(row.need) <= needs.indexOf(need))
    .filter((row) => !(row.unless === 'electron' && electron && need === 'run'))
    .filter((row) =>
      row.program === undefined ? !existsSync(row.file) : !onPath(row.program) && !(row.program === 'chromium' && chromiumProgram()),
    );
}

export function chromiumProgram() {
  return ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'].find(onPath);
}

/** Installs what is missing; false when the user has to, after printing how. */
export function installPackages(missing, say) {
  const names = missing.map((row) => row.name);
  const words = missing.map((row) => `  ${row.name.padEnd(18)} ${row.for}`).join('\n');
  const root = process.getuid?.() === 0;
  const args = ['install', '-y', '--no-install-recommends', ...names];
  if (!onPath('apt-get')) {
    say(`These are missing; install them with your distribution's package manager (names are Debian's):\n${words}`);
    return false;
  }
  const sudo = !root && onPath('sudo') && (process.stdin.isTTY || spawnSync('sudo', ['-n', 'true']).status === 0);
  if (!root && !sudo) {
    say(`These Debian packages are missing:\n${words}\nInstall them with:\n  sudo apt-get ${args.join(' ')}`);
    return false;
  }
  say(`Installing Debian packages${root ? '' : ' with sudo'}:\n${words}`);
  const run = (...command) => {
    const [program, ...rest] = root ? command : ['sudo', ...command];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    return spawnSync(program, rest, { stdio: ['ignore', 'inherit', 'inherit'], env }).status === 0;
  };
  // An index older than the mirror answers 404, one that is missing finds nothing: refresh once before giving up.
  if (run('apt-get', '-q', ...args)) return true;
  if (run('apt-get', '-q', 'update') && run('apt-get', '-q', ...args)) return true;
  say(`apt-get failed. When the reason above is mended, run:\n  sudo apt-get ${args.join(' ')}`);
  return false;
}
