/* Owns trying the program with bytes that nobody meant, under the sanitizers, with a kernel that answers at random.
   Must not ask the real kernel for anything but to print: fuzz COUNT [SEED]. */
#include "verbs.h"
#include <fcntl.h>
#include <linux/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int handle(const char *text, size_t length, const struct caller *caller);

static u64 state;
static u32 draw(u32 below) {
  /* xorshift64* */
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return (u32)((state * 2685821657736338717ull) >> 33) % below;
}

/* The last answer that was written to standard output. */
static char answer[2 * TEXT_MAX];
static size_t answer_length;
static u64 changes;

static long luck(void) {
  static const long errors[] = {-EPERM, -ENOENT, -EIO, -ENODEV, -EOPNOTSUPP, -EINTR, -EBUSY};
  return draw(6) == 0 ? errors[draw(7)] : 0;
}

static void judge_path(const char *path);

long sys_open(const char *path, int flags, int mode) {
  (void)flags, (void)mode;
  judge_path(path);
  long failed = luck();
  return failed < 0 ? failed : 3;
}

static void judge_path(const char *path) {
  /* Whatever a request says, these are the only places there are. */
  static const char *const places[] = {"/sys/class/net", "/sys/kernel/mm/hugepages/", "/sys/devices/system/node/node", "/etc/tmpfiles.d/virtdeck-hugepages-", "/sys/kernel/mm/ksm/run", "/proc/", "/dev/", "/var/lib/virtdeck-helper",
    "/sys/bus/pci/", "/sys/class/mdev_bus/", "/sys/bus/mdev/devices/", "/sys/kernel/iommu_groups/", "/sys/class/block", "/sys/class/drm", "/run/virtdeck-helper", "/etc/default", "/etc/kernel",
    "/boot/loader/entries", "/efi/loader/entries", "/boot/efi/loader/entries", "/etc/modprobe.d", "/etc/modules-load.d", "/etc/initramfs-tools", "/etc/dracut.conf.d",
    "/etc/mkinitcpio.conf.d", "/etc/udev/rules.d", "/etc/security/limits.d"};
  int known = 0;
  for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) known |= strncmp(path, places[i], strlen(places[i])) == 0;
  if (!known || strstr(path, "/../") != NULL || strlen(path) > 200) {
    fprintf(stderr, "a strange path: %s\n", path);
    abort();
  }
}

long sys_readlink(const char *path, char *into, size_t size) {
  static const char *const targets[] = {"../../../0000:01:00.0", "../../kernel/iommu_groups/14", "../../bus/pci/drivers/e1000e", "../../bus/pci/drivers/vfio-pci", "../../../devices/virtual/mtty/mtty/7d0a3f0e-1f2b-4c3d-8e5f-0123456789ab",
    "../../devices/pci0000:00/0000:01:00.0/net/eth0", "..", "", "/", "../../x y", "../../../../../../0000:01:00.1/", "nvme0c0n1"};
  judge_path(path);
  long failed = luck();
  if (failed < 0) return failed;
  if (draw(5) == 0) {
    for (size_t i = 0; i < size; i++) into[i] = (char)draw(256);
    return (long)draw((u32)size + 1);
  }
  const char *target = targets[draw(sizeof targets / sizeof targets[0])];
  size_t take = strlen(target) < size ? strlen(target) : size;
  memcpy(into, target, take);
  return (long)take;
}

