#!/bin/sh
# Run by mmdebstrap when every package of a new guest is installed; $1 is the guest's root.
# Removes what must not be shared by two guests, and puts GRUB's parts where its BIOS image looks for them.
set -eu
root=$1

# The kernel was told to leave this to us, and so it has made no link to it either.
chroot "$root" update-initramfs -c -k all
version=$(readlink "$root/vmlinuz")
version=${version#boot/vmlinuz-}
ln -sf "boot/initrd.img-$version" "$root/initrd.img"
test -s "$root/boot/vmlinuz-$version" && test -s "$root/boot/initrd.img-$version"

# Looks after snapshots of logical volumes, which this guest does not have; it costs seconds of every boot.
chroot "$root" systemctl --quiet disable e2scrub_all.timer e2scrub_reap.service

# Every guest makes its own.
rm -f "$root"/etc/ssh/ssh_host_*_key "$root"/etc/ssh/ssh_host_*_key.pub
rm -f "$root/var/lib/dbus/machine-id" "$root/var/lib/systemd/random-seed" "$root/var/lib/systemd/credential.secret"
# What mmdebstrap told apt and dpkg for the time of the build, and what they wrote.
rm -f "$root/etc/apt/apt.conf.d/99mmdebstrap" "$root/etc/dpkg/dpkg.cfg.d/99mmdebstrap"
rm -rf "$root"/var/log/apt/* "$root/var/log/dpkg.log" "$root/var/log/bootstrap.log" "$root/var/cache/ldconfig/aux-cache"
rm -f "$root/vmlinuz.old" "$root/initrd.img.old"

mkdir -p "$root/boot/efi" "$root/boot/grub"
cp -R "$root/usr/lib/grub/i386-pc" "$root/boot/grub/"
# The BIOS boot partition is the first, the EFI system partition the second; an empty drive means: where GRUB came from.
chroot "$root" grub-mkimage --format=i386-pc --prefix='(,gpt3)/boot/grub' --output=/boot/grub/i386-pc/core.img \
  biosdisk part_gpt ext2 search search_fs_uuid normal configfile linux serial terminal

# Tells grub-cloud-amd64 that this is going to be a machine, so that it updates the boot loaders from now on.
: > "$root/etc/grub.d/enable_cloud"
