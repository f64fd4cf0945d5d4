/* Owns the closed list of files that decide how this computer starts, and reading and replacing them whole.
   Must not judge what they say. */
#include "places.h"
#include "text.h"
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

static const struct form modprobe[] = {
  {"options vfio-pci ", WORDS, ""},
  {"options vfio_pci ", WORDS, ""},
  {"options vfio_iommu_type1 ", WORDS, ""},
  {"softdep ", NAME, " pre: vfio-pci"},
  {"blacklist ", NAME, ""},
  {0, NOTHING, 0},
};
static const struct form modules[] = {
  {"vfio-pci", NOTHING, ""}, {"vfio_pci", NOTHING, ""}, {"vfio", NOTHING, ""}, {"vfio_iommu_type1", NOTHING, ""}, {0, NOTHING, 0},
};
static const struct form grub_default[] = {{"GRUB_CMDLINE_LINUX=\"", ARGUMENTS, "\""}, {"GRUB_CMDLINE_LINUX=\"\"", NOTHING, ""}, {0, NOTHING, 0}};
static const struct form grub_drop_in[] = {{"GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX ", ARGUMENTS, "\""}, {0, NOTHING, 0}};
static const struct form cmdline[] = {{"", ARGUMENTS, ""}, {0, NOTHING, 0}};
static const struct form entry_forms[] = {{"options ", ARGUMENTS, ""}, {"options\t", ARGUMENTS, ""}, {0, NOTHING, 0}};
static const struct form dracut[] = {{"add_drivers+=\" vfio_pci vfio vfio_iommu_type1 \"", NOTHING, ""}, {0, NOTHING, 0}};
static const struct form mkinitcpio[] = {{"MODULES+=(vfio_pci vfio vfio_iommu_type1)", NOTHING, ""}, {0, NOTHING, 0}};
static const struct form udev[] = {
  {"SUBSYSTEM==\"vfio\", GROUP=\"", NAME, "\", MODE=\"0660\""},
  {"ACTION==\"add\", SUBSYSTEM==\"pci\", KERNEL==\"", ADDRESS, "\", ATTR{driver_override}=\"vfio-pci\""},
  {0, NOTHING, 0},
};
static const struct form limits[] = {{"", LOCKS, ""}, {0, NOTHING, 0}};

/* electron/api/preparation.ts has the same list; a test compares the two. */
static const struct place places[] = {
  {"grub-default", "/etc/default", "grub", grub_default, 0},
  {"grub-drop-in", "/etc/default/grub.d", "60-virtdeck.cfg", grub_drop_in, 0},
  {"kernel-cmdline", "/etc/kernel", "cmdline", cmdline, 1},
  {"loader-entry-boot", "/boot/loader/entries", 0, entry_forms, 0},
  {"loader-entry-efi", "/efi/loader/entries", 0, entry_forms, 0},
  {"loader-entry-boot-efi", "/boot/efi/loader/entries", 0, entry_forms, 0},
  {"modprobe-vfio", "/etc/modprobe.d", "vfio.conf", modprobe, 0},
  {"modules-load-vfio", "/etc/modules-load.d", "vfio-pci.conf", modules, 0},
  {"initramfs-modules", "/etc/initramfs-tools", "modules", modules, 0},
  {"dracut-drop-in", "/etc/dracut.conf.d", "60-virtdeck.conf", dracut, 0},
  {"mkinitcpio-drop-in", "/etc/mkinitcpio.conf.d", "60-virtdeck.conf", mkinitcpio, 0},
  {"udev-rule", "/etc/udev/rules.d", "60-virtdeck.rules", udev, 0},
  {"memlock-limit", "/etc/security/limits.d", "60-virtdeck.conf", limits, 0},
};

const struct place *find_place(const char *name) {
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
    if (same(places[i].name, name)) return &places[i];
  return 0;
}

int is_entry_name(const char *name) {
  size_t length = length_of(name);
  if (length < 6 || length > 100 || name[0] == '.') return 0;
  for (size_t i = 0; i < length; i++) {
    char c = name[i];
    int good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '+';
    if (!good) return 0;
  }
  return same(name + length - 5, ".conf");
}

const struct place *place_of_path(const char *path, const char **entry) {
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
    size_t length = length_of(places[i].folder), at = 0;
    while (at < length && path[at] == places[i].folder[at]) at++;
    if (at < length || path[at] != '/') continue;
    const char *last = path + at + 1;
    if (places[i].file != 0 ? same(last, places[i].file) : is_entry_name(last)) return *entry = last, &places[i];
  }
  return 0;
}

static const char *last_part(const struct place *place, const char *entry) {
  return place->file != 0 ? place->file : entry;
}

