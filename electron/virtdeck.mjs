#!/usr/bin/env -S node --disable-warning=ExperimentalWarning
// Owns the `virtdeck` command's first step: it runs on any Node from 20 on and hands over to Node 24.
// Must not import anything of ours before that: better-sqlite3 13 crashes Node 20 without a word.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
// The default export: Node 20 has neither of the two functions, and a named import of what is missing does not load.
import module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [verb, ...rest] = process.argv.slice(2);
const node24 = join(here, '../node_modules/.bin/node');

if (Number(process.versions.node.split('.')[0]) >= 24) {
  // A core that somebody starts by hand, with a Node 24 of their own: the same program again under our flags, in the same process.
  if (verb === 'serve' && nodeFlags.some((flag) => !process.execArgv.includes(flag))) {
    process.execve(process.execPath, [process.execPath, ...nodeFlags, ...process.argv.slice(1)], process.env);
  }
  const { keepStripped } = await import('./stripped.mjs');
  keepStripped();
  // Importing node:http reads these three, and reading them loads undici: 2 MB for a client that is not used here.
  for (const name of ['WebSocket', 'CloseEvent', 'MessageEvent']) delete module.createRequire(import.meta.url)('node:http')[name];
  // zod brings its messages in fifty languages along, 10 MB of them; ours are English, which it has besides.
  module.registerHooks({
    resolve: (specifier, context, next) =>
      specifier.endsWith('/locales/index.js') && context.parentURL?.includes('/node_modules/zod/') === true
        ? { url: 'data:text/javascript,export{}', shortCircuit: true }
        : next(specifier, context),
  });
  const entries = { serve: ['serve.ts', rest], open: ['start.ts', rest] };
  const wantsHelp = rest.some((word) => word === '--help' || word === '-h');
  const [file, args] = (wantsHelp ? undefined : entries[verb]) ?? ['cli.ts', process.argv.slice(2)];
  const entry = await import(join(here, file));
  await entry.main(args);
} else if (existsSync(node24)) {
  const child = spawn(node24, [...nodeFlags, fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' });
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    // Ends as the child did, which our own handlers would keep us from.
    for (const each of signals) process.removeAllListeners(each);
    process.kill(process.pid, signal);
  });
} else {
  process.stderr.write('Virtdeck needs Node 24, which comes with its npm packages. Run: npm run setup\n');
  process.exit(1);
}
