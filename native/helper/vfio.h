/* Owns handing PCI devices to VFIO and taking them back, for a trial or for as long as the computer runs; and virtual functions.
   Must not write a file that outlives a restart of the computer, but the journal. */
#ifndef VFIO_H
#define VFIO_H
#include "verbs.h"

int prepare_vfio_bind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_bind(const struct request *request, struct fault *fault);
int prepare_vfio_keep(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_keep(const struct request *request, struct fault *fault);
int prepare_vfio_unbind(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_vfio_unbind(const struct request *request, struct fault *fault);
int prepare_sriov(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_sriov(const struct request *request, struct fault *fault);

#endif
