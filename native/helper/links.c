/* Owns rtnetlink messages and the tun device: what `ip` and `bridge` of iproute2 would do, without running them.
   Must not look at anything but the interface it is told. */
#include "links.h"
#include "text.h"
#include <asm/ioctl.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <linux/if_link.h>
#include <linux/if_tun.h>
#include <linux/neighbour.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#define FAMILY_BRIDGE 7 /* AF_BRIDGE */

struct message {
  struct nlmsghdr head;
  union {
    struct ifinfomsg link;
    struct ndmsg neighbour;
  } body;
  char attributes[256];
};

static size_t body_size(u16 type) {
  return type == RTM_NEWNEIGH ? sizeof(struct ndmsg) : sizeof(struct ifinfomsg);
}

static void begin_message(struct message *message, u16 type, u16 flags) {
  memset(message, 0, sizeof *message);
  message->head.nlmsg_type = type;
  message->head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
  message->head.nlmsg_seq = 1;
  message->head.nlmsg_len = (u32)NLMSG_ALIGN(sizeof(struct nlmsghdr) + body_size(type));
}

/* Every attribute that is added here is of a size known when this is compiled, and they fit. */
static struct nlattr *add(struct message *message, u16 type, const void *data, size_t length) {
  struct nlattr *attribute = (struct nlattr *)(void *)((char *)message + message->head.nlmsg_len);
  attribute->nla_type = type;
  attribute->nla_len = (u16)(NLA_HDRLEN + length);
  if (length > 0) memcpy((char *)attribute + NLA_HDRLEN, data, length);
  message->head.nlmsg_len += (u32)NLA_ALIGN(attribute->nla_len);
  return attribute;
}

static void end_nest(struct message *message, struct nlattr *nest) {
  nest->nla_len = (u16)((char *)message + message->head.nlmsg_len - (char *)nest);
}

/* What the kernel's answer says of how it went: 0 or -errno. */
static long outcome_in(const struct nlmsghdr *answer, size_t length) {
  int error;
  if (length < NLMSG_HDRLEN + sizeof error || answer->nlmsg_type != NLMSG_ERROR) return -EPROTO;
  memcpy(&error, (const u8 *)answer + NLMSG_HDRLEN, sizeof error);
  return error > 0 ? -EPROTO : error;
}

static long transact(struct message *message) {
  struct {
    struct nlmsghdr head;
    struct nlmsgerr error;
    char rest[512];
  } answer;
  long fd = sys_netlink();
  if (fd < 0) return fd;
  long result = sys_write((int)fd, message, message->head.nlmsg_len);
  if (result >= 0) result = sys_read((int)fd, &answer, sizeof answer);
  sys_close((int)fd);
  if (result < 0) return result;
  return outcome_in(&answer.head, (size_t)result);
}

static void copy_name(char into[IFNAMSIZ], const char *name) {
  memset(into, 0, IFNAMSIZ);
  for (size_t i = 0; i < IFNAMSIZ - 1 && name[i] != 0; i++) into[i] = name[i];
}

long link_index(const char *name) {
  char content[16];
  struct text path;
  text_clear(&path);
  text_add(&path, "/sys/class/net/");
  text_add(&path, name);
  text_add(&path, "/ifindex");
  long failed = read_file(path.bytes, content, sizeof content);
  if (failed < 0) return failed == -ENOENT ? -ENODEV : failed;
  return (long)number_in(content, -ENODEV);
}

static long begin_for(struct message *message, u16 type, const char *name) {
  long index = link_index(name);
  if (index < 0) return index;
  begin_message(message, type, 0);
  message->body.link.ifi_index = (int)index;
  return 0;
}

