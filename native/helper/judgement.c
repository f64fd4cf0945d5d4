/* Owns saying no, and how a deed is undone: what every verb needs.
   Must not know any verb. */
#include "judgement.h"
#include <linux/errno.h>

int refuse(struct fault *fault, const char *code, const char *field, const char *message) {
  *fault = (struct fault){code, field, message, 0};
  return 0;
}

int done(struct fault *fault, const char *field, long result) {
  if (result >= 0) return 1;
  const char *code = result == -ENODEV || result == -ENOENT ? "NotFound"
    : result == -EEXIST ? "Exists"
    : result == -EPERM || result == -EACCES ? "NotPermitted"
    : result == -EOPNOTSUPP ? "Unsupported"
    : result == -EBUSY ? "Busy"
    : result == -ETIMEDOUT ? "Timeout"
    : "Failed";
  *fault = (struct fault){code, field, "the kernel refused", result};
  return 0;
}

void undo_begin(struct text *undo, const char *verb, const char *name) {
  text_add(undo, "{\"verb\":");
  text_quoted(undo, verb);
  if (name != 0) {
    text_add(undo, ",\"name\":");
    text_quoted(undo, name);
  }
}

void undo_number(struct text *undo, const char *field, u64 number) {
  text_add(undo, ",\"");
  text_add(undo, field);
  text_add(undo, "\":");
  text_number(undo, number);
}
