/* Owns what a line that is added to a file of this computer's start may say.
   Must not read or write files. */
#ifndef FORMS_H
#define FORMS_H
#include "sys.h"

enum rest { NOTHING, NAME, WORDS, ADDRESS, LOCKS, ARGUMENTS };

/* `prefix`, one thing of a closed shape, `suffix`. The list ends with a null prefix. */
struct form {
  const char *prefix;
  enum rest rest;
  const char *suffix;
};

struct lines {
  const char *bytes;
  size_t length;
};

/* Every line of `after` is of a form, or stood in `before`, in the same order; nothing of `before` is lost but lines of a form, and no kernel argument. */
int is_good_change(const struct form *forms, struct lines before, struct lines after);
/* Every line of it is of a form, whose words may also be those of `known`. */
int is_good_line(const struct form *forms, struct lines known, struct lines text);
/* A kernel argument of the closed list. */
int is_known_argument(const char *bytes, size_t length);

#endif
