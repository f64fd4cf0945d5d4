#!/usr/bin/env node
// Owns `npm start`, `npm test`, `npm run check`, `bench`, `golden`, `screenshots` and `setup`: brings what they need, then runs them on Node 24.
// Must run on Node 20 with nothing installed: no imports beyond Node's own and this folder's.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, missingPackages } from './system-packages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const stamp = join(root, 'node_modules/.virtdeck-setup');
const say = (text) => process.stderr.write(`${text}\n`);
const bin = (name) => join(root, 'node_modules/.bin', name);
const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH, '/usr/sbin', '/sbin'].join(delimiter) };

/** What `npm run <verb>` runs, in order, once everything is there. */
const verbs = {
  setup: { need: 'test', steps: () => [] },
  start: { need: 'run', steps: (args) => [['Starting', [bin('node'), 'resources/setup/start.mjs', ...args]]] },
  check: { need: 'run', steps: () => checks },
  test: { need: 'test', steps: () => [...checks, ...suites] },
  bench: { need: 'bench', steps: (args) => [build, ['Measuring', [bin('node'), 'test/bench/run.ts', ...args]]] },
  screenshots: {
    need: 'test',
    steps: () => [build, ['Pictures of the README', [bin('node'), '--disable-warning=ExperimentalWarning', 'test/e2e/screenshots.ts']]],
  },
  golden: {
    need: 'run',
    steps: (args) =>
      [['Golden files', [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'unit', 'test/golden']]].map((step) =>
        args.includes('--update') ? [...step, { UPDATE_GOLDEN: '1' }] : step,
      ),
  },
};
const build = ['Building the window', [bin('vite'), 'build', '--config', 'renderer/vite.config.ts', '--logLevel', 'warn']];
const checks = [
  ['Types', [bin('tsc'), '-b']],
  ['Lint', [bin('oxlint'), '--type-aware', '--deny-warnings']],
  ['Format', [bin('prettier'), '--check', '--log-level', 'warn', '.']],
  ['Architecture, unit and golden tests', [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'unit']],
];
const suites = [
  ['Server suites', [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'server']],
  ['Real clients', [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'clients']],
  build,
  ['Real guests', [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'guests*']],
  [
    'Lab: a machine with what this computer lacks',
    [bin('vitest'), 'run', '--config', 'test/vitest.config.ts', '--project', 'lab', 'smoke', 'placement'],
  ],
  ['End to end in Chromium', [bin('playwright'), 'test', '--config', 'test/e2e/playwright.config.ts']],
];

function lockDigest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

function bringModules() {
  const digest = lockDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest && existsSync(bin('node'))) return;
  say('Installing the npm packages of package-lock.json, Node 24 among them (about 600 MB, under a minute on a good line) …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: process.env,
  });
  if (npm.status !== 0) stop('npm ci failed; its reason is above.', npm.status);
  if (!existsSync(bin('node')))
    stop(`Node 24 for ${process.platform}-${process.arch} is not among the npm packages: Virtdeck runs on Linux, x64 and arm64.`, 1);
  writeFileSync(stamp, digest);
}

function bringSchemas() {
  const made = spawnSync(bin('node'), ['--disable-warning=ExperimentalWarning', 'resources/setup/bring-schemas.mjs'], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  if (made.status !== 0) stop('The schemas could not be made; the reason is above.', made.status);
}

function bringPackages(need) {
  const electron = existsSync(join(root, 'node_modules/electron/dist/electron')) || process.env.ELECTRON_OVERRIDE_DIST_PATH !== undefined;
  const missing = missingPackages(need, { electron });
  if (missing.length === 0) return;
  if (!installPackages(missing, say)) process.exit(1);
}

function stop(message, code) {
  say(message);
  process.exit(code ?? 1);
}

const [verb = 'start', ...args] = process.argv.slice(2);
if (!Object.hasOwn(verbs, verb)) stop(`There is no "${verb}". Known: ${Object.keys(verbs).join(', ')}.`, 2);
const { need, steps } = verbs[verb];
bringModules();
bringSchemas();
bringPackages(need);
for (const [title, [program, ...rest], more = {}] of steps(args)) {
  if (verb !== 'start') say(`\n── ${title}`);
  const started = Date.now();
  const done = spawnSync(program, rest, { cwd: root, stdio: 'inherit', env: { ...env, ...more } });
  if (done.status !== 0) stop(verb === 'start' ? '' : `── ${title}: failed`, done.status ?? 1);
  if (verb !== 'start') say(`── ${title}: ok, ${((Date.now() - started) / 1000).toFixed(0)} s`);
}
