/* Owns making mediated devices of a card, and removing those that were made here.
   Must not write a file that outlives a restart of the computer, but the journal; nor touch what somebody else made. */
#ifndef MDEV_H
#define MDEV_H
#include "verbs.h"

int prepare_mdev_create(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_mdev_create(const struct request *request, struct fault *fault);
int prepare_mdev_remove(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_mdev_remove(const struct request *request, struct fault *fault);

#endif
