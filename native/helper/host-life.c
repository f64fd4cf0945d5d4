/* Owns what this computer itself lives on: it is not given away while it runs.
   Must not change anything. */
#include "host-life.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

struct look {
  const char *address;
  int found;
};

static void under(struct text *path, const char *folder, const char *name, const char *rest) {
  text_clear(path);
  text_add(path, folder);
  text_add(path, name);
  text_add(path, rest);
}

/* One path of several to an NVMe disk, `nvme0c1n1`, has no file of its own: `nvme0n1` stands for all. */
static void without_path(struct text *path) {
  static const char prefix[] = "/dev/nvme";
  size_t at = sizeof prefix - 1, from;
  for (size_t i = 0; i < at; i++)
    if (path->bytes[i] != prefix[i]) return;
  while (path->bytes[at] >= '0' && path->bytes[at] <= '9') at++;
  if (path->bytes[at] != 'c') return;
  for (from = at + 1; path->bytes[from] >= '0' && path->bytes[from] <= '9';) from++;
  if (path->bytes[from] != 'n') return;
  while (from <= path->length) path->bytes[at++] = path->bytes[from++];
  path->length = at - 1;
}

/* A file system, swap, LVM, RAID and ZFS claim the disk they are on, and the kernel lets nobody else claim it. */
static long disk_is_claimed(const char *name, void *context) {
  struct look *look = context;
  struct text path;
  under(&path, "/sys/class/block/", name, "");
  if (!link_leads_through(path.bytes, look->address)) return 0;
  under(&path, "/dev/", name, "");
  for (size_t i = 0; i < path.length; i++) {
    if (path.bytes[i] != '!') continue;
    path.bytes[i] = '/';
    /* No disk is named so; whoever could would lead us elsewhere. */
    if (path.bytes[i + 1] == '.') return 0;
  }
  without_path(&path);
  long fd = sys_open(path.bytes, O_RDONLY | O_EXCL | O_NONBLOCK | O_NOFOLLOW, 0);
  if (fd >= 0) sys_close((int)fd);
  look->found = fd == -EBUSY;
  return look->found;
}

/* The word that begins a line, or ends it, of a table of /proc/net. */
static int has_default_route(const char *interface, const char *table, int is_v6) {
  static char content[32768];
  static const char zeros[] = "00000000000000000000000000000000";
  size_t length = length_of(interface), destination = is_v6 ? 32 : 8;
  /* Cut off, or not there: what is missing is not known to be a route. */
  if (read_file(table, content, sizeof content) != 0) return 0;
  for (const char *line = content; *line != 0;) {
    const char *end = line;
    while (*end != 0 && *end != '\n') end++;
    const char *last = end;
    while (last > line && last[-1] == ' ') last--;
    const char *name = is_v6 ? last - length : line;
    const char *to = is_v6 ? line : line + length + 1;
    int fits = last - line > (long)(length + destination + 1);
    for (size_t i = 0; fits && i < length; i++) fits = name[i] == interface[i];
    fits = fits && (is_v6 ? name[-1] == ' ' : name[length] == '\t');
    for (size_t i = 0; fits && i < destination; i++) fits = to[i] == zeros[i];
    /* The length of the prefix: a route to everywhere has none. */
    if (fits && is_v6) fits = to[33] == '0' && to[34] == '0';
    if (fits) return 1;
    line = *end == 0 ? end : end + 1;
  }
  return 0;
}

static int leads_out(const char *interface) {
  return has_default_route(interface, "/proc/net/route", 0) || has_default_route(interface, "/proc/net/ipv6_route", 1);
}

struct climb {
  const char *interface;
  u32 floors;
};

static int carries_route(const char *interface, u32 floors);

static long upper_carries_route(const char *name, void *context) {
  static const char prefix[] = "upper_";
  const struct climb *climb = context;
  for (size_t i = 0; i < sizeof prefix - 1; i++)
    if (name[i] != prefix[i]) return 0;
  return carries_route(name + sizeof prefix - 1, climb->floors - 1);
}

/* Itself, or the bond, bridge or VLAN on top of it. */
static int carries_route(const char *interface, u32 floors) {
  struct climb climb = {interface, floors};
  struct text path;
  if (leads_out(interface)) return 1;
  if (floors == 0) return 0;
  under(&path, "/sys/class/net/", interface, "");
  /* The folder itself is a link. */
  text_add(&path, "/.");
  return each_entry(path.bytes, upper_carries_route, &climb) > 0;
}

static long network_is_needed(const char *name, void *context) {
  struct look *look = context;
  struct text path;
  under(&path, "/sys/class/net/", name, "");
  if (!link_leads_through(path.bytes, look->address)) return 0;
  look->found = carries_route(name, 3);
  return look->found;
}

static long screen_is_lit(const char *name, void *context) {
  struct look *look = context;
  struct text path;
  char content[32];
  under(&path, "/sys/class/drm/", name, "");
  if (!link_leads_through(path.bytes, look->address)) return 0;
  under(&path, "/sys/class/drm/", name, "/enabled");
  look->found = read_file(path.bytes, content, sizeof content) == 0 && same(content, "enabled");
  return look->found;
}

static int is_boot_screen(const char *address) {
  struct text path;
  char content[8];
  pci_path(&path, address, "boot_vga");
  return read_file(path.bytes, content, sizeof content) == 0 && same(content, "1");
}

const char *host_needs(const struct pci_device *device) {
  struct look look = {device->address, 0};
  /* The bridge to the old buses: clock, keyboard controller and firmware are behind it. */
  if (device->class >> 8 == 0x0601) return "this computer's chipset is in the group";
  each_entry("/sys/class/block", disk_is_claimed, &look);
  if (look.found) return "a disk that this computer uses is behind it";
  each_entry("/sys/class/net", network_is_needed, &look);
  if (look.found) return "this computer's way to the network goes through it";
  if (is_boot_screen(device->address)) return "it is the screen of this computer";
  each_entry("/sys/class/drm", screen_is_lit, &look);
  return look.found ? "a screen of this computer is lit by it" : 0;
}
