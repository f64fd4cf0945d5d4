import { expect, test } from 'vitest';
import { debianSources, parseAptSources, sourceLine, type AptSource } from '../../../electron/host/images/apt-sources.ts';

const bookworm: AptSource = { uri: 'http://deb.debian.org/debian', suite: 'bookworm', components: ['main'] };

test.for([
  { name: 'a plain line', text: 'deb http://deb.debian.org/debian bookworm main', found: [bookworm] },
  {
    name: 'options and several components',
    text: 'deb [arch=amd64 signed-by=/k.gpg] https://mirror.example/debian/ trixie main contrib # comment',
    found: [{ uri: 'https://mirror.example/debian/', suite: 'trixie', components: ['main', 'contrib'], signedBy: '/k.gpg' }],
  },
  {
    name: 'sources, comments and rubbish',
    text: '# deb http://x/debian a main\ndeb-src http://x/debian a main\ndeb broken\n\n',
    found: [],
  },
])('the one-line form: $name', ({ text, found }) => {
  expect(parseAptSources(text, 'list')).toEqual(found);
});

test.for([
  {
    name: 'two suites, a comment inside',
    text: 'Types: deb deb-src\n# snapshot\nURIs: http://deb.debian.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n',
    found: ['bookworm', 'bookworm-updates'].map((suite) => ({
      ...bookworm,
      suite,
      signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
    })),
  },
  {
    name: 'a key inside, folded',
    text: 'Types: deb\nURIs: http://deb.debian.org/debian\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n abc\n',
    found: [bookworm],
  },
  { name: 'switched off', text: 'Enabled: no\nTypes: deb\nURIs: http://x/debian\nSuites: a\nComponents: main\n', found: [] },
  { name: 'only sources', text: 'Types: deb-src\nURIs: http://x/debian\nSuites: a\nComponents: main\n', found: [] },
])('the form of stanzas: $name', ({ text, found }) => {
  expect(parseAptSources(text, 'sources')).toEqual(found);
});

const vendor: AptSource = { uri: 'https://download.example/linux/debian', suite: 'bookworm', components: ['stable'] };
const security: AptSource = { uri: 'http://mirror.lan/debian-security', suite: 'bookworm-security', components: ['main'] };
const local: AptSource = { uri: 'http://mirror.lan/debian', suite: 'bookworm', components: ['main', 'contrib'] };

test.for([
  {
    name: "the computer's own mirrors",
    sources: [vendor, local, security],
    suite: 'bookworm',
    lines: [
      'http://mirror.lan/debian bookworm main',
      'http://mirror.lan/debian bookworm-updates main',
      'http://mirror.lan/debian-security bookworm-security main',
    ],
  },
  {
    name: 'another release from the same mirrors',
    sources: [local, security],
    suite: 'trixie',
    lines: [
      'http://mirror.lan/debian trixie main',
      'http://mirror.lan/debian trixie-updates main',
      'http://mirror.lan/debian-security trixie-security main',
    ],
  },
  { name: 'a release without updates', sources: [local, security], suite: 'sid', lines: ['http://mirror.lan/debian sid main'] },
  {
    name: 'a computer that is no Debian',
    sources: [{ uri: 'http://archive.ubuntu.com/ubuntu', suite: 'noble', components: ['main'] }, vendor],
    suite: 'stable',
    lines: [
      'http://deb.debian.org/debian stable main',
      'http://deb.debian.org/debian stable-updates main',
      'http://security.debian.org/debian-security stable-security main',
    ],
  },
])('$name', ({ sources, suite, lines }) => {
  const key = '[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]';
  expect(debianSources(sources, suite).map(sourceLine)).toEqual(lines.map((line) => `deb ${key} ${line}`));
});
