/* Owns what is remembered until the computer restarts, one small file for each thing: trials, drivers of before, parts that were made.
   Must not outlive what it tells of: /run is empty after a restart. */
#include "run-state.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

static const char state_folder[] = "/run/virtdeck-helper";

void state_path(struct text *path, const char *what, const char *name) {
  text_clear(path);
  text_add(path, state_folder);
  text_add(path, "/");
  text_add(path, what);
  text_add(path, "-");
  text_add(path, name);
}

long state_write(const char *what, const char *name, const char *content) {
  struct text path;
  state_path(&path, what, name);
  long fd = sys_open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
  if (fd == -ENOENT) {
    sys_mkdir(state_folder, 0755);
    fd = sys_open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
  }
  if (fd < 0) return fd;
  long put = sys_write((int)fd, content, length_of(content));
  sys_close((int)fd);
  return put < 0 ? put : 0;
}

long state_read(const char *what, const char *name, char content[128]) {
  struct text path;
  state_path(&path, what, name);
  return read_file(path.bytes, content, 128);
}

long state_remove(const char *what, const char *name) {
  struct text path;
  state_path(&path, what, name);
  return sys_unlink(path.bytes);
}