long sys_entries(int fd, void *buffer, size_t size) {
  static const char *const names[] = {".", "..", "0000:01:00.0", "0000:01:00.1", "eth0", "upper_br0", "virtfn0", "nvme0c0n1", "sd!a", "a!..!b", "a/../b", "0000:01:00.0/..",
    "moving-0000:01:00.0", "ending-0000:01:00.0", "trial-0000:01:00.0", "moving-../../etc", "trial-0000:01:00.8"};
  u8 *out = buffer;
  size_t at = 0;
  (void)fd;
  long failed = luck();
  if (failed < 0) return failed;
  /* A folder ends at some time. */
  if (draw(3) != 0) return 0;
  if (draw(8) == 0) {
    for (size_t i = 0; i < size; i++) out[i] = (u8)draw(256);
    return (long)draw((u32)size + 1);
  }
  for (u32 count = draw(24); count > 0 && at + 64 <= size; count--) {
    const char *name = names[draw(sizeof names / sizeof names[0])];
    unsigned short length = (unsigned short)((19 + strlen(name) + 1 + 7) & ~7u);
    memset(out + at, 0, 64);
    memcpy(out + at + 16, &length, sizeof length);
    memcpy(out + at + 19, name, strlen(name));
    at += length;
  }
  return (long)at;
}

/* A backup, or a file of the list, is as often there as not. */
long sys_open_plain(const char *path, int flags, int mode) {
  long fd = sys_open(path, flags, mode);
  return strstr(path, "/backups/") != NULL && (flags & O_CREAT) == 0 && draw(2) == 0 ? -ENOENT : fd;
}
static void judge_name(const char *name) {
  if (name[0] == 0 || strchr(name, '/') != NULL || strcmp(name, "..") == 0 || strlen(name) > 100) {
    fprintf(stderr, "a strange name: %s\n", name);
    abort();
  }
}
long sys_open_in(int folder, const char *name, int flags, int mode) {
  (void)folder, (void)mode;
  judge_name(name);
  if ((flags & O_CREAT) == 0 && draw(2) == 0) return -ENOENT;
  long failed = luck();
  return failed < 0 ? failed : 5;
}
long sys_unlink_in(int folder, const char *name) { return (void)folder, judge_name(name), changes++, luck(); }
long sys_rename_in(int folder, const char *from, const char *to) { return (void)folder, judge_name(from), judge_name(to), changes++, luck(); }
long sys_chmod(int fd, u32 mode) { return (void)fd, (mode & ~0777u) != 0 ? (abort(), 0) : luck(); }
long sys_watch_closing(const char *path) { return sys_open(path, 0, 0); }
long sys_lock(int fd) { return (void)fd, luck(); }
long sys_try_lock(int fd) { return (void)fd, draw(3) == 0 ? -EAGAIN : luck(); }
long sys_inspect(int fd, struct seen *into) {
  (void)fd;
  *into = (struct seen){draw(20) == 0 ? 1000 : 0, draw(20) == 0 ? 0666 : 0644, draw(20) == 0 ? 2 : 1, draw(20) != 0};
  return luck();
}
int sys_is_file(const char *path) {
  if (strncmp(path, "/usr/", 5) != 0 && strncmp(path, "/sbin/", 6) != 0 && strncmp(path, "/bin/", 5) != 0 && strncmp(path, "/lib/modules/", 13) != 0 && strncmp(path, "/boot/vmlinuz-", 14) != 0) abort();
  return draw(3) != 0;
}
/* Whatever a request says, these alone are run, and no argument of theirs begins like something else. */
long sys_run(const char *program, const char *const arguments[], const char *output) {
  static const char *const known[] = {"update-grub", "grub-mkconfig", "grub2-mkconfig", "kernel-install", "grubby", "rpm-ostree", "update-initramfs", "dracut", "mkinitcpio"};
  const char *last = strrchr(program, '/') + 1;
  int good = 0;
  for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) good |= strcmp(last, known[i]) == 0 && strcmp(arguments[0], known[i]) == 0;
  for (size_t i = 1; arguments[i] != NULL; i++)
    for (const char *at = arguments[i]; *at != 0; at++)
      if (*at <= ' ' || strchr("\"'$`;&|<>*?(){}\\", *at) != NULL) good = strcmp(last, "kernel-install") == 0;
  if (!good || strncmp(output, "/var/lib/virtdeck-helper/", 25) != 0) abort();
  changes++;
  return draw(3) == 0 ? 1 : luck();
}

