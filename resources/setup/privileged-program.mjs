#!/usr/bin/env node
// Owns `npm run helper -- status|install|remove`: puts the privileged program where pkexec may run it, and takes it away again.
// Must run on Node 20 with nothing installed, and must do nothing that it has not said.
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const source = join(root, `native/helper/prebuilt/virtdeck-helper-linux-${process.arch}`);
const policy = join(root, 'resources/polkit/io.virtdeck.helper.policy');
// VIRTDECK_DESTDIR stands in front, for packagers and tests.
const target = (path) => join(process.env.VIRTDECK_DESTDIR ?? '/', path);
const parts = [
  { from: source, to: target('/usr/local/libexec/virtdeck-helper'), mode: 0o755, what: 'the program' },
  {
    from: policy,
    to: target('/usr/share/polkit-1/actions/io.virtdeck.helper.policy'),
    mode: 0o644,
    what: 'who may run it: an administrator, asked for a password and remembered for a few minutes',
  },
];
const say = (text) => process.stdout.write(`${text}\n`);

const about = `Virtdeck's privileged program makes network interfaces on bridges, sets VLANs, sets how much memory a machine may lock
and how many huge pages there are, hands PCI devices to machines and back, and, after they were shown, writes the files that keep them there at the next start.
It can do nothing else: its lists of verbs, files and programs are closed, and every deed is written to /var/lib/virtdeck-helper/journal with how to undo it. Machines on the user network need it for nothing.`;

function isCurrent({ from, to }) {
  return existsSync(to) && readFileSync(to).equals(readFileSync(from));
}

function status() {
  for (const part of parts) say(`${part.to}: ${isCurrent(part) ? 'installed' : existsSync(part.to) ? 'another version' : 'not installed'}`);
}

function needRoot(verb) {
  if (process.getuid() === 0 || process.env.VIRTDECK_DESTDIR !== undefined) return;
  say(`\nOnly root may do this. Run it again as: sudo npm run helper -- ${verb}`);
  process.exit(1);
}

function install() {
  say(`${about}\n`);
  if (!existsSync(source)) {
    say(`There is no built program for ${process.arch}. Build it with native/helper/build.sh ${source}`);
    process.exit(1);
  }
  for (const { to, mode, what } of parts) say(`Writes ${to} (root, mode ${mode.toString(8)}): ${what}.`);
  needRoot('install');
  for (const { from, to, mode } of parts) {
    mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
    // Whole or not at all: pkexec may run it at any moment.
    const fresh = `${to}.new`;
    copyFileSync(from, fresh);
    chmodSync(fresh, mode);
    if (process.getuid() === 0) chownSync(fresh, 0, 0);
    renameSync(fresh, to);
  }
  say('Done. Remove it with: sudo npm run helper -- remove');
}

function remove() {
  for (const { to } of parts) say(`Removes ${to}.`);
  say('The journal in /var/lib/virtdeck-helper stays.');
  needRoot('remove');
  for (const { to } of parts) rmSync(to, { force: true });
  say('Done.');
}

const verbs = { status, install, remove };
const verb = process.argv[2] ?? 'status';
if (!Object.hasOwn(verbs, verb)) {
  say(`There is no "${verb}". Known: ${Object.keys(verbs).join(', ')}.`);
  process.exit(2);
}
verbs[verb]();
