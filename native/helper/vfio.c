/* Owns handing PCI devices to VFIO and taking them back, for a trial or for as long as the computer runs; and virtual functions.
   Must not write a file that outlives a restart of the computer, but the journal. */
#include "vfio.h"
#include "group-move.h"
#include "host-life.h"
#include "journal.h"
#include "judgement.h"
#include "run-state.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

#define TRIAL_MIN_S 5
#define TRIAL_MAX_S 600

/* The kernel itself loads a module for root when it is asked for a network interface of that name: we start no program. */
static void load_driver(void) {
  struct {
    char name[16];
    char rest[24];
  } interface = {"vfio-pci", {0}};
  long fd = sys_netlink();
  if (fd < 0) return;
  /* SIOCGIFFLAGS */
  sys_ioctl((int)fd, 0x8913, &interface);
  sys_close((int)fd);
}

static int has_driver(void) {
  struct text path;
  char name[ENTRY_MAX];
  text_clear(&path);
  text_add(&path, "/sys/bus/pci/drivers/vfio-pci/module");
  /* Built in, it is no module, and has its folder all the same. */
  if (link_name(path.bytes, name) == 0) return 1;
  long fd = sys_open("/sys/bus/pci/drivers/vfio-pci", O_RDONLY | O_DIRECTORY | O_NOFOLLOW, 0);
  if (fd >= 0) sys_close((int)fd);
  return fd >= 0;
}

void vfio_group_path(struct text *path, s64 number) {
  text_clear(path);
  text_add(path, "/dev/vfio/");
  text_number(path, (u64)number);
}

int vfio_group_is_in_use(s64 number) {
  struct text path;
  vfio_group_path(&path, number);
  /* The kernel has one at a time open it, in whatever mode; a closing after O_RDWR would be taken for a machine's (sys_watch_closing). */
  long fd = sys_open(path.bytes, O_RDONLY | O_NOFOLLOW, 0);
  if (fd >= 0) sys_close((int)fd);
  return fd == -EBUSY;
}

static int find_group(const struct request *request, struct pci_group *group, struct fault *fault) {
  if (!is_pci_address(request->address)) return refuse(fault, "Invalid", "address", "it is no PCI address such as 0000:01:00.0");
  long result = pci_group_of(request->address, group);
  if (result == -EOPNOTSUPP) return refuse(fault, "NoIommu", "address", "the device has no IOMMU group: the IOMMU is off, or there is none");
  if (result == -E2BIG) return refuse(fault, "Unsupported", "address", "its group has too many devices");
  if (!done(fault, "address", result)) return 0;
  know_ours(group);
  return group->count > 0 ? 1 : refuse(fault, "Unsupported", "address", "it is a bridge, which stays with the computer");
}

/* ---- a trial, and who ends it */

struct trial {
  char address[NAME_MAX_BYTES];
  char text[128];
  u32 seconds;
};

_Static_assert(sizeof ((struct trial *)0)->address == sizeof ((struct request *)0)->address, "copied whole");

static void trial_text(const struct request *request, struct trial *trial) {
  struct text text;
  text_clear(&text);
  text_add(&text, "{\"address\":");
  text_quoted(&text, request->address);
  text_add(&text, ",\"until\":");
  text_number(&text, (u64)sys_time() + request->seconds);
  text_add(&text, "}");
  memcpy(trial->text, text.bytes, text.length + 1);
  memcpy(trial->address, request->address, sizeof trial->address);
  trial->seconds = (u32)request->seconds;
}

/* Outlives the program that asked, so that no crash of it leaves a computer without its card. */
static long end_trial(void *argument) {
  const struct trial *trial = argument;
  static struct pci_group group;
  struct text from, to, undo;
  char now[128];
  sys_sleep(trial->seconds * 1000);
  /* Kept, taken back, or another trial by now. */
  if (state_read("trial", trial->address, now) != 0 || !same(now, trial->text)) return 0;
  state_path(&from, "trial", trial->address);
  state_path(&to, "ending", trial->address);
  /* Whoever comes first: `keep` removes the same file. */
  if (sys_rename(from.bytes, to.bytes) != 0) return 0;
  text_clear(&undo);
  undo_address(&undo, "vfio-bind", trial->address);
  journal_add("vfio-unbind", 0, &undo, "begun");
  long result = pci_group_of(trial->address, &group);
  /* The device is gone. */
  if (result != 0 || group.count == 0) sys_unlink(to.bytes);
  /* It may still be on its way to VFIO. */
  else
    while ((result = give_back_for("ending", trial->address, &group)) == -EAGAIN) sys_sleep(1000);
  journal_add("vfio-unbind", 0, &undo, result == 0 ? "done" : "Failed");
  return result;
}