long sys_unlink(const char *path) { return judge_path(path), changes++, luck(); }
long sys_rename(const char *from, const char *to) { return judge_path(from), judge_path(to), changes++, luck(); }
long sys_chown(const char *path, u32 owner) {
  judge_path(path);
  if (strncmp(path, "/dev/vfio/", 10) != 0 || owner > 0xfffffffeu) abort();
  return changes++, luck();
}
void sys_sleep(u32 ms) { if (ms > 600000) abort(); }
void *sys_shared(size_t size) {
  static _Alignas(16) u8 memory[65536];
  if (size > sizeof memory) abort();
  if (draw(50) == 0) return NULL;
  memset(memory, 0, sizeof memory);
  return memory;
}
static int waits;
int sys_commit(void) { return waits; }
long sys_apart(long (*work)(void *), void *argument, u32 wait_ms) {
  (void)wait_ms;
  long failed = luck();
  if (failed < 0) return failed;
  waits = draw(4) != 0;
  long result = work(argument);
  return waits ? result : -ETIMEDOUT;
}
long sys_afterwards(long (*work)(void *), void *argument) {
  long failed = luck();
  if (failed < 0) return failed;
  if (draw(4) == 0) work(argument);
  return 4711;
}
void sys_end(long pid) { if (pid != 4711) abort(); }

long sys_read(int fd, void *buffer, size_t length) {
  static u32 ends;
  static const char *const contents[] = {"virtdeck\n", "1\n", "0\n", "17\n", "8000.525400123456\n", "Name:\tx\nUid:\t1000\t1000\n", "", "4294967295\n", "-1\n", "\n\n\n",
    "vfio-pci\n", "(null)\n", "0x030000\n", "e1000e", "{\"address\":\"0000:01:00.0\",\"until\":31}", "{\"address\":\"0000:01:00.0\",\"until\":1}", "eth0\t00000000\t0102A8C0\t0003\n", "enabled\n",
    "options root=1 quiet\n", "{\"verb\":\"sriov-vf-set\",\"address\":\"0000:06:10.0\",\"mac\":\"00:00:00:00:00:00\",\"vlan\":0,\"qos\":0,\"spoofCheck\":1}", "/etc/modprobe.d/vfio.conf\n", "/boot/loader/entries/arch.conf", "/etc/passwd\n", "/etc/modprobe.d/../passwd", "6.1.0-1-amd64\n"};
  (void)fd;
  long failed = luck();
  if (failed < 0) return failed;
  if (ends++ % 2 == 1) return 0;
  if (draw(4) == 0) {
    for (size_t i = 0; i < length; i++) ((u8 *)buffer)[i] = (u8)draw(256);
    return (long)draw((u32)length + 1);
  }
  const char *content = contents[draw(sizeof contents / sizeof contents[0])];
  size_t take = strlen(content) < length ? strlen(content) : length;
  memcpy(buffer, content, take);
  return (long)take;
}

long sys_write(int fd, const void *buffer, size_t length) {
  if (fd == 1) {
    if (length >= sizeof answer) abort();
    memcpy(answer, buffer, length);
    answer[length] = 0;
    answer_length = length;
    return (long)length;
  }
  /* Every byte is read, so that the sanitizers see it. */
  for (size_t i = 0; i < length; i++) state += ((const u8 *)buffer)[i];
  changes++;
  long failed = luck();
  return failed < 0 ? failed : (long)length;
}

