// Owns the proof that what the wizard writes of a network boot is what the core reads.
import { expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import { parseNetworkBoot } from '../../../electron/core/network/network-boot-source.ts';
import { networkOf } from '../../../renderer/features/create/network.ts';
import { form } from './forms.ts';

test.each([
  ['debian', { type: 'package', package: 'debian-installer-12-netboot-amd64' }],
  ['folder', { type: 'folder', folder: '/srv/tftp' }],
  ['url', { type: 'url', url: 'http://10.0.2.1/boot.ipxe' }],
] as const)('%s', (from, source) => {
  const networkBoot = { from, folder: '/srv/tftp', url: 'http://10.0.2.1/boot.ipxe' };
  const parts = networkOf(form({ system: { source: 'network', networkBoot } }));
  expect(parseNetworkBoot(parts.annotations[annotations.networkBoot] ?? '', '')).toEqual({ source, causes: [] });
  expect(parts.devices.interfaces?.[0]?.bootOrder).toBe(1);
});

test('a machine that does not boot from its network says nothing of it', () => {
  const networkBoot = { from: 'folder', folder: '/srv/tftp', url: '' } as const;
  expect(networkOf(form({ system: { source: 'empty', networkBoot } })).annotations).not.toHaveProperty(annotations.networkBoot);
  // The network has a boot server of its own.
  expect(networkOf(form({ system: { source: 'network', networkBoot }, network: { mode: 'bridge' } })).annotations).toEqual({});
  expect(networkOf(form({ system: { source: 'network', networkBoot: { ...networkBoot, from: 'none' } } })).annotations).not.toHaveProperty(
    annotations.networkBoot,
  );
});
