/* Owns the verbs: what each demands of its values, how it is undone, what it does.
   Must not take a path, a command or a message from anybody: names and numbers only. */
#include "verbs.h"
#include "group-move.h"
#include "judgement.h"
#include "links.h"
#include "mdev.h"
#include "memory.h"
#include "preparation.h"
#include "vfio.h"
#include "virtual-function.h"
#include <linux/errno.h>
#include <linux/resource.h>

/* In /sys/class/net/NAME/ifalias: the kernel itself remembers which interfaces are ours. */
static const char owned_alias[] = "virtdeck";

static int is_name(const char *name) {
  size_t length = length_of(name);
  if (length == 0 || length > 15 || name[0] == '-' || name[0] == '.') return 0;
  for (size_t i = 0; i < length; i++) {
    char c = name[i];
    int good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
    if (!good) return 0;
  }
  return 1;
}

/* Every tap of ours begins with `vd`, and nothing else of this computer is touched as a tap. */
static int is_tap_name(const char *name) {
  return is_name(name) && name[0] == 'v' && name[1] == 'd' && length_of(name) > 2;
}

static void path_of(struct text *path, const char *name, const char *file) {
  text_clear(path);
  text_add(path, "/sys/class/net/");
  text_add(path, name);
  text_add(path, "/");
  text_add(path, file);
}

static int is_ours(const char *name) {
  char alias[64];
  struct text path;
  path_of(&path, name, "ifalias");
  return read_file(path.bytes, alias, sizeof alias) == 0 && same(alias, owned_alias);
}

static int is_bridge(const char *name) {
  char content[64];
  struct text path;
  path_of(&path, name, "bridge/bridge_id");
  return read_file(path.bytes, content, sizeof content) == 0;
}

static s64 number_of(const char *name, const char *file, s64 fallback) {
  char content[64];
  struct text path;
  path_of(&path, name, file);
  return read_file(path.bytes, content, sizeof content) == 0 ? number_in(content, fallback) : fallback;
}

static int good_bridge(const struct request *request, struct fault *fault) {
  if (!is_name(request->bridge)) return refuse(fault, "Invalid", "bridge", "it is no name of an interface");
  return is_bridge(request->bridge) ? 1 : refuse(fault, "NotFound", "bridge", "there is no bridge of this name");
}

static int good_vlan(const struct request *request, const char *bridge, struct fault *fault) {
  if ((request->given & F_VLAN) == 0) return 1;
  if (request->vlan < 1 || request->vlan > 4094) return refuse(fault, "Invalid", "vlan", "VLANs are 1 to 4094");
  s64 filtering = number_of(bridge, "bridge/vlan_filtering", -1);
  if (filtering < 0) return refuse(fault, "Unsupported", "vlan", "this kernel has no VLAN filtering of bridges");
  return filtering == 1 ? 1 : refuse(fault, "VlanFilteringOff", "vlan", "VLAN filtering of the bridge is off");
}

/* ---- tap-create, tap-delete */

static int prepare_tap_create(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  u8 mac[6];
  if (!is_tap_name(request->name)) return refuse(fault, "Invalid", "name", "a tap of ours begins with vd");
  /* Nobody makes a tap for somebody else; root may, as it may do everything. */
  if (request->owner > 0xfffffffeu || (caller->uid != 0 && request->owner != caller->uid))
    return refuse(fault, "NotPermitted", "owner", "the owner must be who asks");
  if ((request->given & F_BRIDGE) == 0 && (request->given & (F_VLAN | F_MAC)) != 0)
    return refuse(fault, "Invalid", "bridge", "vlan and mac are of a port of a bridge");
  if ((request->given & F_BRIDGE) != 0 && !good_bridge(request, fault)) return 0;
  if (!good_vlan(request, request->bridge, fault)) return 0;
  if ((request->given & F_MAC) != 0 && !read_mac(request->mac, mac))
    return refuse(fault, "Invalid", "mac", "it is no unicast address of six pairs, lower case, with colons");
  undo_begin(undo, "tap-delete", request->name);
  text_add(undo, "}");
  return 1;
}

static int act_tap_create(const struct request *request, struct fault *fault) {
  const char *name = request->name;
  u8 mac[6];
  if (!done(fault, "name", tap_create(name, (u32)request->owner))) return 0;
  int good = done(fault, "name", link_set_alias(name, owned_alias));
  if (good && (request->given & F_BRIDGE) != 0) {
    good = done(fault, "bridge", link_set_master(name, request->bridge));
    s64 before = number_of(request->bridge, "bridge/default_pvid", 0);
    if (good && (request->given & F_VLAN) != 0) good = done(fault, "vlan", port_set_vlan(name, (u32)request->vlan, before > 0 ? (u32)before : (u32)request->vlan));
    if (good && (request->given & F_MAC) != 0 && read_mac(request->mac, mac))
      good = done(fault, "mac", port_allow_only(name, mac, (u32)request->vlan));
  }
  if (good) good = done(fault, "name", link_up(name));
  if (!good) tap_delete(name);
  return good;
}

