/* Owns reading PCI devices and IOMMU groups from sysfs.
   Must not change anything. */
#include "pci.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

static int is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

int is_pci_address(const char *text) {
  static const char shape[] = "xxxx:xx:xx.7";
  for (size_t i = 0; i < sizeof shape - 1; i++) {
    int good = shape[i] == 'x' ? is_hex(text[i]) : shape[i] == '7' ? text[i] >= '0' && text[i] <= '7' : text[i] == shape[i];
    if (!good) return 0;
  }
  return text[sizeof shape - 1] == 0;
}

void pci_path(struct text *path, const char *address, const char *file) {
  text_clear(path);
  text_add(path, "/sys/bus/pci/devices/");
  text_add(path, address);
  text_add(path, "/");
  text_add(path, file);
}

/* What the kernel names devices, drivers, disks and network interfaces; a slash in a disk's name is `!` in sysfs. */
int is_entry(const char *name) {
  size_t length = length_of(name);
  if (length == 0 || length >= ENTRY_MAX || name[0] == '.') return 0;
  for (size_t i = 0; i < length; i++)
    if (name[i] <= ' ' || name[i] > '~' || name[i] == '/' || name[i] == '"' || name[i] == '\\') return 0;
  return 1;
}

long link_name(const char *path, char name[ENTRY_MAX]) {
  char target[512];
  long got = sys_readlink(path, target, sizeof target - 1);
  if (got < 0) return got;
  target[got] = 0;
  /* A zero byte in it would be the end of what is judged, not of what is copied. */
  got = (long)length_of(target);
  long start = got;
  while (start > 0 && target[start - 1] != '/') start--;
  if (!is_entry(target + start)) return -EIO;
  memcpy(name, target + start, length_of(target + start) + 1);
  return 0;
}

int link_leads_through(const char *path, const char *address) {
  char target[512];
  long got = sys_readlink(path, target, sizeof target - 1);
  size_t length = length_of(address);
  if (got < 0) return 0;
  target[got] = 0;
  for (const char *at = target; *at != 0; at++) {
    size_t i = 0;
    if (*at != '/') continue;
    while (i < length && at[1 + i] == address[i]) i++;
    if (i == length && at[1 + i] == '/') return 1;
  }
  return 0;
}

struct entry {
  u64 inode;
  s64 offset;
  u16 length;
  u8 type;
  char name[];
};

long each_entry(const char *folder, long (*one)(const char *name, void *context), void *context) {
  _Alignas(8) char buffer[2048];
  long fd = sys_open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0), answer = 0;
  if (fd < 0) return fd;
  while (answer == 0) {
    long got = sys_entries((int)fd, buffer, sizeof buffer - 1);
    if (got <= 0) {
      answer = got;
      break;
    }
    buffer[got] = 0;
    for (long at = 0; answer == 0 && at + (long)__builtin_offsetof(struct entry, name) < got;) {
      const struct entry *entry = (const struct entry *)(const void *)(buffer + at);
      if (entry->length < sizeof *entry || (entry->length & 7) != 0 || at + entry->length > got) break;
      if (is_entry(entry->name)) answer = one(entry->name, context);
      at += entry->length;
    }
  }
  sys_close((int)fd);
  return answer;
}

long pci_driver_of(const char *address, char driver[ENTRY_MAX]) {
  struct text path;
  pci_path(&path, address, "driver");
  long result = link_name(path.bytes, driver);
  if (result == 0) return 0;
  driver[0] = 0;
  return result == -ENOENT ? 0 : result;
}

static u32 hex_in(const char *text) {
  u32 number = 0;
  if (text[0] == '0' && text[1] == 'x') text += 2;
  for (; is_hex(*text); text++) number = number * 16 + (u32)(*text <= '9' ? *text - '0' : *text - 'a' + 10);
  return number;
}

static long add_device(const char *address, void *context) {
  struct pci_group *group = context;
  struct pci_device device;
  struct text path;
  char content[64];
  if (!is_pci_address(address)) return 0;
  memset(&device, 0, sizeof device);
  memcpy(device.address, address, length_of(address) + 1);
  pci_path(&path, address, "class");
  long result = read_file(path.bytes, content, sizeof content);
  if (result != 0) return result;
  device.class = hex_in(content) & 0xffffff;
  /* Bridges to other PCI buses and to the processor: VFIO lets them be. */
  if (device.class >> 8 == 0x0604 || device.class >> 8 == 0x0600) return 0;
  pci_path(&path, address, "driver_override");
  result = read_file(path.bytes, content, sizeof content);
  if (result != 0) return result;
  device.is_ours = same(content, "vfio-pci");
  device.is_foreign = !device.is_ours && content[0] != 0 && !same(content, "(null)");
  result = pci_driver_of(address, device.driver);
  if (result != 0) return result;
  if (group->count == GROUP_MAX) return -E2BIG;
  group->devices[group->count++] = device;
  return 0;
}

long pci_group_of(const char *address, struct pci_group *group) {
  struct text path;
  char name[ENTRY_MAX], content[64];
  memset(group, 0, sizeof *group);
  pci_path(&path, address, "class");
  if (read_file(path.bytes, content, sizeof content) != 0) return -ENODEV;
  pci_path(&path, address, "iommu_group");
  long result = link_name(path.bytes, name);
  if (result == -ENOENT) return -EOPNOTSUPP;
  if (result != 0) return result;
  group->number = number_in(name, -1);
  if (group->number < 0 || name[0] < '0' || name[0] > '9') return -EIO;
  text_clear(&path);
  text_add(&path, "/sys/kernel/iommu_groups/");
  text_number(&path, (u64)group->number);
  text_add(&path, "/devices");
  return each_entry(path.bytes, add_device, group);
}
