/* Owns making mediated devices of a card, and removing those that were made here.
   Must not write a file that outlives a restart of the computer, but the journal; nor touch what somebody else made. */
#include "mdev.h"
#include "judgement.h"
#include "pci.h"
#include "run-state.h"
#include "vfio.h"
#include <linux/errno.h>

/* In /run/virtdeck-helper, before it is made: whose it is. A name of nothing is a run that was ended, and harms nobody. */
static const char made[] = "mdev";

struct mediated {
  char parent[NAME_MAX_BYTES], type[NAME_MAX_BYTES], uuid[NAME_MAX_BYTES];
  u32 owner;
  /* That it was ended in the middle says nothing of whether it had begun. */
  int is_begun;
};

/* As the kernel prints it: lower case. */
static int is_uuid(const char *text) {
  if (length_of(text) != 36) return 0;
  for (size_t i = 0; i < 36; i++) {
    char c = text[i];
    int good = i == 8 || i == 13 || i == 18 || i == 23 ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    if (!good) return 0;
  }
  return 1;
}

static void type_path(struct text *path, const struct mediated *one, const char *file) {
  text_clear(path);
  text_add(path, "/sys/class/mdev_bus/");
  text_add(path, one->parent);
  text_add(path, "/mdev_supported_types/");
  text_add(path, one->type);
  text_add(path, file);
}

static void device_path(struct text *path, const char *uuid, const char *file) {
  text_clear(path);
  text_add(path, "/sys/bus/mdev/devices/");
  text_add(path, uuid);
  text_add(path, file);
}

/* The folder of a mediated device lies in its card's. 0 or -errno: -ENOENT when there is none of this name. */
static long find_parent(const char *uuid, char parent[ENTRY_MAX]) {
  struct text path;
  char target[512];
  device_path(&path, uuid, "");
  long end = sys_readlink(path.bytes, target, sizeof target - 1);
  if (end < 0) return end;
  target[end] = 0;
  end = (long)length_of(target);
  while (end > 0 && target[end - 1] != '/') end--;
  if (end == 0) return -EIO;
  target[--end] = 0;
  long start = end;
  while (start > 0 && target[start - 1] != '/') start--;
  if (end - start >= ENTRY_MAX || !is_entry(target + start)) return -EIO;
  memcpy(parent, target + start, (size_t)(end - start) + 1);
  return 0;
}

/* Its group has a number once the driver of mediated devices has it. */
static s64 group_of(const char *uuid) {
  struct text path;
  char name[ENTRY_MAX];
  device_path(&path, uuid, "/iommu_group");
  if (link_name(path.bytes, name) != 0 || name[0] < '0' || name[0] > '9') return -1;
  return number_in(name, -1);
}

/* Begun at any point of making it, it ends without it. */
static long unmake(void *argument) {
  const struct mediated *one = argument;
  struct text path;
  device_path(&path, one->uuid, "/remove");
  long result = write_file(path.bytes, "1");
  if (result < 0 && result != -ENOENT) return result;
  result = state_remove(made, one->uuid);
  return result == -ENOENT ? 0 : result;
}

static long make(void *argument) {
  struct mediated *one = argument;
  struct text path;
  one->is_begun = 1;
  type_path(&path, one, "/create");
  long result = write_file(path.bytes, one->uuid);
  if (result < 0) {
    /* Whatever has this name now, it is not what we made. */
    state_remove(made, one->uuid);
    return result;
  }
  s64 group = group_of(one->uuid);
  vfio_group_path(&path, group);
  result = group < 0 ? -ENODEV : sys_chown(path.bytes, one->owner);
  if (result < 0 || !sys_commit()) unmake(one);
  return result;
}

/* ---- mdev-create */

static void copy_name(char to[NAME_MAX_BYTES], const char *from) { memcpy(to, from, length_of(from) + 1); }

