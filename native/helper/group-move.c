/* Owns moving an IOMMU group between its drivers and VFIO: written down before it begins, and finished by whoever comes next.
   Must not judge whether it may be moved. */
#include "group-move.h"
#include "journal.h"
#include "judgement.h"
#include "run-state.h"
#include "vfio.h"
#include <linux/errno.h>

const char vfio[] = "vfio-pci";

/* ---- one device */

static long tell_driver(const char *driver, const char *deed, const char *address) {
  struct text path;
  text_clear(&path);
  text_add(&path, "/sys/bus/pci/drivers/");
  text_add(&path, driver);
  text_add(&path, deed);
  return write_file(path.bytes, address);
}

static long set_override(const char *address, const char *driver) {
  struct text path;
  pci_path(&path, address, "driver_override");
  return write_file(path.bytes, driver);
}

static long probe(const char *address) { return write_file("/sys/bus/pci/drivers_probe", address); }

/* Begun at any point of taking it, it ends with the driver that was there before. */
static long give_back(const char *address) {
  char driver[ENTRY_MAX], before[128];
  int is_known = state_read("bound", address, before) == 0 && length_of(before) < ENTRY_MAX;
  long result = set_override(address, "\n");
  if (result < 0) return result;
  result = pci_driver_of(address, driver);
  if (result == 0 && same(driver, vfio)) result = tell_driver(vfio, "/unbind", address);
  if (result < 0) return result;
  result = pci_driver_of(address, driver);
  if (result == 0 && driver[0] == 0 && !(is_known && before[0] == 0)) {
    /* The kernel would choose again, and perhaps another one. */
    if (!is_known || !is_entry(before) || tell_driver(before, "/bind", address) < 0) result = probe(address);
  }
  if (result >= 0) state_remove("bound", address);
  return result < 0 ? result : 0;
}

static long take(const struct pci_device *device) {
  char driver[ENTRY_MAX];
  /* Its driver of before is known already when the last attempt was ended in the middle. */
  long result = state_write("bound", device->address, device->driver);
  if (result < 0 && result != -EEXIST) return result;
  result = set_override(device->address, vfio);
  if (result >= 0 && device->driver[0] != 0) result = tell_driver(device->driver, "/unbind", device->address);
  if (result >= 0) result = probe(device->address);
  if (result >= 0) result = pci_driver_of(device->address, driver);
  return result < 0 ? result : same(driver, vfio) ? 0 : -ENODEV;
}

/* ---- the whole group, in a process of its own */

static int precedes(const char *a, const char *b) {
  while (*a != 0 && *a == *b) a++, b++;
  return *a < *b;
}

/* The group, whichever of its devices is named: its number is good for as long as it is looked at. */
static const char *name_of(const struct pci_group *group) {
  const char *lowest = group->devices[0].address;
  for (u32 i = 1; i < group->count; i++)
    if (precedes(group->devices[i].address, lowest)) lowest = group->devices[i].address;
  return lowest;
}

/* Without a word in it, a file is of somebody who was ended before he began. */
static int is_remembered(const char *what, const char *address) {
  char content[128];
  return state_read(what, address, content) == 0 && content[0] != 0;
}

void know_ours(struct pci_group *group) {
  char content[128];
  for (u32 i = 0; i < group->count; i++)
    if (state_read("bound", group->devices[i].address, content) == 0) group->devices[i].is_ours = 1;
}

int has_state(const struct pci_group *group, const char *what) {
  for (u32 i = 0; i < group->count; i++)
    if (is_remembered(what, group->devices[i].address)) return 1;
  return 0;
}

long give_back_all(void *argument) {
  struct pci_group *group = argument;
  long worst = 0;
  /* While we waited for our turn, others may have taken some of it. */
  know_ours(group);
  for (u32 i = 0; i < group->count; i++) {
    long result = group->devices[i].is_ours ? give_back(group->devices[i].address) : 0;
    if (result < 0) worst = result;
  }
  /* Its own file last: until then somebody would finish it. The end of a trial renames one to the other. */
  for (u32 i = 0; i < group->count; i++) {
    state_remove("trial", group->devices[i].address);
    state_remove("ending", group->devices[i].address);
  }
  state_remove("moving", name_of(group));
  return worst;
}

long take_all(void *argument) {
  struct pci_group *group = argument;
  long result = 0;
  for (u32 i = 0; i < group->count && result == 0; i++) {
    struct pci_device *device = &group->devices[i];
    /* Since the computer started, by its configuration: not ours to give back. */
    if (same(device->driver, vfio)) continue;
    device->is_ours = 1;
    result = take(device);
  }
  if (result != 0 || !sys_commit()) give_back_all(group);
  else state_remove("moving", name_of(group));
  return result;
}