static int prepare_tap(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  (void)undo;
  return is_tap_name(request->name) ? 1 : refuse(fault, "Invalid", "name", "a tap of ours begins with vd");
}

static int act_tap_delete(const struct request *request, struct fault *fault) {
  long result = tap_delete(request->name);
  /* It is gone already, which is what was asked for. */
  return result == -ENODEV ? 1 : done(fault, "name", result);
}

/* ---- bridge-create, bridge-delete */

static int prepare_bridge_create(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  if (!is_name(request->name)) return refuse(fault, "Invalid", "name", "it is no name of an interface");
  if (request->vlan_filtering > 1) return refuse(fault, "Invalid", "vlanFiltering", "it must be true or false");
  if (link_index(request->name) >= 0) return refuse(fault, "Exists", "name", "there is an interface of this name");
  undo_begin(undo, "bridge-delete", request->name);
  text_add(undo, "}");
  return 1;
}

static int act_bridge_create(const struct request *request, struct fault *fault) {
  long made = bridge_create(request->name, request->vlan_filtering == 1);
  if (!done(fault, made == -EOPNOTSUPP && request->vlan_filtering == 1 ? "vlanFiltering" : "name", made)) return 0;
  if (done(fault, "name", link_set_alias(request->name, owned_alias))) return 1;
  link_delete(request->name);
  return 0;
}

static int prepare_bridge_delete(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  if (!is_name(request->name)) return refuse(fault, "Invalid", "name", "it is no name of an interface");
  if (!is_bridge(request->name)) return refuse(fault, "NotFound", "name", "there is no bridge of this name");
  if (!is_ours(request->name)) return refuse(fault, "NotPermitted", "name", "this bridge was not made by Virtdeck");
  undo_begin(undo, "bridge-create", request->name);
  text_add(undo, number_of(request->name, "bridge/vlan_filtering", 0) == 1 ? ",\"vlanFiltering\":true}" : "}");
  return 1;
}

static int act_bridge_delete(const struct request *request, struct fault *fault) {
  return done(fault, "name", link_delete(request->name));
}

/* ---- bridge-attach, bridge-detach */

static int prepare_attach(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  if (!is_tap_name(request->name)) return refuse(fault, "Invalid", "name", "a tap of ours begins with vd");
  if (!is_ours(request->name)) return refuse(fault, "NotPermitted", "name", "this interface was not made by Virtdeck");
  if ((request->given & F_BRIDGE) != 0 && !good_bridge(request, fault)) return 0;
  undo_begin(undo, "bridge-detach", request->name);
  text_add(undo, "}");
  return 1;
}

static int act_attach(const struct request *request, struct fault *fault) {
  return done(fault, "bridge", link_set_master(request->name, request->bridge));
}

static int act_detach(const struct request *request, struct fault *fault) {
  return done(fault, "name", link_set_master(request->name, 0));
}

static int prepare_detach(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  if (!prepare_attach(request, caller, undo, fault)) return 0;
  /* Which bridge it was on is not remembered: there is no way back. */
  text_clear(undo);
  return 1;
}

/* ---- vlan-set, vlan-clear */

static int bridge_number(const char *name, const char *file, s64 fallback, s64 *into) {
  struct text path;
  char content[64];
  path_of(&path, name, "master/bridge/");
  text_add(&path, file);
  if (read_file(path.bytes, content, sizeof content) != 0) return 0;
  *into = number_in(content, fallback);
  return 1;
}

static int prepare_vlan(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  s64 filtering = 0;
  (void)caller;
  if (!is_tap_name(request->name)) return refuse(fault, "Invalid", "name", "a tap of ours begins with vd");
  if (!is_ours(request->name)) return refuse(fault, "NotPermitted", "name", "this interface was not made by Virtdeck");
  if ((request->given & F_VLAN) != 0 && (request->vlan < 1 || request->vlan > 4094)) return refuse(fault, "Invalid", "vlan", "VLANs are 1 to 4094");
  if (!bridge_number(request->name, "vlan_filtering", 0, &filtering)) return refuse(fault, "Unsupported", "name", "it is on no bridge that filters VLANs");
  if (filtering != 1) return refuse(fault, "VlanFilteringOff", "vlan", "VLAN filtering of the bridge is off");
  if (same(request->verb, "vlan-clear")) return 1;
  undo_begin(undo, "vlan-clear", request->name);
  undo_number(undo, "vlan", request->vlan);
  text_add(undo, "}");
  return 1;
}

static u32 default_vlan(const char *name) {
  s64 vlan = 1;
  return bridge_number(name, "default_pvid", 1, &vlan) && vlan >= 1 && vlan <= 4094 ? (u32)vlan : 1;
}

static int act_vlan_set(const struct request *request, struct fault *fault) {
  return done(fault, "vlan", port_set_vlan(request->name, (u32)request->vlan, default_vlan(request->name)));
}

static int act_vlan_clear(const struct request *request, struct fault *fault) {
  return done(fault, "vlan", port_set_vlan(request->name, default_vlan(request->name), (u32)request->vlan));
}

/* ---- memlock */

