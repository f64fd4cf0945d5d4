/* Owns the record of every deed, with what undoes it.
   Must not judge anything. */
#ifndef JOURNAL_H
#define JOURNAL_H
#include "text.h"

/* On the disk when it returns: a loss of power in the middle of a deed must find it. Whether it could be written. */
int journal_add(const char *verb, u32 uid, const struct text *undo, const char *outcome);

#endif
