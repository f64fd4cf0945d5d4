import { expect, test } from 'vitest';
import { createBuildProgress } from '../../../electron/host/images/debian-progress.ts';

test('the words of mmdebstrap and apt become percentages that only grow', () => {
  const read = createBuildProgress();
  const lines = [
    "I: chroot architecture amd64 is equal to the host's architecture",
    'I: running apt-get update...',
    'I: downloading packages with apt...',
    '0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.',
    'I: extracting archives...',
    'I: installing essential packages...',
    'Unpacking base-files (12.4+deb12u12) ...',
    'Setting up base-files (12.4+deb12u12) ...',
    'Unpacking bash (5.2.15-2+b13) ...',
    'Setting up bash (5.2.15-2+b13) ...',
    'Setting up bash (5.2.15-2+b13) ...',
    'I: installing remaining packages inside the chroot...',
    '0 upgraded, 1 newly installed, 0 to remove and 0 not upgraded.',
    'Unpacking cloud-init (22.4.2-1+deb12u4) ...',
    'Setting up libc6:amd64 (2.36-9) ...',
    'update-initramfs: Generating /boot/initrd.img-6.1.0-56-amd64',
    'I: cleaning package lists and apt cache...',
    'I: success in 37.1 seconds',
  ];
  const said = lines.map(read).filter((news) => news !== undefined);
  expect(said).toEqual([
    { percent: 6, message: 'Downloading the base system' },
    { percent: 10, message: 'Unpacking the base system' },
    { percent: 22, message: 'Installing the base system' },
    { percent: 28.5, message: 'Installing the base system: Unpacking base-files' },
    { percent: 35, message: 'Installing the base system: Setting up base-files' },
    { percent: 41.5, message: 'Installing the base system: Unpacking bash' },
    { percent: 48, message: 'Installing the base system: Setting up bash' },
    { percent: 48, message: 'Installing the base system: Setting up bash' },
    { percent: 48, message: 'Installing packages' },
    { percent: 69.5, message: 'Installing packages: Unpacking cloud-init' },
    { percent: 91, message: 'Installing packages: Setting up libc6' },
    { percent: 91, message: 'Making the initial RAM disk' },
    { percent: 95, message: 'Tidying up' },
    { percent: 97, message: 'Tidying up' },
  ]);
});
