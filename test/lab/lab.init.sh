#!/bin/busybox sh
# The initramfs of the lab: reaches this computer's own root over 9p, lays a tmpfs above it, and hands over to the run's script.
B=/bin/busybox
$B mount -t proc proc /proc
$B mount -t sysfs sys /sys
$B mount -t devtmpfs dev /dev
while read -r module; do $B insmod "/modules/$module" 2>/dev/null; done < /modules/order
for argument in $($B cat /proc/cmdline); do
  case $argument in lab.run=*) run=${argument#lab.run=} ;; esac
done
$B mkdir -p /lower /upper /root
# cache=loose: nobody changes the files while the lab looks at them, and Node reads thousands of them.
$B mount -t 9p -o trans=virtio,version=9p2000.L,msize=1048576,cache=loose,ro host /lower || echo LAB-NO-ROOT
$B mount -t tmpfs -o size=75% tmpfs /upper
$B mkdir /upper/files /upper/work
$B mount -t overlay -o lowerdir=/lower,upperdir=/upper/files,workdir=/upper/work overlay /root || echo LAB-NO-OVERLAY
for folder in proc sys dev; do $B mount --move /$folder /root/$folder; done
exec $B switch_root /root /bin/sh "$run/run.sh"
