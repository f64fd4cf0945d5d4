/* Owns what is remembered until the computer restarts, one small file for each thing: trials, drivers of before, parts that were made.
   Must not outlive what it tells of: /run is empty after a restart. */
#ifndef RUN_STATE_H
#define RUN_STATE_H
#include "text.h"

/* /run/virtdeck-helper/WHAT-NAME; the name is judged before. */
void state_path(struct text *path, const char *what, const char *name);
/* 0 or -errno: -EEXIST when it is known already. */
long state_write(const char *what, const char *name, const char *content);
/* An open file that nobody else holds until we and every process that we began have ended; what it has is whose who held it before.
   -EAGAIN while somebody does. */
long state_hold(const char *what, const char *name);
long state_read(const char *what, const char *name, char content[128]);
long state_remove(const char *what, const char *name);
/* Calls for each `WHAT-NAME`, until one answers otherwise than 0, which is the answer. */
long state_each(long (*one)(const char *name, void *context), void *context);

#endif