long bridge_create(const char *name, int vlan_filtering) {
  struct message message;
  begin_message(&message, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
  message.body.link.ifi_flags = IFF_UP;
  message.body.link.ifi_change = IFF_UP;
  add(&message, IFLA_IFNAME, name, length_of(name) + 1);
  struct nlattr *info = add(&message, IFLA_LINKINFO | NLA_F_NESTED, 0, 0);
  add(&message, IFLA_INFO_KIND, "bridge", 7);
  if (vlan_filtering) {
    u8 on = 1;
    struct nlattr *data = add(&message, IFLA_INFO_DATA | NLA_F_NESTED, 0, 0);
    add(&message, IFLA_BR_VLAN_FILTERING, &on, sizeof on);
    end_nest(&message, data);
  }
  end_nest(&message, info);
  return transact(&message);
}

long link_delete(const char *name) {
  struct message message;
  long failed = begin_for(&message, RTM_DELLINK, name);
  return failed < 0 ? failed : transact(&message);
}

long link_set_alias(const char *name, const char *alias) {
  struct message message;
  long failed = begin_for(&message, RTM_SETLINK, name);
  if (failed < 0) return failed;
  add(&message, IFLA_IFALIAS, alias, length_of(alias));
  return transact(&message);
}

long link_set_master(const char *name, const char *bridge) {
  struct message message;
  long failed = begin_for(&message, RTM_SETLINK, name);
  if (failed < 0) return failed;
  long index = bridge == 0 ? 0 : link_index(bridge);
  if (index < 0) return index;
  u32 master = (u32)index;
  add(&message, IFLA_MASTER, &master, sizeof master);
  return transact(&message);
}

long link_up(const char *name) {
  struct message message;
  long failed = begin_for(&message, RTM_SETLINK, name);
  if (failed < 0) return failed;
  message.body.link.ifi_flags = IFF_UP;
  message.body.link.ifi_change = IFF_UP;
  return transact(&message);
}

static long change_vlan(const char *name, u16 type, u32 vlan, u16 flags) {
  struct message message;
  struct bridge_vlan_info info = {flags, (u16)vlan};
  long failed = begin_for(&message, type, name);
  if (failed < 0) return failed;
  message.body.link.ifi_family = FAMILY_BRIDGE;
  struct nlattr *nest = add(&message, IFLA_AF_SPEC | NLA_F_NESTED, 0, 0);
  add(&message, IFLA_BRIDGE_VLAN_INFO, &info, sizeof info);
  end_nest(&message, nest);
  return transact(&message);
}

long port_set_vlan(const char *name, u32 vlan, u32 before) {
  /* The port's own VLAN moves first: a port without any would drop frames in between. */
  long failed = change_vlan(name, RTM_SETLINK, vlan, BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED);
  if (failed < 0 || before == vlan) return failed;
  failed = change_vlan(name, RTM_DELLINK, before, 0);
  /* It was not in the VLAN before: there is nothing to leave. */
  return failed == -ENOENT ? 0 : failed;
}

long port_allow_only(const char *name, const u8 mac[6], u32 vlan) {
  struct message message;
  u8 on = 1, off = 0;
  long failed = begin_for(&message, RTM_SETLINK, name);
  if (failed < 0) return failed;
  message.body.link.ifi_family = FAMILY_BRIDGE;
  struct nlattr *nest = add(&message, IFLA_PROTINFO | NLA_F_NESTED, 0, 0);
  add(&message, IFLA_BRPORT_LEARNING, &off, sizeof off);
  add(&message, IFLA_BRPORT_LOCKED, &on, sizeof on);
  end_nest(&message, nest);
  failed = transact(&message);
  if (failed < 0) return failed;
  long index = link_index(name);
  if (index < 0) return index;
  begin_message(&message, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE);
  message.body.neighbour.ndm_family = FAMILY_BRIDGE;
  message.body.neighbour.ndm_ifindex = (int)index;
  message.body.neighbour.ndm_state = NUD_NOARP;
  message.body.neighbour.ndm_flags = NTF_MASTER;
  add(&message, NDA_LLADDR, mac, 6);
  if (vlan != 0) {
    u16 tag = (u16)vlan;
    add(&message, NDA_VLAN, &tag, sizeof tag);
  }
  return transact(&message);
}

/* ---- what a card holds its virtual functions to */

static long vf_set(const char *name, u16 type, const void *data, size_t length) {
  struct message message;
  long failed = begin_for(&message, RTM_SETLINK, name);
  if (failed < 0) return failed;
  struct nlattr *list = add(&message, IFLA_VFINFO_LIST | NLA_F_NESTED, 0, 0);
  struct nlattr *info = add(&message, IFLA_VF_INFO | NLA_F_NESTED, 0, 0);
  add(&message, type, data, length);
  end_nest(&message, info);
  end_nest(&message, list);
  return transact(&message);
}

long vf_set_mac(const char *name, u32 index, const u8 mac[6]) {
  struct ifla_vf_mac wanted = {index, {0}};
  memcpy(wanted.mac, mac, 6);
  return vf_set(name, IFLA_VF_MAC, &wanted, sizeof wanted);
}

long vf_set_vlan(const char *name, u32 index, u32 vlan, u32 qos) {
  struct ifla_vf_vlan wanted = {index, vlan, qos};
  return vf_set(name, IFLA_VF_VLAN, &wanted, sizeof wanted);
}

long vf_set_spoof_check(const char *name, u32 index, u32 on) {
  struct ifla_vf_spoofchk wanted = {index, on};
  return vf_set(name, IFLA_VF_SPOOFCHK, &wanted, sizeof wanted);
}

long vf_set_trust(const char *name, u32 index, u32 on) {
  struct ifla_vf_trust wanted = {index, on};
  return vf_set(name, IFLA_VF_TRUST, &wanted, sizeof wanted);
}

long vf_set_link_state(const char *name, u32 index, u32 link_state) {
  struct ifla_vf_link_state wanted = {index, link_state};
  return vf_set(name, IFLA_VF_LINK_STATE, &wanted, sizeof wanted);
}

struct span {
  const u8 *at, *end;
};

/* Null at the end, and where the rest is no attribute. */
static const struct nlattr *next(struct span *span) {
  size_t left = (size_t)(span->end - span->at);
  const struct nlattr *attribute = (const struct nlattr *)(const void *)span->at;
  if (left < NLA_HDRLEN || attribute->nla_len < NLA_HDRLEN || attribute->nla_len > left) return 0;
  size_t step = NLA_ALIGN((size_t)attribute->nla_len);
  span->at += step < left ? step : left;
  return attribute;
}

static struct span inside(const struct nlattr *attribute) {
  const u8 *start = (const u8 *)attribute;
  return (struct span){start + NLA_HDRLEN, start + attribute->nla_len};
}

static const struct nlattr *find(struct span span, u16 type) {
  for (const struct nlattr *one = next(&span); one != 0; one = next(&span))
    if ((one->nla_type & NLA_TYPE_MASK) == type) return one;
  return 0;
}

/* Whether it is there, and long enough. */
static int copy_of(struct span span, u16 type, void *into, size_t length) {
  const struct nlattr *found = find(span, type);
  if (found == 0 || found->nla_len < NLA_HDRLEN + length) return 0;
  memcpy(into, inside(found).at, length);
  return 1;
}

static int read_info(struct span info, u32 index, struct vf_state *into) {
  struct ifla_vf_mac mac;
  struct ifla_vf_vlan vlan;
  /* The others are the index and a number. */
  u32 spoof_check[2], trust[2], link_state[2];
  if (!copy_of(info, IFLA_VF_MAC, &mac, sizeof mac) || mac.vf != index) return 0;
  if (!copy_of(info, IFLA_VF_VLAN, &vlan, sizeof vlan)) return 0;
  memcpy(into->mac, mac.mac, 6);
  into->vlan = vlan.vlan;
  into->qos = vlan.qos;
  into->spoof_check = copy_of(info, IFLA_VF_SPOOFCHK, spoof_check, sizeof spoof_check) ? spoof_check[1] : ~0u;
  into->trust = copy_of(info, IFLA_VF_TRUST, trust, sizeof trust) ? trust[1] : ~0u;
  into->link_state = copy_of(info, IFLA_VF_LINK_STATE, link_state, sizeof link_state) ? link_state[1] : ~0u;
  return 1;
}

long vf_read(const char *name, u32 index, struct vf_state *into) {
  /* 256 functions, with what there is to tell of each. */
  static _Alignas(8) u8 answer[131072];
  struct message message;
  u32 mask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;
  long failed = begin_for(&message, RTM_GETLINK, name);
  if (failed < 0) return failed;
  message.head.nlmsg_flags = NLM_F_REQUEST;
  add(&message, IFLA_EXT_MASK, &mask, sizeof mask);
  long fd = sys_netlink();
  if (fd < 0) return fd;
  long got = sys_write((int)fd, &message, message.head.nlmsg_len);
  if (got >= 0) got = sys_read((int)fd, answer, sizeof answer);
  sys_close((int)fd);
  if (got < 0) return got;
  const struct nlmsghdr *head = (const struct nlmsghdr *)(const void *)answer;
  size_t length = (size_t)got, body = NLMSG_ALIGN(sizeof *head) + NLMSG_ALIGN(sizeof(struct ifinfomsg));
  if (length < body || head->nlmsg_type != RTM_NEWLINK || head->nlmsg_len > length || head->nlmsg_len < body) {
    long failed_for = outcome_in(head, length);
    return failed_for < 0 ? failed_for : -EPROTO;
  }
  const struct nlattr *list = find((struct span){answer + body, answer + head->nlmsg_len}, IFLA_VFINFO_LIST);
  if (list == 0) return -EOPNOTSUPP;
  struct span all = inside(list);
  for (const struct nlattr *info = next(&all); info != 0; info = next(&all))
    if (read_info(inside(info), index, into)) return 0;
  return -ENODEV;
}

static long with_tun(const char *name, long (*work)(int fd, u32 owner), u32 owner) {
  struct ifreq request;
  long fd = sys_open("/dev/net/tun", O_RDWR, 0);
  if (fd < 0) return fd;
  memset(&request, 0, sizeof request);
  copy_name(request.ifr_name, name);
  request.ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
  long failed = sys_ioctl((int)fd, TUNSETIFF, &request);
  if (failed >= 0) failed = work((int)fd, owner);
  sys_close((int)fd);
  return failed < 0 ? failed : 0;
}

static long keep(int fd, u32 owner) {
  long failed = sys_ioctl(fd, TUNSETOWNER, (void *)(size_t)owner);
  return failed < 0 ? failed : sys_ioctl(fd, TUNSETPERSIST, (void *)1);
}

static long forget(int fd, u32 owner) {
  (void)owner;
  return sys_ioctl(fd, TUNSETPERSIST, (void *)0);
}

long tap_create(const char *name, u32 owner) {
  /* TUNSETIFF would take an interface that is there for ours. */
  if (link_index(name) >= 0) return -EEXIST;
  return with_tun(name, keep, owner);
}

long tap_delete(const char *name) {
  long index = link_index(name);
  return index < 0 ? index : with_tun(name, forget, 0);
}
