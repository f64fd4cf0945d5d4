#!/bin/busybox sh
# The whole user space of the tiny guest: a marker and a shell on every console, and an ear for the power button.
/bin/busybox --install -s /bin
export PATH=/bin HOME=/ TERM=vt100
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts /run
mount -t devpts devpts /dev/pts
echo 3 > /proc/sys/kernel/printk
for module in $(cat /modules/order); do insmod /modules/$module 2>/dev/null; done
hostname tiny

firmware=bios
secureboot=no
if [ -d /sys/firmware/efi ]; then
  firmware=uefi
  mount -t efivarfs efivarfs /sys/firmware/efi/efivars 2>/dev/null
  state=/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c
  # Four bytes of attributes, then the value.
  [ "$(tail -c 1 $state 2>/dev/null | od -An -t x1 | tr -d ' ')" = 01 ] && secureboot=yes
fi

# tty0 is missing on a machine without a screen, ttyS0 on one without a serial port.
consoles=''
for console in ttyS0 tty1; do (: > /dev/$console) 2>/dev/null && consoles="$consoles $console"; done
for console in $consoles; do
  echo "TINY-LINUX-UP firmware=$firmware secureboot=$secureboot" > /dev/$console
done

# Ends the guest as a desktop would: at the press of the ACPI power button.
button=$(grep -A 5 LNXPWRBN /proc/bus/input/devices | grep -o 'event[0-9]*' | head -n 1)
if [ -n "$button" ]; then
  (head -c 24 /dev/input/$button > /dev/null
   for console in $consoles; do echo POWER-BUTTON > /dev/$console; done
   poweroff -f) &
fi

[ -f /commands ] && sh /commands

# A session of its own makes the first terminal that it opens its controlling one: Ctrl+C works.
for console in $consoles; do
  (while :; do
     setsid sh -c "exec < /dev/$console > /dev/$console 2>&1; echo TINY-LINUX-READY; exec sh -i"
   done) &
done
while :; do sleep 3600; done
