/* Owns text of a bounded length: what does not fit is a fault, never cut off silently.
   Must not allocate. */
#ifndef TEXT_H
#define TEXT_H
#include "sys.h"

#define TEXT_MAX 1024

struct text {
  char bytes[TEXT_MAX];
  size_t length;
  int overflowed;
};

void text_clear(struct text *text);
void text_add(struct text *text, const char *more);
void text_number(struct text *text, u64 number);
/* As a JSON string, quotes included. */
void text_quoted(struct text *text, const char *raw);
size_t length_of(const char *zero_terminated);
int same(const char *a, const char *b);
/* The first number in the text, or fallback. */
s64 number_in(const char *zero_terminated, s64 fallback);
/* Reads a small file of sysfs or procfs; the line's end is removed. Returns 0 or -errno. */
long read_file(const char *path, char *into, size_t size);
long write_file(const char *path, const char *content);

#endif
