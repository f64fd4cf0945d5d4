/* Owns the verbs that change how this computer starts: files of a closed list, programs of a closed list.
   Must not take a path or a command line from anybody. */
#ifndef PREPARATION_H
#define PREPARATION_H
#include "verbs.h"

int prepare_file_write(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_file_write(const struct request *request, struct fault *fault);
int prepare_file_restore(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_file_restore(const struct request *request, struct fault *fault);
int prepare_update(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_update(const struct request *request, struct fault *fault);

#endif