/* Nobody but root may change what is in it. */
static long open_folder(const char *folder) {
  struct seen seen;
  long fd = sys_open_plain(folder, O_RDONLY | O_DIRECTORY, 0);
  if (fd < 0) return fd;
  long failed = sys_inspect((int)fd, &seen);
  if (failed >= 0 && (seen.uid != 0 || (seen.mode & 022) != 0)) failed = -EPERM;
  if (failed >= 0) return fd;
  sys_close((int)fd);
  return failed;
}

static long read_from(long fd, struct content *into) {
  struct seen seen;
  long failed = sys_inspect((int)fd, &seen), got = 0;
  /* A second name of it might be anywhere, and somebody's who is not root. */
  if (failed >= 0 && (!seen.is_plain || seen.uid != 0 || seen.links != 1 || (seen.mode & 022) != 0)) failed = -EPERM;
  while (failed >= 0 && got < CONTENT_MAX_BYTES) {
    failed = sys_read((int)fd, into->bytes + got, (size_t)(CONTENT_MAX_BYTES - got));
    if (failed == 0) break;
    if (failed > CONTENT_MAX_BYTES - got) failed = -EIO;
    if (failed > 0) got += failed;
  }
  sys_close((int)fd);
  if (failed < 0) return failed;
  if (got >= CONTENT_MAX_BYTES) return -EFBIG;
  into->length = got;
  into->mode = seen.mode & 0777;
  return 0;
}

long read_place(const struct place *place, const char *entry, struct content *into) {
  into->length = -1;
  into->mode = 0644;
  long folder = open_folder(place->folder);
  if (folder == -ENOENT) return 0;
  if (folder < 0) return folder;
  /* O_NONBLOCK: a pipe of that name must not hold us. */
  long fd = sys_open_in((int)folder, last_part(place, entry), O_RDONLY | O_NONBLOCK, 0);
  sys_close((int)folder);
  if (fd == -ENOENT) return 0;
  return fd < 0 ? fd : read_from(fd, into);
}

static long put(long fd, const char *bytes, size_t length) {
  for (size_t at = 0; at < length;) {
    long wrote = sys_write((int)fd, bytes + at, length - at);
    if (wrote < 0 && wrote != -EINTR) return wrote;
    if (wrote == 0 || wrote > (long)(length - at)) return -EIO;
    if (wrote > 0) at += (size_t)wrote;
  }
  return sys_fsync((int)fd);
}

/* No name that anything here reads: each folder's readers ask for an ending. */
static const char fresh[] = ".virtdeck-new";

long replace_place(const struct place *place, const char *entry, const char *bytes, size_t length, u32 mode) {
  long folder = open_folder(place->folder);
  if (folder == -ENOENT) {
    sys_mkdir(place->folder, 0755);
    folder = open_folder(place->folder);
  }
  if (folder < 0) return folder;
  /* Left by a run that was ended in the middle. */
  sys_unlink_in((int)folder, fresh);
  long fd = sys_open_in((int)folder, fresh, O_WRONLY | O_CREAT | O_EXCL, 0600);
  long failed = fd;
  if (fd >= 0) {
    failed = put(fd, bytes, length);
    /* A file system of the firmware's has no permissions, and says so. */
    if (failed >= 0) sys_chmod((int)fd, mode);
    sys_close((int)fd);
    if (failed >= 0) failed = sys_rename_in((int)folder, fresh, last_part(place, entry));
    if (failed < 0) sys_unlink_in((int)folder, fresh);
  }
  if (failed >= 0) sys_fsync((int)folder);
  sys_close((int)folder);
  return failed < 0 ? failed : 0;
}

long remove_place(const struct place *place, const char *entry) {
  long folder = open_folder(place->folder);
  if (folder < 0) return folder == -ENOENT ? 0 : folder;
  long failed = sys_unlink_in((int)folder, last_part(place, entry));
  sys_unlink_in((int)folder, fresh);
  if (failed >= 0) sys_fsync((int)folder);
  sys_close((int)folder);
  return failed == -ENOENT ? 0 : failed;
}

long read_whole(const char *path, struct content *into) {
  into->length = -1;
  into->mode = 0644;
  long fd = sys_open_plain(path, O_RDONLY | O_NONBLOCK, 0);
  if (fd == -ENOENT) return 0;
  return fd < 0 ? fd : read_from(fd, into);
}

long write_new(const char *path, const char *bytes, size_t length) {
  long fd = sys_open_plain(path, O_WRONLY | O_CREAT | O_EXCL, 0644);
  if (fd < 0) return fd;
  long failed = put(fd, bytes, length);
  sys_chmod((int)fd, 0644);
  sys_close((int)fd);
  return failed;
}
