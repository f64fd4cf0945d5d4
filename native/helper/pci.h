/* Owns reading PCI devices and IOMMU groups from sysfs.
   Must not change anything. */
#ifndef PCI_H
#define PCI_H
#include "text.h"

#define GROUP_MAX 16
#define ENTRY_MAX 64

struct pci_device {
  /* `0000:01:00.0`, and the name of its driver; empty when it has none. */
  char address[ENTRY_MAX], driver[ENTRY_MAX];
  /* Of `driver_override`: somebody's wish that is none of ours. */
  int is_ours, is_foreign;
  /* Class, subclass and interface, as in 030000. */
  u32 class;
};

/* Everything that the IOMMU cannot tell apart, without the bridges, which stay with this computer. */
struct pci_group {
  s64 number;
  u32 count;
  struct pci_device devices[GROUP_MAX];
};

/* `0000:01:00.0`: lower case, whole, nothing else. */
int is_pci_address(const char *text);
/* What may be a part of a path. */
int is_entry(const char *name);
/* /sys/bus/pci/devices/ADDRESS/FILE */
void pci_path(struct text *path, const char *address, const char *file);
/* 0 or -errno: -ENODEV without such a device, -EOPNOTSUPP without an IOMMU, -E2BIG for a group that is too large to be taken. */
long pci_group_of(const char *address, struct pci_group *group);
long pci_driver_of(const char *address, char driver[ENTRY_MAX]);

/* The part of a link's target behind its last slash. 0 or -errno. */
long link_name(const char *path, char name[ENTRY_MAX]);
/* Whether the target of the link has the device in its way. */
int link_leads_through(const char *path, const char *address);
/* Calls for each entry that has a harmless name, until one answers otherwise than 0, which is the answer. */
long each_entry(const char *folder, long (*one)(const char *name, void *context), void *context);

#endif
