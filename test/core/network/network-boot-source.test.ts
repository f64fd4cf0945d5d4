// Owns what the annotation of a network boot may say.
import { expect, test } from 'vitest';
import { parseNetworkBoot } from '../../../electron/core/network/network-boot-source.ts';

test.each([
  ['{"folder": "/srv/tftp"}', { type: 'folder', folder: '/srv/tftp' }],
  ['{"folder": "/srv/tftp", "file": "grub/x64.efi"}', { type: 'folder', folder: '/srv/tftp', file: 'grub/x64.efi' }],
  ['{"package": "debian-installer-13-netboot-amd64"}', { type: 'package', package: 'debian-installer-13-netboot-amd64' }],
  ['{"url": "http://10.0.2.1:8000/boot.ipxe"}', { type: 'url', url: 'http://10.0.2.1:8000/boot.ipxe' }],
])('%s is taken', (text, source) => {
  expect(parseNetworkBoot(text, 'f')).toEqual({ source, causes: [] });
});

test.each([
  'folder',
  '[]',
  'null',
  '{}',
  '{"folder": "/a", "url": "http://b"}',
  '{"folder": "srv"}',
  '{"folder": "/srv/../etc"}',
  '{"folder": "/srv", "file": "../etc/shadow"}',
  '{"folder": "/srv", "file": "/etc/shadow"}',
  '{"folder": "/srv", "file": "a,b"}',
  '{"folder": 1}',
  '{"folder": "/srv", "server": "x"}',
  '{"package": "bash"}',
  '{"package": "debian-installer-12-netboot-amd64; true"}',
  '{"url": "https://example.org/boot.ipxe"}',
  '{"url": "http://example.org/a b"}',
  `{"url": "http://example.org/${'a'.repeat(127)}"}`,
  '{"url": "http://example.org", "file": "x"}',
])('%s is refused', (text) => {
  const { source, causes } = parseNetworkBoot(text, 'f');
  expect(source).toBeUndefined();
  expect(causes).toEqual([expect.objectContaining({ reason: 'FieldValueInvalid', field: 'f', fix: expect.any(String) })]);
});
