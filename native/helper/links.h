/* Owns changes of network interfaces over rtnetlink and /dev/net/tun.
   Must not judge names; verbs.c has done so. Everything returns 0 or -errno. */
#ifndef LINKS_H
#define LINKS_H
#include "sys.h"

long link_index(const char *name);
long bridge_create(const char *name, int vlan_filtering);
long link_delete(const char *name);
long link_set_alias(const char *name, const char *alias);
/* Of another bridge than before, or of none: null. */
long link_set_master(const char *name, const char *bridge);
long link_up(const char *name);
/* An access port: untagged inside, and of no other VLAN. Zero: the bridge's default VLAN again. */
long port_set_vlan(const char *name, u32 vlan, u32 before);
/* Frames from any other address are dropped (Linux 5.18 and newer). */
long port_allow_only(const char *name, const u8 mac[6], u32 vlan);
/* What a card holds its virtual function to. A value that its driver does not tell is above what it can be. */
struct vf_state {
  u8 mac[6];
  u32 vlan, qos, spoof_check, trust, link_state;
};
long vf_read(const char *name, u32 index, struct vf_state *into);
long vf_set_mac(const char *name, u32 index, const u8 mac[6]);
long vf_set_vlan(const char *name, u32 index, u32 vlan, u32 qos);
long vf_set_spoof_check(const char *name, u32 index, u32 on);
long vf_set_trust(const char *name, u32 index, u32 on);
/* 0 as the card's own, 1 up, 2 down. */
long vf_set_link_state(const char *name, u32 index, u32 link_state);
long tap_create(const char *name, u32 owner);
long tap_delete(const char *name);

#endif
