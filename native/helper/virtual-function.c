/* Owns what a card holds one of its virtual functions to: address, VLAN, spoof checking, trust, link.
   Must not change the card itself, nor how many functions it has. */
#include "virtual-function.h"
#include "host-life.h"
#include "journal.h"
#include "judgement.h"
#include "links.h"
#include "run-state.h"
#include "vfio.h"
#include <linux/errno.h>

#define MAC_TEXT_BYTES 18

/* By its card: the interface that the kernel is told of it by, and which of its functions it is. */
struct function {
  const char *address;
  char card[ENTRY_MAX], interface[ENTRY_MAX];
  u32 index;
};

static long is_function(const char *name, void *context) {
  static const char prefix[] = "virtfn";
  struct function *function = context;
  struct text path;
  char address[ENTRY_MAX];
  for (size_t i = 0; i < sizeof prefix - 1; i++)
    if (name[i] != prefix[i]) return 0;
  pci_path(&path, function->card, name);
  if (link_name(path.bytes, address) != 0 || !same(address, function->address)) return 0;
  s64 index = number_in(name, -1);
  if (index < 0 || index > 0xffff) return 0;
  function->index = (u32)index;
  return 1;
}

static long take_name(const char *name, void *context) {
  struct function *function = context;
  memcpy(function->interface, name, length_of(name) + 1);
  return 1;
}

static int find_function(const struct request *request, struct function *function, struct fault *fault) {
  struct text path;
  memset(function, 0, sizeof *function);
  function->address = request->address;
  if (!is_pci_address(request->address)) return refuse(fault, "Invalid", "address", "it is no PCI address such as 0000:01:00.0");
  pci_path(&path, request->address, "physfn");
  if (link_name(path.bytes, function->card) != 0 || !is_pci_address(function->card))
    return refuse(fault, "Unsupported", "address", "it is no virtual function");
  pci_path(&path, function->card, "");
  if (each_entry(path.bytes, is_function, function) != 1) return refuse(fault, "NotFound", "address", "its card does not name it");
  pci_path(&path, function->card, "net");
  if (each_entry(path.bytes, take_name, function) != 1)
    return refuse(fault, "Unsupported", "address", "its card is no network interface of this computer: another driver has the card");
  return 1;
}

static int good_values(const struct request *request, struct fault *fault) {
  u8 mac[6];
  if ((request->given & F_MAC) != 0 && !read_mac(request->mac, mac))
    return refuse(fault, "Invalid", "mac", "it is no unicast address of six pairs, lower case, with colons");
  if (request->vlan > 4094) return refuse(fault, "Invalid", "vlan", "VLANs are 0 to 4094");
  if (request->qos > 7) return refuse(fault, "Invalid", "qos", "priorities are 0 to 7");
  if ((request->given & F_QOS) != 0 && (request->given & F_VLAN) == 0) return refuse(fault, "Invalid", "qos", "it is of a VLAN");
  if (request->spoof_check > 1) return refuse(fault, "Invalid", "spoofCheck", "it must be true or false");
  if (request->trust > 1) return refuse(fault, "Invalid", "trust", "it must be true or false");
  if (request->until_closed > 1) return refuse(fault, "Invalid", "untilClosed", "it must be true or false");
  return request->link_state > 2 ? refuse(fault, "Invalid", "linkState", "it is 0 (auto), 1 (enable) or 2 (disable)") : 1;
}

/* The kernel's own network goes over it, or a machine has it: neither is to find itself in another VLAN. */
static int is_free(const struct function *function, struct fault *fault) {
  struct pci_device device;
  struct pci_group group;
  memset(&device, 0, sizeof device);
  memcpy(device.address, function->address, length_of(function->address) + 1);
  if (host_needs(&device) != 0) return refuse(fault, "HostUses", "address", "this computer's way to the network goes through it");
  if (pci_group_of(function->address, &group) == 0 && vfio_group_is_in_use(group.number)) return refuse(fault, "Busy", "address", "a machine has it");
  return 1;
}

static void mac_text(char text[MAC_TEXT_BYTES], const u8 mac[6]) {
  static const char digits[] = "0123456789abcdef";
  for (int i = 0; i < 6; i++) {
    text[i * 3] = digits[mac[i] >> 4];
    text[i * 3 + 1] = digits[mac[i] & 15];
    text[i * 3 + 2] = i < 5 ? ':' : 0;
  }
}

/* As it was, of what is asked to change; what its driver does not tell cannot be put back. */
static void write_undo(const struct request *request, const struct vf_state *before, struct text *undo) {
  char mac[MAC_TEXT_BYTES];
  undo_begin(undo, "sriov-vf-set", 0);
  text_add(undo, ",\"address\":");
  text_quoted(undo, request->address);
  if ((request->given & F_MAC) != 0) {
    mac_text(mac, before->mac);
    text_add(undo, ",\"mac\":");
    text_quoted(undo, mac);
  }
  if ((request->given & F_VLAN) != 0 && before->vlan <= 4094) {
    undo_number(undo, "vlan", before->vlan);
    undo_number(undo, "qos", before->qos <= 7 ? before->qos : 0);
  }
  if ((request->given & F_SPOOF_CHECK) != 0 && before->spoof_check <= 1) undo_number(undo, "spoofCheck", before->spoof_check);
  if ((request->given & F_TRUST) != 0 && before->trust <= 1) undo_number(undo, "trust", before->trust);
  if ((request->given & F_LINK_STATE) != 0 && before->link_state <= 2) undo_number(undo, "linkState", before->link_state);
  text_add(undo, "}");
}

