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
#define SETTINGS (F_MAC | F_VLAN | F_SPOOF_CHECK | F_TRUST | F_LINK_STATE)

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

/* Of the settings that are given, those that its driver tells: no other can be put back. */
static u32 known(u32 given, const struct vf_state *state) {
  u32 untold = 0;
  if (state->vlan > 4094) untold |= F_VLAN;
  if (state->spoof_check > 1) untold |= F_SPOOF_CHECK;
  if (state->trust > 1) untold |= F_TRUST;
  if (state->link_state > 2) untold |= F_LINK_STATE;
  return given & SETTINGS & ~untold;
}

/* As it was, of what is asked to change. */
static void write_undo(const struct request *request, const struct vf_state *before, struct text *undo) {
  char mac[MAC_TEXT_BYTES];
  u32 given = known(request->given, before);
  undo_begin(undo, "sriov-vf-set", 0);
  text_add(undo, ",\"address\":");
  text_quoted(undo, request->address);
  if ((given & F_MAC) != 0) {
    mac_text(mac, before->mac);
    text_add(undo, ",\"mac\":");
    text_quoted(undo, mac);
  }
  if ((given & F_VLAN) != 0) {
    undo_number(undo, "vlan", before->vlan);
    undo_number(undo, "qos", before->qos <= 7 ? before->qos : 0);
  }
  if ((given & F_SPOOF_CHECK) != 0) undo_number(undo, "spoofCheck", before->spoof_check);
  if ((given & F_TRUST) != 0) undo_number(undo, "trust", before->trust);
  if ((given & F_LINK_STATE) != 0) undo_number(undo, "linkState", before->link_state);
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
  given = known(given, before);
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
  /* The process that waits, when this run began it. */
  long keeper;
};

/* A closing is told before the driver hears of it (__fput): for a moment the group still looks open. */
static int is_closed(s64 group) {
  for (int turn = 0; turn < 50; turn++) {
    if (!vfio_group_is_in_use(group)) return 1;
    sys_sleep(20);
  }
  return 0;
}

/* Outlives the program that asked, so that no password is asked for when a machine ends, whoever or whatever ends it. */
static long end_stay(void *argument) {
  const struct stay *stay = argument;
  struct text again;
  char events[4096];
  long got;
  do got = sys_read(stay->closings, events, sizeof events);
  while (got == -EINTR || (got > 0 && !is_closed(stay->group)));
  if (got < 0) return got;
  text_clear(&again);
  write_undo(stay->request, &stay->wanted, &again);
  journal_add("sriov-vf-set", 0, &again, "begun");
  set_back(&stay->function, stay->request->given, &stay->before);
  journal_add("sriov-vf-set", 0, &again, "done");
  return state_remove("function", stay->request->address);
}

static struct vf_state values_of(const struct request *request) {
  struct vf_state values = {{0}, (u32)request->vlan, (u32)request->qos, (u32)request->spoof_check, (u32)request->trust, (u32)request->link_state};
  if ((request->given & F_MAC) != 0) read_mac(request->mac, values.mac);
  return values;
}

/* What somebody wrote down before he waited. Nothing, when he was ended before he had written it, and so before he changed anything. */
static int read_kept(const char *address, struct request *kept) {
  struct text path;
  struct fault ignored;
  char content[TEXT_MAX];
  state_path(&path, "function", address);
  if (read_file(path.bytes, content, sizeof content) != 0) return 0;
  return parse_request(content, length_of(content), kept, &ignored) && same(kept->address, address) && good_values(kept, &ignored);
}

/* Somebody waits, and puts back what was before the first time: all that is asked for must be among it. */
static int is_kept(const struct stay *stay, struct fault *fault) {
  struct request kept;
  if (read_kept(stay->request->address, &kept) && (known(stay->request->given, &stay->before) & ~kept.given) == 0) return 1;
  return refuse(fault, "Busy", "untilClosed", "it is to be put back already, and not all of this with it");
}

/* An open file that is this run's, and has nothing yet. */
static long hold_new(const char *address) {
  struct request kept;
  long held = state_hold("function", address);
  if (held < 0 || !read_kept(address, &kept)) return held;
  /* Ended since settle_function looked. */
  sys_close((int)held);
  return -EBUSY;
}

static int begin_stay(struct stay *stay, struct fault *fault) {
  struct pci_group group;
  struct text path, undo;
  if (!done(fault, "address", pci_group_of(stay->request->address, &group))) return 0;
  stay->group = group.number;
  vfio_group_path(&path, group.number);
  long closings = sys_watch_closing(path.bytes);
  if (closings < 0) return refuse(fault, "Unsupported", "untilClosed", "VFIO does not have it, so no machine can");
  stay->closings = (int)closings;
  long held = hold_new(stay->request->address);
  if (held == -EAGAIN) return is_kept(stay, fault);
  if (!done(fault, "untilClosed", held)) return 0;
  text_clear(&undo);
  write_undo(stay->request, &stay->before, &undo);
  long begun = sys_write((int)held, undo.bytes, undo.length);
  if (begun >= 0) begun = sys_afterwards(end_stay, stay);
  if (begun < 0) state_remove("function", stay->request->address);
  stay->keeper = begun;
  return done(fault, "untilClosed", begun);
}

int act_function(const struct request *request, struct fault *fault) {
  static struct stay stay;
  memset(&stay, 0, sizeof stay);
  stay.request = request;
  stay.wanted = values_of(request);
  if (!find_function(request, &stay.function, fault)) return 0;
  if (!done(fault, "address", vf_read(stay.function.interface, stay.function.index, &stay.before))) return 0;
  /* Before anything changes: ended in the middle, it still goes back. */
  if (request->until_closed == 1 && !begin_stay(&stay, fault)) return 0;
  if (set_all(&stay.function, request->given, &stay.wanted, fault)) return 1;
  /* Half of it is worse than nothing. */
  set_back(&stay.function, request->given, &stay.before);
  if (stay.keeper > 0) {
    sys_end(stay.keeper);
    state_remove("function", request->address);
  }
  return 0;
}

/* What is owed is done, as no machine has the function. */
static int pay(const struct function *function, const struct request *kept, const struct caller *caller) {
  struct vf_state now, owed = values_of(kept);
  struct text again;
  if (vf_read(function->interface, function->index, &now) != 0) return 0;
  text_clear(&again);
  write_undo(kept, &now, &again);
  if (!journal_add("sriov-vf-set", caller->uid, &again, "begun")) return 0;
  set_back(function, kept->given, &owed);
  journal_add("sriov-vf-set", caller->uid, &again, "done");
  state_remove("function", function->address);
  return 1;
}

int settle_function(const struct request *request, const struct caller *caller) {
  struct function function;
  struct request kept;
  struct fault ignored;
  if (!is_pci_address(request->address) || !read_kept(request->address, &kept)) return 0;
  if (!find_function(request, &function, &ignored) || !is_free(&function, &ignored)) return 0;
  long held = state_hold("function", request->address);
  /* Who waits for the end of the machine lives. */
  if (held < 0) return 0;
  int is_owed = read_kept(request->address, &kept);
  /* He came to it by himself in between: this file is new, and ours. */
  if (!is_owed) state_remove("function", request->address);
  int is_paid = is_owed && pay(&function, &kept, caller);
  sys_close((int)held);
  return is_paid;
}