static int is_tried(const struct pci_group *group) {
  return has_state(group, "trial");
}

/* ---- vfio-bind */

int prepare_vfio_bind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  struct pci_group group;
  u32 taken = 0;
  if ((request->given & F_OWNER) != 0 && (request->owner > 0xfffffffeu || (caller->uid != 0 && request->owner != caller->uid)))
    return refuse(fault, "NotPermitted", "owner", "the owner must be who asks");
  if ((request->given & F_SECONDS) != 0 && (request->seconds < TRIAL_MIN_S || request->seconds > TRIAL_MAX_S))
    return refuse(fault, "Invalid", "seconds", "a trial takes 5 to 600 seconds");
  if (!find_group(request, &group, fault)) return 0;
  if (is_tried(&group)) return refuse(fault, "Exists", "address", "a trial of it is under way");
  for (u32 i = 0; i < group.count; i++) {
    const struct pci_device *device = &group.devices[i];
    if (same(device->driver, vfio)) {
      taken++;
      continue;
    }
    if (device->is_foreign) return refuse(fault, "Busy", "address", "somebody else has set a driver_override in the group");
    const char *needed = host_needs(device);
    if (needed != 0) return refuse(fault, "HostUses", "address", needed);
  }
  if (taken == group.count && (request->given & F_SECONDS) != 0) return refuse(fault, "Exists", "address", "VFIO has the whole group already");
  undo_address(undo, "vfio-unbind", request->address);
  return 1;
}

/* Its file is locked while its keeper lives. */
static int begin_trial(const struct request *request, struct fault *fault) {
  struct trial trial;
  trial_text(request, &trial);
  long held = state_hold("trial", request->address);
  if (held == -EAGAIN) return refuse(fault, "Exists", "address", "a trial of it is under way");
  if (!done(fault, "seconds", held)) return 0;
  long watched = sys_write((int)held, trial.text, length_of(trial.text));
  if (watched >= 0) watched = sys_afterwards(end_trial, &trial);
  if (watched < 0) state_remove("trial", request->address);
  sys_close((int)held);
  return done(fault, "seconds", watched);
}

static int moved(long result, struct fault *fault) {
  if (result == -ETIMEDOUT) return refuse(fault, "Timeout", "address", "its driver does not let go of it; it is given back as soon as it does");
  if (result == -EAGAIN) return refuse(fault, "Busy", "address", "its drivers are being changed");
  return result == -ENODEV ? refuse(fault, "Failed", "address", "VFIO would not take it") : done(fault, "address", result);
}

int act_vfio_bind(const struct request *request, struct fault *fault) {
  struct pci_group *group = sys_shared(sizeof *group);
  struct text path;
  u32 taken = 0;
  int is_trial = (request->given & F_SECONDS) != 0;
  if (group == 0) return done(fault, "", -ENOMEM);
  if (!find_group(request, group, fault)) return 0;
  if (!has_driver()) load_driver();
  if (!has_driver()) return refuse(fault, "NotFound", "address", "this kernel has no vfio-pci driver");
  /* Before anything changes: ended in the middle, we still are taken back. */
  if (is_trial && !begin_trial(request, fault)) return 0;
  for (u32 i = 0; i < group->count; i++) taken += (u32)same(group->devices[i].driver, vfio);
  int good = taken == group->count || moved(move_group(take_all, group), fault);
  vfio_group_path(&path, group->number);
  if (good && (request->given & F_OWNER) != 0 && !done(fault, "owner", sys_chown(path.bytes, (u32)request->owner))) {
    good = 0;
    move_group(give_back_all, group);
  }
  if (!good && is_trial) state_remove("trial", request->address);
  return good;
}

/* ---- vfio-keep */

int prepare_vfio_keep(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  char content[128];
  (void)caller;
  if (!is_pci_address(request->address)) return refuse(fault, "Invalid", "address", "it is no PCI address such as 0000:01:00.0");
  if (state_read("trial", request->address, content) != 0 || content[0] == 0) return refuse(fault, "NotFound", "address", "there is no trial of it; it may have been taken back");
  undo_address(undo, "vfio-unbind", request->address);
  return 1;
}

