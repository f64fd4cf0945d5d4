/* Owns handing PCI devices to VFIO and taking them back, for a trial or for as long as the computer runs; and virtual functions.
   Must not write a file that outlives a restart of the computer, but the journal. */
#ifndef VFIO_H
#define VFIO_H
#include "verbs.h"

/* A driver that hangs while it lets go can do so for good. */
#define PATIENCE_MS 8000

void vfio_group_path(struct text *path, s64 number);
/* A group can be open once. Taken from a running machine, the kernel would wait for the machine's end. */
int vfio_group_is_in_use(s64 number);

int prepare_vfio_bind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_bind(const struct request *request, struct fault *fault);
int prepare_vfio_keep(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_keep(const struct request *request, struct fault *fault);
int prepare_vfio_unbind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_unbind(const struct request *request, struct fault *fault);
int prepare_sriov(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_sriov(const struct request *request, struct fault *fault);

#endif
