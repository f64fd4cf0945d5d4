/* Owns what is remembered until the computer restarts, one small file for each thing: trials, drivers of before, parts that were made.
   Must not outlive what it tells of: /run is empty after a restart. */
#include "run-state.h"
#include "pci.h"
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

static long create(const struct text *path, int more) {
  int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | more;
  long fd = sys_open(path->bytes, flags, 0644);
  if (fd != -ENOENT) return fd;
  sys_mkdir(state_folder, 0755);
  return sys_open(path->bytes, flags, 0644);
}

long state_write(const char *what, const char *name, const char *content) {
  struct text path;
  state_path(&path, what, name);
  long fd = create(&path, O_EXCL);
  if (fd < 0) return fd;
  long put = sys_write((int)fd, content, length_of(content));
  sys_close((int)fd);
  return put < 0 ? put : 0;
}

long state_hold(const char *what, const char *name) {
  struct text path;
  struct seen seen;
  state_path(&path, what, name);
  for (int turn = 0; turn < 5; turn++) {
    long fd = create(&path, 0);
    if (fd < 0) return fd;
    long result = sys_try_lock((int)fd);
    if (result >= 0) {
      result = sys_inspect((int)fd, &seen);
      if (result >= 0 && seen.links > 0) return fd;
    }
    sys_close((int)fd);
    if (result < 0 && result != -EAGAIN) return result;
    /* Who held it may have removed it between the two: then another is to be made. And who only looks is gone in a moment. */
    if (result == -EAGAIN) sys_sleep(20);
  }
  return -EAGAIN;
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

long state_each(long (*one)(const char *name, void *context), void *context) { return each_entry(state_folder, one, context); }