long sys_close(int fd) { return (void)fd, 0; }
long sys_fsync(int fd) { return (void)fd, luck(); }
long sys_mkdir(const char *path, int mode) { return judge_path(path), (void)mode, luck(); }
long sys_ioctl(int fd, unsigned long request, void *argument) { return (void)fd, (void)request, (void)argument, luck(); }
long sys_netlink(void) { long failed = luck(); return failed < 0 ? failed : 4; }
long sys_geteuid(void) { return 0; }
long sys_time(void) { return 1; }
long sys_prlimit(int pid, int resource, const u64 *set, u64 *old) {
  (void)pid, (void)resource;
  if (set != NULL && set[0] > 1ull << 44) abort();
  if (old != NULL) old[0] = old[1] = draw(2) == 0 ? ~0ull : 8 << 20;
  return luck();
}

static const char *const seeds[] = {
  "{\"verb\":\"tap-create\",\"name\":\"vd0123456789ab\",\"owner\":1000,\"bridge\":\"br1\",\"vlan\":10,\"mac\":\"de:00:00:00:00:de\"}",
  "{\"verb\":\"tap-delete\",\"name\":\"vd0123456789ab\"}",
  "{\"verb\":\"bridge-create\",\"name\":\"br1\",\"vlanFiltering\":true}",
  "{\"verb\":\"bridge-delete\",\"name\":\"br1\"}",
  "{\"verb\":\"bridge-attach\",\"name\":\"vd0\",\"bridge\":\"br1\"}",
  "{\"verb\":\"bridge-detach\",\"name\":\"vd0\"}",
  "{\"verb\":\"vlan-set\",\"name\":\"vd0\",\"vlan\":4094}",
  "{\"verb\":\"vlan-clear\",\"name\":\"vd0\",\"vlan\":1}",
  "{\"verb\":\"memlock\",\"pid\":4711,\"bytes\":1073741824}",
  "{\"verb\":\"hugepages-set\",\"node\":1,\"sizeKiB\":2048,\"count\":512}",
  "{\"verb\":\"hugepages-keep\",\"node\":1,\"sizeKiB\":2048,\"count\":512}",
  "{\"verb\":\"ksm-set\",\"count\":1}",
  "{\"verb\":\"vfio-bind\",\"address\":\"0000:01:00.0\",\"owner\":1000,\"seconds\":30}",
  "{\"verb\":\"vfio-bind\",\"address\":\"0000:01:00.0\"}",
  "{\"verb\":\"vfio-keep\",\"address\":\"0000:01:00.0\"}",
  "{\"verb\":\"vfio-unbind\",\"address\":\"0000:01:00.0\"}",
  "{\"verb\":\"sriov-set\",\"address\":\"0000:06:00.0\",\"count\":2}",
  "{\"verb\":\"mdev-create\",\"address\":\"0000:01:00.0\",\"type\":\"i915-GVTg_V5_4\",\"uuid\":\"7d0a3f0e-1f2b-4c3d-8e5f-0123456789ab\",\"owner\":1000}",
  "{\"verb\":\"mdev-remove\",\"uuid\":\"7d0a3f0e-1f2b-4c3d-8e5f-0123456789ab\"}",
  "{\"verb\":\"sriov-vf-set\",\"address\":\"0000:06:10.0\",\"mac\":\"02:00:00:00:00:01\",\"vlan\":100,\"qos\":3,\"spoofCheck\":true,\"trust\":false,\"linkState\":1,\"untilClosed\":true}",
  "{\"verb\":\"sriov-vf-set\",\"address\":\"0000:06:10.0\",\"mac\":\"00:00:00:00:00:00\",\"vlan\":0}",
  "{\"verb\":\"file-write\",\"file\":\"modprobe-vfio\",\"contentBytes\":31}\noptions vfio-pci ids=10de:1eb8\n",
  "{\"verb\":\"file-write\",\"file\":\"grub-drop-in\",\"contentBytes\":57}\nGRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX intel_iommu=on\"\n\n",
  "{\"verb\":\"file-write\",\"file\":\"loader-entry-boot\",\"entry\":\"arch.conf\",\"before\":0,\"contentBytes\":23}\noptions intel_iommu=on\n",
  "{\"verb\":\"file-write\",\"file\":\"memlock-limit\",\"contentBytes\":22}\nada - memlock 32768000",
  "{\"verb\":\"file-write\",\"file\":\"udev-rule\",\"contentBytes\":44}\nSUBSYSTEM==\"vfio\", GROUP=\"kvm\", MODE=\"0660\"\n",
  "{\"verb\":\"file-restore\",\"backup\":12}",
  "{\"verb\":\"bootloader-update\",\"command\":\"update-grub\"}",
  "{\"verb\":\"bootloader-update\",\"command\":\"kernel-install\"}",
  "{\"verb\":\"bootloader-update\",\"command\":\"grubby-add\",\"argument\":\"vfio-pci.ids=10de:1eb8\"}",
  "{\"verb\":\"initramfs-update\",\"command\":\"dracut\"}",
};
static const char *const pieces[] = {"\"verb\":", "\"name\":", "{", "}", ",", ":", "\"", "../", "\\u0000", "18446744073709551616", "9999999999999999", "-1", "0", "true", "null", "[]", "\"mac\":", "\"owner\":", "\"address\":", "\"seconds\":", "vd", "%n", "\"vlan\":4095", "\n", "\"file\":", "$(reboot)", "install vfio /bin/sh\n", "options vfio-pci ids=1:1\n", " init=/bin/sh", "/etc/modprobe.d/vfio.conf", "loader-entry-efi"};

