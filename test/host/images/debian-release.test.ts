import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { debianRelease, releaseDate } from '../../../electron/host/images/debian-release.ts';
import { tempDir } from '../temp-dir.ts';

function etcWith(files: Readonly<Record<string, string>>): string {
  const etc = tempDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(etc, name)), { recursive: true });
    writeFileSync(path.join(etc, name), text);
  }
  return etc;
}

const trixie = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_CODENAME=trixie\n';
const stanza = 'Types: deb\nURIs: http://mirror.lan/debian\nSuites: trixie\nComponents: main\n';

interface Computer {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly suite: string;
  readonly mirror: string;
}

const computers: readonly Computer[] = [
  {
    name: 'Debian',
    files: { 'os-release': trixie, 'apt/sources.list.d/debian.sources': stanza },
    suite: 'trixie',
    mirror: 'http://mirror.lan/debian',
  },
  {
    name: 'Debian with an old list',
    files: { 'os-release': trixie, 'apt/sources.list': 'deb http://old.lan/debian trixie main\n', 'apt/sources.list.d/x.bak': stanza },
    suite: 'trixie',
    mirror: 'http://old.lan/debian',
  },
  {
    name: 'Ubuntu',
    files: { 'os-release': 'ID=ubuntu\nVERSION_CODENAME=noble\n' },
    suite: 'stable',
    mirror: 'http://deb.debian.org/debian',
  },
  { name: 'a computer that says nothing', files: {}, suite: 'stable', mirror: 'http://deb.debian.org/debian' },
];

test.for(computers)('$name builds $suite from $mirror', async ({ files, suite, mirror }) => {
  const release = await debianRelease(undefined, etcWith(files));
  expect([release.suite, release.sources[0]?.uri]).toEqual([suite, mirror]);
});

test.for(['', '../x', 'a b', '--help', 'Bookworm', 'x;y'])('%j is no release', async (suite) => {
  await expect(debianRelease(suite, etcWith({}))).rejects.toMatchObject({ code: 'BadRequest' });
});

test('the date changes with any of the lists, and is unknown when the mirror is away', async () => {
  const dates = { bookworm: 'Sat, 06 Sep 2025 10:06:35 UTC', 'bookworm-updates': 'Mon, 23 Nov 2026 02:00:00 UTC' };
  const answers: Record<string, string> = { ...dates };
  const server = createServer((request, response) => {
    const suite = /dists\/([^/]+)\/InRelease$/.exec(request.url ?? '')?.[1] ?? '';
    response.end(`-----BEGIN PGP SIGNED MESSAGE-----\nOrigin: Debian\nDate: ${answers[suite]}\n${'x'.repeat(100_000)}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const uri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/debian`;
  const sources = Object.keys(dates).map((suite) => ({ uri, suite, components: ['main'] }));
  const { signal } = new AbortController();
  const first = await releaseDate(sources, signal);
  const same = await releaseDate(sources, signal);
  answers['bookworm-updates'] = 'Tue, 24 Nov 2026 02:00:00 UTC';
  const next = await releaseDate(sources, signal);
  const away = await releaseDate([{ uri: 'http://127.0.0.1:1/debian', suite: 'x', components: ['main'] }], signal);
  expect({ isSame: first === same, isNew: first !== next, isKnown: first !== undefined, away }).toEqual({
    isSame: true,
    isNew: true,
    isKnown: true,
    away: undefined,
  });
});
