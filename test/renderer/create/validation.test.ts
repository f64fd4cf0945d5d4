// Owns the rows of the wizard's rules: which form gives which problem, with its numbers.
// Must not test wording.
import { describe, expect, test } from 'vitest';
import { type CreateForm, type StepId, stepIds } from '../../../renderer/features/create/form.ts';
import type { World } from '../../../renderer/features/create/suggestions.ts';
import { allProblems, blocks, problemsOf } from '../../../renderer/features/create/validation.ts';
import { computer, fedora, form, inspection, world } from './forms.ts';

const cloud = { source: 'catalog', image: fedora } as const;
const ssh = { name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 } as const;

interface Row {
  readonly name: string;
  readonly step: StepId;
  readonly state: CreateForm;
  readonly there?: Partial<World>;
  /** `code` for an error, `code?` for a warning, then the values. */
  readonly want: readonly (readonly [string, Readonly<Record<string, string | number>>?])[];
}

const rows: readonly Row[] = [
  { name: 'Debian where it can be built', step: 'system', state: form(), want: [] },
  {
    name: 'Debian where it cannot',
    step: 'system',
    state: form(),
    there: { computer: { ...computer, checks: [{ id: 'debian-build', state: 'error', message: 'mmdebstrap is missing.' }] } },
    want: [['debianCannotBuild', { message: 'mmdebstrap is missing.' }]],
  },
  { name: 'no card chosen', step: 'system', state: form({ system: { source: 'catalog' } }), want: [['imageMissing']] },
  { name: 'no path', step: 'system', state: form({ system: { source: 'file' } }), want: [['pathMissing']] },
  { name: 'a relative path', step: 'system', state: form({ system: { source: 'file', path: 'a.iso' } }), want: [['pathNotAbsolute']] },
  {
    name: 'a path changed after its inspection',
    step: 'system',
    state: form({ system: { source: 'file', path: '/b', inspection: inspection({ path: '/a' }) } }),
    want: [['pathNotInspected']],
  },
  {
    name: 'a refused image gives every cause with its fix',
    step: 'system',
    state: form({
      system: {
        source: 'file',
        path: '/a',
        inspection: inspection({
          path: '/a',
          causes: [
            { reason: 'BackingFile', field: 'path', message: 'It has a backing file.', fix: 'Convert it.' },
            { reason: 'Encrypted', field: 'path', message: 'It is encrypted.' },
          ],
        }),
      },
    }),
    want: [
      ['imageRefused', { message: 'It has a backing file.', fix: 'Convert it.' }],
      ['imageRefused', { message: 'It is encrypted.', fix: '' }],
    ],
  },
  { name: "Debian's installer over the network", step: 'system', state: form({ system: { source: 'network' } }), want: [] },
  ...(
    [
      ['a boot folder without a name', { from: 'folder' }, 'folderMissing'],
      ['a boot folder somewhere', { from: 'folder', folder: 'tftp' }, 'pathNotAbsolute'],
      ['a boot address that is not there', { from: 'url' }, 'networkUrlMissing'],
      ['a boot address with TLS', { from: 'url', url: 'https://example.org/boot.ipxe' }, 'networkUrlWrong'],
      ['a boot address that is too long', { from: 'url', url: `http://${'a'.repeat(121)}` }, 'networkUrlWrong'],
    ] as const
  ).map(([name, networkBoot, code]): Row => ({
    name,
    step: 'system',
    state: form({ system: { source: 'network', networkBoot: { folder: '', url: '', ...networkBoot } } }),
    want: [[code]],
  })),
  { name: 'nothing to upload', step: 'system', state: form({ system: { source: 'upload' } }), want: [['uploadMissing']] },
  {
    name: 'an empty upload',
    step: 'system',
    state: form({ system: { source: 'upload', upload: { name: 'a.iso', size: 0 } } }),
    want: [['uploadEmpty', { name: 'a.iso' }]],
  },
  { name: 'no disk chosen', step: 'system', state: form({ system: { source: 'claim' } }), want: [['claimMissing']] },
  ...(
    [
      ['no address', '', ['addressMissing']],
      ['an address without a file', 'https://example.org', ['addressWrong']],
      ['an image that no registry knows', 'Quay/Web', ['imageNameWrong']],
      ['an address', 'http://example.org/a.iso', undefined],
      ['an image by digest', `quay.io/team/web@sha256:${'0'.repeat(64)}`, undefined],
    ] as const
  ).map(([name, address, code]): Row => ({
    name,
    step: 'system',
    state: form({ system: { source: 'address', elsewhere: { address, secret: '' } } }),
    want: code === undefined ? [] : [code],
  })),
  { name: 'no name', step: 'size', state: form({ name: '' }), want: [['nameMissing']] },
  { name: 'a name with a capital', step: 'size', state: form({ name: 'Web' }), want: [['nameNotALabel']] },
  {
    name: 'a name that is taken',
    step: 'size',
    state: form(),
    there: { machineNames: new Set(['web']) },
    want: [['nameTaken', { name: 'web' }]],
  },
  {
    name: 'a name whose disk is left over from another machine',
    step: 'size',
    state: form(),
    there: { diskNames: new Set(['web-disk']) },
    want: [['nameTaken', { name: 'web' }]],
  },
  { name: 'half a processor', step: 'size', state: form({ size: { cpus: 0.5 } }), want: [['cpusNotANumber']] },
  {
    name: 'more processors than here',
    step: 'size',
    state: form({ size: { cpus: 9 } }),
    want: [['cpusMoreThanHere?', { cpus: 9, threads: 8 }]],
  },
  { name: 'no memory', step: 'size', state: form({ size: { memoryMiB: undefined } }), want: [['memoryNotANumber']] },
  {
    name: 'less memory than the system wants and more than is free: two things to know',
    step: 'size',
    state: form({ system: { source: 'catalog', image: { ...fedora, minMemoryMiB: 12_000 } }, size: { memoryMiB: 10_000 } }),
    want: [
      ['memoryLow?', { memoryMiB: 10_000, minMiB: 12_000 }],
      ['memoryNotFree?', { memoryMiB: 10_000, minMiB: 12_000, freeMiB: 8192 }],
    ],
  },
  {
    name: 'more memory than this computer has',
    step: 'size',
    state: form({ size: { memoryMiB: 20_000 } }),
    want: [['memoryMoreThanHere', { memoryMiB: 20_000, minMiB: 256, totalMiB: 16_384 }]],
  },
  { name: 'no size', step: 'disk', state: form({ disk: { sizeGiB: undefined } }), want: [['diskNotANumber']] },
  {
    name: 'a disk smaller than its image',
    step: 'disk',
    state: form({ system: { source: 'file', path: '/a', inspection: inspection({ path: '/a' }) }, disk: { sizeGiB: 7 } }),
    want: [['diskTooSmall', { sizeGiB: 7, minGiB: 8 }]],
  },
  {
    name: 'a disk larger than the space left',
    step: 'disk',
    state: form({ disk: { sizeGiB: 101 } }),
    want: [['diskMoreThanFree?', { sizeGiB: 101, freeBytes: 100 * 1024 ** 3 }]],
  },
  {
    name: 'an existing disk needs no size, an extra disk does',
    step: 'disk',
    state: form({ system: { source: 'claim', claim: 'old' }, disk: { sizeGiB: undefined, extra: [{ sizeGiB: 0, bus: 'virtio' }] } }),
    want: [['diskNotANumber']],
  },
  {
    name: 'Windows on virtio without its drivers',
    step: 'disk',
    state: form({ system: { source: 'windows', drivers: { from: 'none', path: '' } }, disk: { sizeGiB: 64 } }),
    want: [['virtioWithoutDrivers?']],
  },
  {
    name: 'a network boot without a network',
    step: 'network',
    state: form({ system: { source: 'network' }, network: { mode: 'none' } }),
    want: [['networkBootCut']],
  },
  {
    name: "Debian's installer on a bridge, where nobody serves it",
    step: 'network',
    state: form({ system: { source: 'network' }, network: { mode: 'bridge', networkName: 'lan' } }),
    there: { networkNames: ['lan'] },
    want: [['networkBootServed']],
  },
  {
    name: "a network boot from elsewhere on this computer's connection",
    step: 'network',
    state: form({ system: { source: 'network', networkBoot: { from: 'none', folder: '', url: '' } } }),
    want: [['networkBootElsewhere?']],
  },
  {
    name: 'memory that does not fill its pages',
    step: 'options',
    state: form({ size: { memoryMiB: 1536 }, options: { pages: '1Gi' } }),
    want: [['pagesDoNotFit', { memoryMiB: 1536, pageMiB: 1024 }]],
  },
  { name: 'memory that does', step: 'options', state: form({ size: { memoryMiB: 2048 }, options: { pages: '1Gi' } }), want: [] },
  { name: 'a multicast address', step: 'network', state: form({ network: { mac: '01:00:00:00:00:01' } }), want: [['macWrong']] },
  {
    name: 'without a network nothing of it matters',
    step: 'network',
    state: form({ network: { mode: 'none', mac: 'x', forwards: [{ ...ssh, host: 0 }] } }),
    want: [],
  },
  {
    name: 'a network on a bridge must be chosen; the forwards of the other kind do not matter',
    step: 'network',
    state: form({ network: { mode: 'bridge', mac: 'x', forwards: [{ ...ssh, host: 0 }] } }),
    want: [['networkMissing'], ['macWrong']],
  },
  {
    name: 'a network that is gone is waited for',
    step: 'network',
    state: form({ network: { mode: 'bridge', networkName: 'blue' } }),
    want: [['networkGone?', { name: 'blue' }]],
  },
  {
    name: 'port forwards',
    step: 'network',
    state: form({
      network: {
        forwards: [
          ssh,
          { ...ssh, name: 'ssh2' },
          { ...ssh, host: 2223 },
          { ...ssh, name: 'web', host: 80, guest: 80 },
          { ...ssh, name: 'db', host: 5432, guest: 5432 },
          { ...ssh, name: 'Too Long And Odd', host: 3000 },
          { ...ssh, name: 'none', host: undefined },
        ],
      },
    }),
    there: { forwardedPorts: new Set([5432]) },
    want: [
      ['portTwice', { port: 2222 }],
      ['forwardNameTwice', { name: 'ssh' }],
      ['forwardName'],
      ['portNotANumber'],
      ['portPrivileged?', { port: 80 }],
      ['portOfOther?', { port: 5432 }],
    ],
  },
  { name: 'nobody can log in', step: 'account', state: form({ account: { user: 'me' } }), want: [['nobodyCanLogIn?']] },
  {
    name: 'a bad user and a bad host name',
    step: 'account',
    state: form({ account: { user: '9', hostname: '-' } }),
    want: [['hostnameWrong'], ['userWrong']],
  },
  { name: 'root', step: 'account', state: form({ account: { user: 'root' } }), want: [['userIsRoot']] },
  {
    name: 'a package that is an option',
    step: 'account',
    state: form({ account: { user: 'me', password: 'x', packages: 'vim --force' } }),
    want: [['packageName', { name: '--force' }]],
  },
  { name: 'no user data', step: 'account', state: form({ account: { mode: 'raw' } }), want: [['userDataMissing']] },
  {
    name: 'user data of no known kind',
    step: 'account',
    state: form({ account: { mode: 'raw', rawUserData: 'hello' } }),
    want: [['userDataUnknown?']],
  },
  { name: 'a script', step: 'account', state: form({ account: { mode: 'raw', rawUserData: '#!/bin/sh\n' } }), want: [] },
  {
    name: 'a system without cloud-init has no account',
    step: 'account',
    state: form({ system: { source: 'empty' }, account: { user: '9' } }),
    want: [],
  },
];

describe('problemsOf', () => {
  test.each(rows)('$step: $name', ({ step, state, there, want }) => {
    const got = problemsOf(step, state, world(there)).map(({ code, severity, values }) => {
      const text = severity === 'warning' ? `${code}?` : code;
      return values === undefined ? [text] : [text, values];
    });
    expect(got).toEqual(want);
  });
});

test('all problems come in the order of the steps, and only errors block', () => {
  const state = form({ system: cloud, name: '', network: { mac: 'x' }, account: { user: '' } });
  const got = allProblems(state, world());
  expect(got.map(({ step }) => stepIds.indexOf(step))).toEqual([1, 3, 5]);
  expect([blocks(got), blocks(problemsOf('account', state, world({})))]).toEqual([true, true]);
  expect(blocks(problemsOf('account', form({ system: cloud, account: { user: 'me' } }), world()))).toBe(false);
});
