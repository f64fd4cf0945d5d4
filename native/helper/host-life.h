/* Owns what this computer itself lives on: it is not given away while it runs.
   Must not change anything. */
#ifndef HOST_LIFE_H
#define HOST_LIFE_H
#include "pci.h"

/* One sentence, or null. */
const char *host_needs(const struct pci_device *device);

#endif
