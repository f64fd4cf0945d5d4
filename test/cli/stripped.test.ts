// Owns what the launcher keeps of TypeScript, seen through a real command.
// Must not know what is in the files.
import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const launcher = new URL('../../electron/virtdeck.mjs', import.meta.url).pathname;
const poison = "process.stdout.write('POISON');";
let cache = '';

beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'vd-'));
});

afterEach(() => rmSync(cache, { recursive: true, force: true }));

function help(): string {
  return execFileSync(process.execPath, [launcher, '--help'], {
    env: { PATH: process.env['PATH'], XDG_CACHE_HOME: cache },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function folder(): string {
  const parent = join(cache, 'virtdeck', 'typescript');
  return join(parent, readdirSync(parent)[0] ?? '');
}

const kept = (): string => join(folder(), 'electron%cli.ts');

test('a file is kept for its owner alone, and taken the next time', () => {
  const before = help();
  expect([statSync(folder()).mode & 0o777, statSync(kept()).mode & 0o777]).toEqual([0o700, 0o600]);
  const text = readFileSync(kept(), 'utf8');
  writeFileSync(kept(), `${poison}${text}`);
  expect(help()).toBe(`POISON${before}`);
});

test('what is not whole, or not of this file as it is now, is made again', () => {
  const before = help();
  truncateSync(kept(), 100);
  expect(help()).toBe(before);
  appendFileSync(kept(), '0');
  expect(help()).toBe(before);
  expect(readFileSync(kept(), 'utf8')).toMatch(/\n\/\/[\d.]+-\d+-[\d.]+$/);
});

test('a folder that others may write is not trusted', () => {
  const before = help();
  writeFileSync(kept(), `${poison}${readFileSync(kept(), 'utf8')}`);
  chmodSync(folder(), 0o777);
  expect(help()).toBe(before);
});

test('no folder at all is no reason to fail', () => {
  writeFileSync(join(cache, 'virtdeck'), '');
  expect(help()).toContain('Usage: virtdeck');
});
