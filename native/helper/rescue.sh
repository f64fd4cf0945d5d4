#!/bin/sh
# Takes back what Virtdeck wrote into the files that decide how this computer starts, newest first.
# For a rescue shell: it needs nothing but sh. Where the computer's disk is mounted elsewhere: sh rescue.sh /mnt
root=${1:-}
root=${root%/}
kept=$root/var/lib/virtdeck-helper/backups
list=
for folder in "$kept"/[0-9][0-9][0-9][0-9]; do
  [ -f "$folder/path" ] && list="$folder $list"
done
if [ -z "$list" ]; then
  echo "There is nothing to take back."
  exit 0
fi
failed=0
for folder in $list; do
  IFS= read -r path < "$folder/path" || continue
  case $path in
    *..*) continue ;;
    /etc/* | /boot/* | /efi/*) ;;
    *) continue ;;
  esac
  good=1
  if [ -f "$folder/before" ]; then
    {
      while IFS= read -r line; do printf '%s\n' "$line"; done
      [ -z "$line" ] || printf '%s' "$line"
    } < "$folder/before" > "$root$path" || good=0
  else
    rm -f "$root$path" 2> /dev/null
    # Without rm an empty file does as well.
    if [ -e "$root$path" ]; then : > "$root$path" || good=0; fi
  fi
  if [ "$good" = 1 ]; then
    echo "taken back: $path"
    # It is not done a second time.
    mv "$folder/path" "$folder/undone" 2> /dev/null
  else
    echo "NOT taken back: $path (is the disk mounted read-only? mount -o remount,rw /)"
    failed=1
  fi
done
echo
echo "Now have the boot menu and the first file system made anew, whichever of these the computer has:"
echo "  update-initramfs -u -k all && update-grub"
echo "  dracut --force --regenerate-all && grub2-mkconfig -o /boot/grub2/grub.cfg"
echo "  mkinitcpio -P && grub-mkconfig -o /boot/grub/grub.cfg"
echo "Where kernel arguments were given by a command: grubby --update-kernel=ALL --remove-args=intel_iommu=on"
exit $failed