int prepare_function(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  struct function function;
  struct vf_state before;
  (void)caller;
  if (!good_values(request, fault) || !find_function(request, &function, fault) || !is_free(&function, fault)) return 0;
  if (!done(fault, "address", vf_read(function.interface, function.index, &before))) return 0;
  write_undo(request, &before, undo);
  return 1;
}

static int set_all(const struct function *function, u32 given, const struct vf_state *wanted, struct fault *fault) {
  const char *card = function->interface;
  u32 index = function->index;
  if ((given & F_MAC) != 0 && !done(fault, "mac", vf_set_mac(card, index, wanted->mac))) return 0;
  if ((given & F_VLAN) != 0 && !done(fault, "vlan", vf_set_vlan(card, index, wanted->vlan, wanted->qos))) return 0;
  if ((given & F_SPOOF_CHECK) != 0 && !done(fault, "spoofCheck", vf_set_spoof_check(card, index, wanted->spoof_check))) return 0;
  if ((given & F_TRUST) != 0 && !done(fault, "trust", vf_set_trust(card, index, wanted->trust))) return 0;
  return (given & F_LINK_STATE) == 0 || done(fault, "linkState", vf_set_link_state(card, index, wanted->link_state));
}

/* One after the other, as the card may refuse any of them. */
static void set_back(const struct function *function, u32 given, const struct vf_state *before) {
  static const u32 each[] = {F_MAC, F_VLAN, F_SPOOF_CHECK, F_TRUST, F_LINK_STATE};
  struct fault ignored;
  for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
    if ((given & each[i]) != 0) set_all(function, each[i], before, &ignored);
}

/* ---- until the machine that has it lets go */

struct stay {
  struct function function;
  const struct request *request;
  struct vf_state before, wanted;
  s64 group;
  int closings;
};

/* Outlives the program that asked, so that no password is asked for when a machine ends, whoever or whatever ends it. */
static long end_stay(void *argument) {
  const struct stay *stay = argument;
  struct text again;
  char events[4096];
  long got;
  do got = sys_read(stay->closings, events, sizeof events);
  while (got == -EINTR || (got > 0 && vfio_group_is_in_use(stay->group)));
  if (got < 0) return got;
  text_clear(&again);
  write_undo(stay->request, &stay->wanted, &again);
  journal_add("sriov-vf-set", 0, &again, "begun");
  set_back(&stay->function, stay->request->given, &stay->before);
  journal_add("sriov-vf-set", 0, &again, "done");
  return state_remove("function", stay->request->address);
}

/* One that is told again while it waits goes back to what was before the first time. */
static int begin_stay(struct stay *stay, struct fault *fault) {
  struct pci_group group;
  struct text path, undo;
  if (!done(fault, "address", pci_group_of(stay->request->address, &group))) return 0;
  stay->group = group.number;
  vfio_group_path(&path, group.number);
  long closings = sys_watch_closing(path.bytes);
  if (closings < 0) return refuse(fault, "Unsupported", "untilClosed", "VFIO does not have it, so no machine can");
  stay->closings = (int)closings;
  text_clear(&undo);
  write_undo(stay->request, &stay->before, &undo);
  long written = state_write("function", stay->request->address, undo.bytes);
  if (written == -EEXIST) return 1;
  if (!done(fault, "untilClosed", written)) return 0;
  long begun = sys_afterwards(end_stay, stay);
  if (begun < 0) state_remove("function", stay->request->address);
  return done(fault, "untilClosed", begun);
}

int act_function(const struct request *request, struct fault *fault) {
  static struct stay stay;
  memset(&stay, 0, sizeof stay);
  stay.request = request;
  stay.wanted = (struct vf_state){{0}, (u32)request->vlan, (u32)request->qos, (u32)request->spoof_check, (u32)request->trust, (u32)request->link_state};
  if (!find_function(request, &stay.function, fault)) return 0;
  if ((request->given & F_MAC) != 0) read_mac(request->mac, stay.wanted.mac);
  if (!done(fault, "address", vf_read(stay.function.interface, stay.function.index, &stay.before))) return 0;
  /* Before anything changes: ended in the middle, it still goes back. */
  if (request->until_closed == 1 && !begin_stay(&stay, fault)) return 0;
  if (set_all(&stay.function, request->given, &stay.wanted, fault)) return 1;
  /* Half of it is worse than nothing. */
  set_back(&stay.function, request->given, &stay.before);
  return 0;
}
