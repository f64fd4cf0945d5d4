/* Owns the verbs of this computer's memory: pools of huge pages, now and at each boot, and the merging of equal pages.
   Must not know the others. */
#ifndef MEMORY_H
#define MEMORY_H
#include "verbs.h"

int prepare_hugepages(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_hugepages(const struct request *request, struct fault *fault);
int prepare_hugepages_keep(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_hugepages_keep(const struct request *request, struct fault *fault);
int prepare_ksm(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_ksm(const struct request *request, struct fault *fault);

#endif
