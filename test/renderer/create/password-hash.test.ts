// Owns the proof that SHA-512 crypt here is the one of libcrypt.
// Must not need a password tool of the machine: the hashes were made by OpenSSL's `passwd -6`.
import { describe, expect, test } from 'vitest';
import { saltOf, sha512Crypt } from '../../../renderer/features/create/password-hash.ts';

describe('sha512Crypt', () => {
  test.each([
    {
      name: 'one character',
      password: 'x',
      salt: 'abcdefghijklmnop',
      want: '$6$abcdefghijklmnop$4MjOne1jVRKP4IuHRPFedC4vlQHNjvcBfQJVlfB8ciQ5YUzW2g81Pyw4sptw4femJ071/eApI0WDsBAOOCmTl0',
    },
    {
      name: 'sixty-four bytes',
      password: '0000000000000000000000000000000000000000000000000000000000000007',
      salt: './Az09',
      want: '$6$./Az09$A86u.YQIGf6RGhw7QQoogcDzfMdFUxFp35zFNH.pKVt8Qc5SnYKaEF6GWlkxflBkvn2h8Az/wmdcYSwyK209r1',
    },
    {
      name: 'more than one block, not ASCII',
      password: 'ä long password that is more than sixty-four bytes long, so that blocks repeat: 0123456789',
      salt: 'x',
      want: '$6$x$JHk25OojQ9OgSmWAixzGyqgTQUwWFvRK25JPsKOoT604YatgYWpX3Vy6HJ1tno6NcjCm6Zlb8KGRUX/4KB9PZ.',
    },
    {
      name: 'a name and a sentence',
      password: 'Hello world!',
      salt: 'saltstring',
      want: '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
    },
  ])('$name', async ({ password, salt, want }) => {
    expect(await sha512Crypt(password, salt)).toBe(want);
  });
});

describe('saltOf', () => {
  test('makes sixteen characters of sixteen bytes', () => {
    expect(saltOf(Uint8Array.from({ length: 16 }, (_, index) => index * 17))).toMatch(/^[./0-9A-Za-z]{16}$/);
  });
});