int prepare_mdev_create(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  struct mediated one;
  struct text path;
  char content[128], parent[ENTRY_MAX];
  if (!is_entry(request->address)) return refuse(fault, "Invalid", "address", "it is no name of a device");
  if (!is_entry(request->type)) return refuse(fault, "Invalid", "type", "it is no name of a type");
  if (!is_uuid(request->uuid)) return refuse(fault, "Invalid", "uuid", "it is no UUID in lower case");
  /* Nobody makes one for somebody else; root may, as it may do everything. */
  if (request->owner > 0xfffffffeu || (caller->uid != 0 && request->owner != caller->uid))
    return refuse(fault, "NotPermitted", "owner", "the owner must be who asks");
  copy_name(one.parent, request->address);
  copy_name(one.type, request->type);
  type_path(&path, &one, "/available_instances");
  long result = read_file(path.bytes, content, sizeof content);
  if (result == -ENOENT) return refuse(fault, "NotFound", "type", "no device of this name makes this type");
  if (!done(fault, "type", result)) return 0;
  if (number_in(content, 0) <= 0) return refuse(fault, "Busy", "type", "no more of this type can be made of it now");
  if (find_parent(request->uuid, parent) != -ENOENT || state_read(made, request->uuid, content) == 0)
    return refuse(fault, "Exists", "uuid", "there is one of this name");
  undo_begin(undo, "mdev-remove", 0);
  text_add(undo, ",\"uuid\":");
  text_quoted(undo, request->uuid);
  text_add(undo, "}");
  return 1;
}

int act_mdev_create(const struct request *request, struct fault *fault) {
  struct mediated *one = sys_shared(sizeof *one);
  struct text owner;
  if (one == 0) return done(fault, "", -ENOMEM);
  copy_name(one->parent, request->address);
  copy_name(one->type, request->type);
  copy_name(one->uuid, request->uuid);
  one->owner = (u32)request->owner;
  text_clear(&owner);
  text_number(&owner, request->owner);
  /* Before it is there, so that none is ever nobody's. */
  if (!done(fault, "uuid", state_write(made, one->uuid, owner.bytes))) return 0;
  long result = sys_apart(make, one, PATIENCE_MS);
  /* When it takes too long, it takes itself back. */
  if (result == -EINTR) sys_apart(unmake, one, PATIENCE_MS);
  else if (result < 0 && !one->is_begun) state_remove(made, one->uuid);
  return done(fault, "address", result);
}

/* ---- mdev-remove */

int prepare_mdev_remove(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  char owner[128], parent[ENTRY_MAX], type[ENTRY_MAX];
  struct text path;
  if (!is_uuid(request->uuid)) return refuse(fault, "Invalid", "uuid", "it is no UUID in lower case");
  if (state_read(made, request->uuid, owner) != 0) return refuse(fault, "NotPermitted", "uuid", "it was not made by Virtdeck");
  s64 uid = number_in(owner, -1);
  if (caller->uid != 0 && uid != (s64)caller->uid) return refuse(fault, "NotPermitted", "uuid", "it is somebody else's");
  long result = find_parent(request->uuid, parent);
  /* A run was ended before it was made, or after it was removed: its record is all there is, and goes. */
  if (result == -ENOENT) return 1;
  if (!done(fault, "uuid", result)) return 0;
  s64 group = group_of(request->uuid);
  if (group >= 0 && vfio_group_is_in_use(group)) return refuse(fault, "Busy", "uuid", "a machine has it");
  device_path(&path, request->uuid, "/mdev_type");
  if (!done(fault, "uuid", link_name(path.bytes, type))) return 0;
  undo_begin(undo, "mdev-create", 0);
  text_add(undo, ",\"address\":");
  text_quoted(undo, parent);
  text_add(undo, ",\"type\":");
  text_quoted(undo, type);
  text_add(undo, ",\"uuid\":");
  text_quoted(undo, request->uuid);
  undo_number(undo, "owner", uid < 0 ? 0 : (u64)uid);
  text_add(undo, "}");
  return 1;
}

int act_mdev_remove(const struct request *request, struct fault *fault) {
  struct mediated *one = sys_shared(sizeof *one);
  if (one == 0) return done(fault, "", -ENOMEM);
  copy_name(one->uuid, request->uuid);
  long result = sys_apart(unmake, one, PATIENCE_MS);
  /* Somebody ended it in the middle: what is left of it is done. */
  if (result == -EINTR) result = sys_apart(unmake, one, PATIENCE_MS);
  return done(fault, "uuid", result);
}
