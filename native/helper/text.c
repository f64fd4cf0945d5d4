/* Owns building and reading small texts.
   Must not know what they say. */
#include "text.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

void text_clear(struct text *text) {
  text->length = 0;
  text->bytes[0] = 0;
  text->overflowed = 0;
}

static void add_byte(struct text *text, char byte) {
  if (text->length + 1 >= TEXT_MAX) {
    text->overflowed = 1;
    return;
  }
  text->bytes[text->length++] = byte;
  text->bytes[text->length] = 0;
}

void text_add(struct text *text, const char *more) {
  while (*more != 0) add_byte(text, *more++);
}

void text_number(struct text *text, u64 number) {
  char digits[20];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) add_byte(text, digits[--count]);
}

void text_quoted(struct text *text, const char *raw) {
  add_byte(text, '"');
  for (; *raw != 0; raw++) {
    if (*raw == '"' || *raw == '\\') add_byte(text, '\\');
    add_byte(text, (u8)*raw < 0x20 ? ' ' : *raw);
  }
  add_byte(text, '"');
}

size_t length_of(const char *zero_terminated) {
  size_t length = 0;
  while (zero_terminated[length] != 0) length++;
  return length;
}

int same(const char *a, const char *b) {
  while (*a != 0 && *a == *b) {
    a++;
    b++;
  }
  return *a == *b;
}

s64 number_in(const char *zero_terminated, s64 fallback) {
  s64 number = 0;
  int digits = 0;
  while (*zero_terminated != 0 && (*zero_terminated < '0' || *zero_terminated > '9')) zero_terminated++;
  for (; *zero_terminated >= '0' && *zero_terminated <= '9' && digits < 18; digits++) number = number * 10 + (*zero_terminated++ - '0');
  return digits == 0 ? fallback : number;
}

long read_file(const char *path, char *into, size_t size) {
  long fd = sys_open(path, O_RDONLY | O_NOFOLLOW, 0);
  if (fd < 0) return fd;
  size_t got = 0;
  /* A table of /proc comes a page at a time. */
  for (;;) {
    long more = got < size - 1 ? sys_read((int)fd, into + got, size - 1 - got) : 0;
    if (more > 0 && (size_t)more <= size - 1 - got) {
      got += (size_t)more;
      continue;
    }
    sys_close((int)fd);
    if (more < 0) return more;
    if (more > 0) return -EIO;
    break;
  }
  into[got] = 0;
  while (got > 0 && into[got - 1] == '\n') into[--got] = 0;
  return 0;
}

long write_file(const char *path, const char *content) {
  long fd = sys_open(path, O_WRONLY | O_NOFOLLOW, 0);
  if (fd < 0) return fd;
  long put = sys_write((int)fd, content, length_of(content));
  sys_close((int)fd);
  return put < 0 ? put : 0;
}
