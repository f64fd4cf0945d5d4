/* Owns moving an IOMMU group between its drivers and VFIO: written down before it begins, and finished by whoever comes next.
   Must not judge whether it may be moved. */
#ifndef GROUP_MOVE_H
#define GROUP_MOVE_H
#include "pci.h"
#include "verbs.h"

extern const char vfio[];

/* Its driver of before is known: a run of ours took it, or was ended while it did, or while it gave it back. */
void know_ours(struct pci_group *group);
/* Whether something of the kind is remembered of one of its devices. */
int has_state(const struct pci_group *group, const char *what);

/* For move_group: to VFIO, or to the drivers of before. */
long take_all(void *group);
long give_back_all(void *group);
/* 0 or -errno: -EAGAIN while another run moves it; -EINTR when a taking was ended in the middle, and was taken back; -ETIMEDOUT when a driver
   does not let go, and the rest is done as soon as it does. `group` is of sys_shared. */
long move_group(long (*work)(void *), struct pci_group *group);

/* The same, when that is still remembered once nobody else moves the group: by then it may have been given back, and taken anew. */
long give_back_for(const char *what, const char *address, struct pci_group *group);

/* Groups that were left in the middle by runs that were all ended, and trials that are over and nobody ends: given back.
   Whether that of the request is among them. */
int settle_groups(const struct request *request, const struct caller *caller);
/* The request that takes back such a giving back. */
void undo_address(struct text *undo, const char *verb, const char *address);

#endif