static size_t mutated(char *into, size_t room) {
  size_t length = 0;
  const char *seed = seeds[draw(sizeof seeds / sizeof seeds[0])];
  length = strlen(seed);
  memcpy(into, seed, length);
  for (u32 turns = draw(6); turns > 0; turns--) {
    u32 at = draw((u32)length + 1);
    switch (draw(4)) {
    case 0:
      if (length > 0) into[at % length] = (char)draw(256);
      break;
    case 1: {
      const char *piece = pieces[draw(sizeof pieces / sizeof pieces[0])];
      size_t add = strlen(piece);
      if (length + add > room) break;
      memmove(into + at + add, into + at, length - at);
      memcpy(into + at, piece, add);
      length += add;
      break;
    }
    case 2: {
      u32 cut = draw(12);
      if (at + cut > length) break;
      memmove(into + at, into + at + cut, length - at - cut);
      length -= cut;
      break;
    }
    default: {
      const char *other = seeds[draw(sizeof seeds / sizeof seeds[0])];
      size_t add = strlen(other);
      if (length + add > room) break;
      memcpy(into + length, other, add);
      length += add;
    }
    }
  }
  return length;
}

int main(int count, char **arguments) {
  u64 turns = count > 1 ? strtoull(arguments[1], NULL, 10) : 100000, good = 0;
  state = count > 2 ? strtoull(arguments[2], NULL, 10) | 1 : 88172645463325252ull;
  for (u64 turn = 0; turn < turns; turn++) {
    char pool[4 * REQUEST_MAX];
    size_t length = mutated(pool, sizeof pool);
    /* Of exactly its size, so that a byte too far is seen. */
    char *exact = malloc(length + 1);
    memcpy(exact, pool, length);
    char *input = realloc(exact, length > 0 ? length : 1);
    struct caller caller = {draw(2) == 0 ? 0 : 1000, draw(4) != 0};
    u64 before = changes;
    answer_length = 0;
    int code = handle(input, length, &caller);
    if (answer_length < 3 || answer[0] != '{' || answer[answer_length - 1] != '\n') abort();
    if ((code == 0) != (strncmp(answer, "{\"ok\":true", 10) == 0)) abort();
    if (strstr(answer, "\"code\":\"Invalid\"") != NULL && changes != before) {
      fprintf(stderr, "an invalid request changed something: %.*s\n", (int)length, input);
      abort();
    }
    good += code == 0;
    free(input);
  }
  printf("{\"turns\":%llu,\"good\":%llu}\n", turns, good);
  return good == 0 && turns > 1000;
}