int act_vfio_keep(const struct request *request, struct fault *fault) {
  return done(fault, "address", state_remove("trial", request->address));
}

/* ---- vfio-unbind */

int prepare_vfio_unbind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  struct pci_group group;
  u32 ours = 0;
  (void)caller;
  if (!find_group(request, &group, fault)) return 0;
  for (u32 i = 0; i < group.count; i++) ours += (u32)group.devices[i].is_ours;
  /* A trial that was ended before anything changed, its keeper with it, has nothing but its file; so has one whose keeper was ended at its last step. */
  if (ours == 0 && !is_tried(&group) && !has_state(&group, "ending") && !has_state(&group, "moving")) return refuse(fault, "NotFound", "address", "nothing of its group was bound at run time");
  if (vfio_group_is_in_use(group.number)) return refuse(fault, "Busy", "address", "a machine has it");
  undo_address(undo, "vfio-bind", request->address);
  return 1;
}

int act_vfio_unbind(const struct request *request, struct fault *fault) {
  struct pci_group *group = sys_shared(sizeof *group);
  if (group == 0) return done(fault, "", -ENOMEM);
  if (!find_group(request, group, fault)) return 0;
  long result = move_group(give_back_all, group);
  return result == -EAGAIN ? moved(result, fault) : done(fault, "address", result);
}

/* ---- sriov-set */

static s64 pci_number(const char *address, const char *file) {
  struct text path;
  char content[32];
  pci_path(&path, address, file);
  return read_file(path.bytes, content, sizeof content) == 0 ? number_in(content, -1) : -1;
}

static long set_pci_number(const char *address, const char *file, u64 number) {
  struct text path, content;
  pci_path(&path, address, file);
  text_clear(&content);
  text_number(&content, number);
  return write_file(path.bytes, content.bytes);
}

static long function_is_used(const char *name, void *context) {
  static const char prefix[] = "virtfn";
  char function[ENTRY_MAX];
  struct text path;
  struct pci_group group;
  for (size_t i = 0; i < sizeof prefix - 1; i++)
    if (name[i] != prefix[i]) return 0;
  pci_path(&path, context, name);
  if (link_name(path.bytes, function) != 0 || !is_pci_address(function)) return 0;
  return pci_group_of(function, &group) == 0 && vfio_group_is_in_use(group.number);
}

int prepare_sriov(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  char address[NAME_MAX_BYTES];
  struct text path;
  (void)caller;
  if (!is_pci_address(request->address)) return refuse(fault, "Invalid", "address", "it is no PCI address such as 0000:01:00.0");
  s64 most = pci_number(request->address, "sriov_totalvfs"), now = pci_number(request->address, "sriov_numvfs");
  if (most < 0 || now < 0) return refuse(fault, "Unsupported", "address", "it has no virtual functions");
  if (request->count > (u64)most) return refuse(fault, "Invalid", "count", "it has not so many virtual functions");
  if (now > 0 && request->count > 0 && request->count != (u64)now) return refuse(fault, "Busy", "count", "the kernel goes from one number to another by way of 0");
  memcpy(address, request->address, sizeof address);
  pci_path(&path, address, "");
  if (request->count == 0 && each_entry(path.bytes, function_is_used, address) > 0) return refuse(fault, "Busy", "count", "a machine has one of them");
  undo_begin(undo, "sriov-set", 0);
  text_add(undo, ",\"address\":");
  text_quoted(undo, address);
  undo_number(undo, "count", (u64)now);
  text_add(undo, "}");
  return 1;
}

struct functions {
  char address[NAME_MAX_BYTES];
  u64 count, before;
};

static long set_functions(void *argument) {
  const struct functions *work = argument;
  /* They are for machines: no driver of this computer is to seize them as they appear. */
  if (work->count > 0) set_pci_number(work->address, "sriov_drivers_autoprobe", 0);
  long result = set_pci_number(work->address, "sriov_numvfs", work->count);
  if (!sys_commit() && result >= 0) set_pci_number(work->address, "sriov_numvfs", work->before);
  return result;
}

int act_sriov(const struct request *request, struct fault *fault) {
  struct functions *work = sys_shared(sizeof *work);
  if (work == 0) return done(fault, "", -ENOMEM);
  memcpy(work->address, request->address, sizeof work->address);
  work->count = request->count;
  work->before = (u64)pci_number(request->address, "sriov_numvfs");
  if (work->count == work->before) return 1;
  return done(fault, "count", sys_apart(set_functions, work, PATIENCE_MS));
}