static long carry_out(long (*work)(void *), struct pci_group *group) {
  long result = sys_apart(work, group, PATIENCE_MS);
  /* Somebody ended it in the middle of a device. */
  if (result != -EINTR) return result;
  long mended = sys_apart(give_back_all, group, PATIENCE_MS);
  return work == give_back_all ? mended : result;
}

long move_group(long (*work)(void *), struct pci_group *group) {
  long held = state_hold("moving", name_of(group));
  if (held < 0) return held;
  long result = sys_write((int)held, name_of(group), length_of(name_of(group)));
  if (result >= 0) result = carry_out(work, group);
  sys_close((int)held);
  return result;
}

long give_back_for(const char *what, const char *address, struct pci_group *group) {
  long held = state_hold("moving", name_of(group)), result = 0;
  if (held < 0) return held;
  if (is_remembered(what, address)) {
    result = sys_write((int)held, name_of(group), length_of(name_of(group)));
    if (result >= 0) result = carry_out(give_back_all, group);
  } else if (!is_remembered("moving", name_of(group))) {
    state_remove("moving", name_of(group));
  }
  sys_close((int)held);
  return result;
}

/* ---- what nobody is at any more */

struct left {
  const char *what;
  char address[ENTRY_MAX];
};

struct all_left {
  u32 count;
  struct left each[GROUP_MAX];
};

static long note_left(const char *name, void *context) {
  static const char *const kinds[] = {"moving", "ending", "trial"};
  struct all_left *all = context;
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
    size_t length = 0;
    while (kinds[i][length] != 0 && kinds[i][length] == name[length]) length++;
    if (kinds[i][length] != 0 || name[length] != '-' || !is_pci_address(name + length + 1) || all->count == GROUP_MAX) continue;
    struct left *left = &all->each[all->count++];
    left->what = kinds[i];
    memcpy(left->address, name + length + 1, length_of(name + length + 1) + 1);
  }
  return 0;
}

/* `{"address":"0000:01:00.0","until":1700000000}`; what has no such end is over. */
static int is_over(const char *trial) {
  const char *last = trial;
  for (const char *at = trial; *at != 0; at++)
    if (*at == ':') last = at;
  return number_in(last, 0) <= sys_time();
}

static int is_about(const struct request *request, const struct pci_group *group) {
  if (!same(request->verb, "vfio-bind") && !same(request->verb, "vfio-keep") && !same(request->verb, "vfio-unbind")) return 0;
  for (u32 i = 0; i < group->count; i++)
    if (same(request->address, group->devices[i].address)) return 1;
  return 0;
}

struct settling {
  const struct request *request;
  const struct caller *caller;
  struct pci_group *group;
};

/* Its file is ours alone, and tells of something that was begun. Whether the request is about this group. */
static int finish(const struct left *left, const struct settling *settling) {
  struct pci_group *group = settling->group;
  struct text undo;
  if (pci_group_of(left->address, group) != 0 || group->count == 0) {
    /* The device is gone. */
    state_remove(left->what, left->address);
    return 0;
  }
  int is_asked = is_about(settling->request, group);
  /* Who asks for that is told so, and not that there was nothing to give back. A machine that has it has to end first. */
  if ((is_asked && same(settling->request->verb, "vfio-unbind")) || vfio_group_is_in_use(group->number)) return 0;
  text_clear(&undo);
  undo_address(&undo, "vfio-bind", left->address);
  if (!journal_add("vfio-unbind", settling->caller->uid, &undo, "begun")) return 0;
  /* The lock of a move is held already when that is what was left. */
  long result = same(left->what, "moving") ? carry_out(give_back_all, group) : give_back_for(left->what, left->address, group);
  journal_add("vfio-unbind", settling->caller->uid, &undo, result == 0 ? "done" : "Failed");
  /* The group has others than it had. */
  if (result == 0 && !same(name_of(group), left->address)) state_remove(left->what, left->address);
  return is_asked;
}

int settle_groups(const struct request *request, const struct caller *caller) {
  static struct all_left all;
  struct settling settling = {request, caller, 0};
  char content[128];
  int is_asked = 0;
  memset(&all, 0, sizeof all);
  state_each(note_left, &all);
  if (all.count > 0) settling.group = sys_shared(sizeof *settling.group);
  if (settling.group == 0) return 0;
  for (u32 i = 0; i < all.count; i++) {
    const struct left *left = &all.each[i];
    if (same(left->what, "trial") && state_read(left->what, left->address, content) == 0 && !is_over(content)) continue;
    long held = state_hold(left->what, left->address);
    if (held < 0) continue;
    if (is_remembered(left->what, left->address)) is_asked |= finish(left, &settling);
    else state_remove(left->what, left->address);
    sys_close((int)held);
  }
  return is_asked;
}

void undo_address(struct text *undo, const char *verb, const char *address) {
  undo_begin(undo, verb, 0);
  text_add(undo, ",\"address\":");
  text_quoted(undo, address);
  text_add(undo, "}");
}
