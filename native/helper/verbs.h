/* Owns the closed list of what the program can do.
   Must not read or write the wire; main.c does. */
#ifndef VERBS_H
#define VERBS_H
#include "request.h"
#include "text.h"

struct caller {
  /* Who asked: of pkexec, or root itself. */
  u32 uid;
  int is_root;
};

struct verb {
  const char *name;
  u32 required, optional;
  /* Without root the kernel decides, as for a tap of one's own. */
  int needs_root;
  /* Judges the values, and writes the request that undoes it. Nothing is changed yet. */
  int (*prepare)(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
  int (*act)(const struct request *request, struct fault *fault);
};

const struct verb *find_verb(const char *name);
/* For root, before a request is acted on: does what runs that were ended owe. Whether the request is to be judged again after that. */
int settle(const struct request *request, const struct caller *caller);

#endif