static s64 owner_of_process(u64 pid) {
  char content[1024];
  struct text path;
  text_clear(&path);
  text_add(&path, "/proc/");
  text_number(&path, pid);
  text_add(&path, "/status");
  if (read_file(path.bytes, content, sizeof content) != 0) return -1;
  for (const char *at = content; *at != 0; at++)
    if (at[0] == 'U' && at[1] == 'i' && at[2] == 'd' && at[3] == ':') return number_in(at, -1);
  return -1;
}

static int prepare_memlock(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  u64 old[2] = {0, 0};
  if (request->pid < 2 || request->pid > 0x3fffff) return refuse(fault, "Invalid", "pid", "there is no such process");
  /* 2^44 bytes are more memory than such a computer has; the kernel's "unlimited" is nobody's to give. */
  if (request->bytes > 1ull << 44) return refuse(fault, "Invalid", "bytes", "it is more than 16 TiB");
  s64 owner = owner_of_process(request->pid);
  if (owner < 0) return refuse(fault, "NotFound", "pid", "there is no such process");
  if (caller->uid != 0 && owner != (s64)caller->uid) return refuse(fault, "NotPermitted", "pid", "the process is somebody else's");
  if (!done(fault, "pid", sys_prlimit((int)request->pid, RLIMIT_MEMLOCK, 0, old))) return 0;
  undo_begin(undo, "memlock", 0);
  undo_number(undo, "pid", request->pid);
  undo_number(undo, "bytes", old[0] > 1ull << 44 ? 1ull << 44 : old[0]);
  text_add(undo, "}");
  return 1;
}

static int act_memlock(const struct request *request, struct fault *fault) {
  u64 set[2] = {request->bytes, request->bytes};
  return done(fault, "bytes", sys_prlimit((int)request->pid, RLIMIT_MEMLOCK, set, 0));
}

static const struct verb verbs[] = {
  {"tap-create", F_NAME | F_OWNER, F_BRIDGE | F_VLAN | F_MAC, 1, prepare_tap_create, act_tap_create},
  {"tap-delete", F_NAME, 0, 0, prepare_tap, act_tap_delete},
  {"bridge-create", F_NAME, F_VLAN_FILTERING, 1, prepare_bridge_create, act_bridge_create},
  {"bridge-delete", F_NAME, 0, 1, prepare_bridge_delete, act_bridge_delete},
  {"bridge-attach", F_NAME | F_BRIDGE, 0, 1, prepare_attach, act_attach},
  {"bridge-detach", F_NAME, 0, 1, prepare_detach, act_detach},
  {"vlan-set", F_NAME | F_VLAN, 0, 1, prepare_vlan, act_vlan_set},
  {"vlan-clear", F_NAME | F_VLAN, 0, 1, prepare_vlan, act_vlan_clear},
  {"memlock", F_PID | F_BYTES, 0, 1, prepare_memlock, act_memlock},
  {"hugepages-set", F_SIZE_KIB | F_COUNT, F_NODE, 1, prepare_hugepages, act_hugepages},
  {"hugepages-keep", F_SIZE_KIB | F_COUNT, F_NODE, 1, prepare_hugepages_keep, act_hugepages_keep},
  {"ksm-set", F_COUNT, 0, 1, prepare_ksm, act_ksm},
  {"vfio-bind", F_ADDRESS, F_OWNER | F_SECONDS, 1, prepare_vfio_bind, act_vfio_bind},
  {"vfio-keep", F_ADDRESS, 0, 1, prepare_vfio_keep, act_vfio_keep},
  {"vfio-unbind", F_ADDRESS, 0, 1, prepare_vfio_unbind, act_vfio_unbind},
  {"sriov-set", F_ADDRESS | F_COUNT, 0, 1, prepare_sriov, act_sriov},
  {"mdev-create", F_ADDRESS | F_TYPE | F_UUID | F_OWNER, 0, 1, prepare_mdev_create, act_mdev_create},
  {"mdev-remove", F_UUID, 0, 1, prepare_mdev_remove, act_mdev_remove},
  {"sriov-vf-set", F_ADDRESS, F_MAC | F_VLAN | F_QOS | F_SPOOF_CHECK | F_TRUST | F_LINK_STATE | F_UNTIL_CLOSED, 1, prepare_function, act_function},
  {"file-write", F_FILE | F_CONTENT_BYTES, F_ENTRY | F_BEFORE, 1, prepare_file_write, act_file_write},
  {"file-restore", F_BACKUP, 0, 1, prepare_file_restore, act_file_restore},
  {"bootloader-update", F_COMMAND, F_ARGUMENT, 1, prepare_update, act_update},
  {"initramfs-update", F_COMMAND, 0, 1, prepare_update, act_update},
};

const struct verb *find_verb(const char *name) {
  for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
    if (same(verbs[i].name, name)) return &verbs[i];
  return 0;
}

int settle(const struct request *request, const struct caller *caller) {
  int is_concerned = settle_groups(request, caller);
  if (same(request->verb, "sriov-vf-set")) is_concerned |= settle_function(request, caller);
  return is_concerned;
}
