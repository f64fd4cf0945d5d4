import { expect, test } from 'vitest';
import { buildFailure } from '../../../electron/host/images/debian-failure.ts';

const release = { suite: 'trixie', sources: [{ uri: 'http://mirror.lan/debian', suite: 'trixie', components: ['main'] }] };

test.for([
  {
    name: 'a misspelt package',
    told: ['E: Unable to locate package ngnix'],
    tail: 'E: apt-get failed',
    message: 'Debian trixie has no package ngnix.',
  },
  {
    name: 'a package that another one replaces',
    told: ["E: Package 'netcat' has no installation candidate"],
    tail: '',
    message: 'Debian trixie has no package netcat.',
  },
  {
    name: 'a release that is gone',
    told: [
      'Err:1 http://mirror.lan/debian trixie Release',
      "E: The repository 'http://mirror.lan/debian trixie Release' does not have a Release file.",
    ],
    tail: '',
    message: 'The mirror http://mirror.lan/debian has no release trixie.',
  },
  {
    name: 'an unknown key',
    told: [
      "W: GPG error: http://mirror.lan/debian trixie InRelease: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0",
    ],
    tail: '',
    message:
      "The package lists of trixie are not signed by keys that this computer knows: The following signatures couldn't be verified because the public key is not available: NO_PUBKEY 6ED0",
  },
  {
    name: 'no network',
    told: ['Err:1 http://mirror.lan/debian trixie InRelease', '  Temporary failure resolving mirror.lan', 'E: Failed to fetch'],
    tail: '',
    message: 'The package mirror http://mirror.lan/debian cannot be reached: Temporary failure resolving mirror.lan',
  },
  {
    name: 'anything else',
    told: ['W: something small', 'E: Sub-process /usr/bin/dpkg returned an error code (1)'],
    tail: 'cleaning up',
    message: 'Building Debian trixie failed: Sub-process /usr/bin/dpkg returned an error code (1)',
  },
  {
    name: 'silence',
    told: [],
    tail: 'chroot: cannot change root directory\n',
    message: 'Building Debian trixie failed: chroot: cannot change root directory',
  },
])('$name', ({ told, tail, message }) => {
  const error = buildFailure(release, told, tail);
  expect(error).toMatchObject({
    code: 'ToolFailed',
    message,
    causes: [{ reason: 'BuildFailed', field: 'spec.source.mmdebstrap', message }],
  });
});

test('a full disk is left to the one who knows how much was needed', () => {
  expect(buildFailure(release, [], 'tar: write error: No space left on device')).toMatchObject({ code: 'ENOSPC' });
});
