// Owns the rows of what the wizard fills in by itself, and of what the chosen system means.
// Must not test validation.
import { describe, expect, test } from 'vitest';
import type { CreateForm } from '../../../renderer/features/create/form.ts';
import { suggestedPassword, suggestedSsh, withSuggestions } from '../../../renderer/features/create/suggestions.ts';
import { labelOf, systemTraits } from '../../../renderer/features/create/traits.ts';
import { computer, fedora, form, inspection, netinst, world } from './forms.ts';

const untouched = (change: Parameters<typeof form>[0] = {}): CreateForm => form({ name: '', ...change });

describe('withSuggestions', () => {
  test.each([
    {
      name: 'a free name',
      got: withSuggestions(untouched(), world({ machineNames: new Set(['debian', 'debian-2']) })).name,
      want: 'debian-3',
    },
    {
      name: 'a name whose Secret is left over',
      got: withSuggestions(untouched(), world({ secretNames: new Set(['debian-cloudinit']) })).name,
      want: 'debian-2',
    },
    {
      name: 'the name the user gave',
      got: withSuggestions(untouched({ name: 'mine', touched: { name: true } }), world()).name,
      want: 'mine',
    },
    {
      name: 'a name from the file',
      got: withSuggestions(untouched({ system: { source: 'file', path: '/iso/Alpine_3.22 (x86).iso' } }), world()).name,
      want: 'alpine-3-22-x86',
    },
    { name: 'the user of this computer', got: withSuggestions(untouched(), world()).account.user, want: 'anna' },
    {
      name: 'an ordinary user for root',
      got: withSuggestions(untouched(), world({ computer: { ...computer, user: { ...computer.user, name: 'root' } } })).account.user,
      want: 'user',
    },
    { name: 'the keys of this user', got: withSuggestions(untouched(), world()).account.sshKeys, want: ['ssh-ed25519 AAAAC3 anna@desk'] },
    {
      name: 'keys the user took away stay away',
      got: withSuggestions(untouched({ touched: { account: true } }), world()).account.sshKeys,
      want: [],
    },
    {
      name: 'a small machine where little is free',
      got: withSuggestions(untouched(), world({ computer: { ...computer, memory: { totalMiB: 4096, availableMiB: 1500 } } })).size,
      want: { id: 'small', cpus: 1, memoryMiB: 1024 },
    },
    {
      name: 'a large one where the system wants it',
      got: withSuggestions(untouched({ system: { source: 'catalog', image: { ...fedora, minMemoryMiB: 4096 } } }), world()).size,
      want: { id: 'large', cpus: 4, memoryMiB: 8192 },
    },
    {
      name: 'a disk that holds the image',
      got: withSuggestions(
        untouched({ system: { source: 'file', path: '/a', inspection: inspection({ virtualSizeBytes: 40.2 * 1024 ** 3 }) } }),
        world(),
      ).disk.sizeGiB,
      want: 41,
    },
    {
      name: 'a bridge where nothing here serves the network boot',
      got: withSuggestions(untouched({ system: { source: 'network', networkBoot: { from: 'none', folder: '', url: '' } } }), world())
        .network.mode,
      want: 'bridge',
    },
    {
      name: 'the connection of this computer where something does',
      got: withSuggestions(untouched({ system: { source: 'network' }, network: { mode: 'bridge' } }), world()).network.mode,
      want: 'user',
    },
  ])('$name', ({ got, want }) => {
    expect(got).toEqual(want);
  });
});

describe('systemTraits', () => {
  test.each<{ name: string; system: Partial<CreateForm['system']>; want: readonly [string, string, number?] }>([
    { name: 'Debian', system: { source: 'debian' }, want: ['disk', 'yes'] },
    { name: 'a cloud image', system: { source: 'catalog', image: fedora }, want: ['disk', 'yes'] },
    { name: 'an installer', system: { source: 'catalog', image: netinst }, want: ['installer', 'no', 700 * 1024 ** 2] },
    { name: 'a disk image', system: { source: 'file', path: '/a.img', inspection: inspection() }, want: ['disk', 'maybe'] },
    {
      name: 'an ISO by content',
      system: { source: 'file', path: '/a.img', inspection: inspection({ format: 'iso', virtualSizeBytes: 5 }) },
      want: ['installer', 'no', 5],
    },
    { name: 'an uploaded ISO by name', system: { source: 'upload', upload: { name: 'A.ISO', size: 7 } }, want: ['installer', 'no', 7] },
    {
      name: 'an ISO at an address',
      system: { source: 'address', elsewhere: { address: 'https://example.org/a.iso?v=1', secret: '' } },
      want: ['installer', 'no'],
    },
    {
      name: 'a container image',
      system: { source: 'address', elsewhere: { address: 'quay.io/team/web.iso:1', secret: '' } },
      want: ['disk', 'maybe'],
    },
    { name: 'an existing disk', system: { source: 'claim', claim: 'x' }, want: ['claim', 'no'] },
    { name: 'the network', system: { source: 'network' }, want: ['blank', 'no'] },
    { name: 'nothing', system: { source: 'empty' }, want: ['blank', 'no'] },
  ])('$name', ({ system, want }) => {
    const { medium, cloudInit, installerBytes } = systemTraits(form({ system }).system);
    expect(installerBytes === undefined ? [medium, cloudInit] : [medium, cloudInit, installerBytes]).toEqual(want);
  });

  test.each([
    ['Fedora Server 43', 'fedora-server-43'],
    ['---', 'x'],
    ['Ä', 'x'],
    ['a'.repeat(60), 'a'.repeat(40)],
    [`${'a'.repeat(39)}-b`, 'a'.repeat(39)],
  ])('labelOf %s', (text, want) => {
    expect(labelOf(text, 'x')).toBe(want);
  });
});

describe('suggestedSsh', () => {
  test('leaves out the ports that some program of this computer has', () => {
    expect(suggestedSsh([], world({ computer: { ...computer, takenPorts: [2222, 2224] }, forwardedPorts: new Set([2223]) })).host).toBe(
      2225,
    );
  });

  test('takes the first port that neither another machine nor this form forwards', () => {
    const forwards = [{ name: 'web', protocol: 'tcp', host: 2223, guest: 80 }] as const;
    expect(suggestedSsh(forwards, world({ forwardedPorts: new Set([2222]) }))).toEqual({
      name: 'ssh',
      protocol: 'tcp',
      host: 2224,
      guest: 22,
    });
  });
});

describe('suggestedPassword', () => {
  test('skips the bytes that would favour some letters, and asks again', () => {
    const blocks = [new Uint8Array(24).fill(255), Uint8Array.from({ length: 24 }, (_, index) => index)];
    expect(suggestedPassword(() => blocks.shift() ?? new Uint8Array(24))).toBe('bcdefghijkln');
  });
});
