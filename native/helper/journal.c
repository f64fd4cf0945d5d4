/* Owns the record of every deed, with what undoes it.
   Must not judge anything. */
#include "journal.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

static const char journal_folder[] = "/var/lib/virtdeck-helper";
static const char journal_file[] = "/var/lib/virtdeck-helper/journal";

int journal_add(const char *verb, u32 uid, const struct text *undo, const char *outcome) {
  struct text line;
  long fd = sys_open(journal_file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0644);
  if (fd == -ENOENT) {
    sys_mkdir(journal_folder, 0755);
    fd = sys_open(journal_file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0644);
  }
  if (fd < 0) return 0;
  text_clear(&line);
  text_add(&line, "{\"time\":");
  text_number(&line, (u64)sys_time());
  text_add(&line, ",\"uid\":");
  text_number(&line, uid);
  text_add(&line, ",\"verb\":");
  text_quoted(&line, verb);
  text_add(&line, ",\"outcome\":");
  text_quoted(&line, outcome);
  if (undo->length > 0) {
    text_add(&line, ",\"undo\":");
    text_add(&line, undo->bytes);
  }
  text_add(&line, "}\n");
  sys_write((int)fd, line.bytes, line.length);
  sys_fsync((int)fd);
  sys_close((int)fd);
  return 1;
}
