/* Owns the closed list of files that decide how this computer starts, and reading and replacing them whole.
   Must not judge what they say. */
#ifndef PLACES_H
#define PLACES_H
#include "forms.h"
#include "request.h"

struct place {
  /* As a request names it. */
  const char *name;
  const char *folder;
  /* Null: one of several, named by `entry`. */
  const char *file;
  const struct form *forms;
  /* The words of the running kernel count as there already when there is no such file. */
  int begins_with_cmdline;
};

struct content {
  /* Negative: there is no such file. */
  long length;
  /* Of its permissions. */
  u32 mode;
  char bytes[CONTENT_MAX_BYTES];
};

const struct place *find_place(const char *name);
/* The whole path belongs to it. Its last part is written to `entry` for a place of several. */
const struct place *place_of_path(const char *path, const char **entry);
int is_entry_name(const char *name);

/* Both follow no link, anywhere in the path, and take nothing but root's own plain files. */
long read_place(const struct place *place, const char *entry, struct content *into);
/* Whole or not at all. `mode`: of its permissions. */
long replace_place(const struct place *place, const char *entry, const char *bytes, size_t length, u32 mode);
long remove_place(const struct place *place, const char *entry);

/* The same for files of the program's own folder. */
long read_whole(const char *path, struct content *into);
long write_new(const char *path, const char *bytes, size_t length);

#endif
