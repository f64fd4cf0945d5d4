/* Owns a computer with one IOMMU group of two devices, in memory, on which the privileged program is ended before each change that it asks for: alone, with
   the process that it started, or with every process of it; and ended again while the next request finishes what was left.
   Must not ask the real kernel for anything but to print, nor judge what came of it. */
#include "verbs.h"
#include <fcntl.h>
#include <linux/errno.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int handle(const char *text, size_t length, const struct caller *caller);

/* ---- devices */

static struct device {
  const char *address, *usual;
  char driver[32], override[32];
} devices[] = {{"0000:01:00.0", "e1000e", "", ""}, {"0000:01:00.1", "", "", ""}};
/* VFIO does not take the second one. */
static int is_refused;

static struct device *device_in(const char *text) {
  for (int i = 0; i < 2; i++)
    if (strstr(text, devices[i].address) != NULL) return &devices[i];
  return NULL;
}

static void probe(struct device *device) {
  const char *driver = device->override[0] != 0 ? device->override : device->usual;
  if (device->driver[0] == 0 && !(is_refused && device == &devices[1])) strcpy(device->driver, driver);
}

/* ---- files of /run, who holds them open, and their locks */

enum { ASKER, APART, KEEPER, PROCESSES };
static int process;
static struct file {
  char path[64], content[256];
  int is_linked, owner;
} files[400];
static int file_count;
static struct description {
  char path[128];
  int file, holders, is_read;
} open_ones[4000];
static int open_count;
static long now;

static int find(const char *path) {
  for (int i = 0; i < file_count; i++)
    if (files[i].is_linked && strcmp(files[i].path, path) == 0) return i;
  return -1;
}

static void let_go(int fd, int whose) {
  struct description *one = &open_ones[fd];
  if ((one->holders & 1 << whose) == 0) return;
  one->holders &= ~(1 << whose);
  if (one->holders == 0 && one->file >= 0 && files[one->file].owner == fd) files[one->file].owner = 0;
}

static void end(int whose) {
  for (int fd = 10; fd < open_count; fd++) let_go(fd, whose);
}

static void begin(int whose) {
  for (int fd = 10; fd < open_count; fd++)
    if ((open_ones[fd].holders & 1 << process) != 0) open_ones[fd].holders |= 1 << whose;
}

/* ---- ending it */

enum { ALL, ALL_BUT_KEEPER, APART_ALONE };
static int mode;
static long count, wanted;
static jmp_buf all_ended, apart_ended;

static void point(void) {
  if (mode == APART_ALONE && process != APART) return;
  if (++count != wanted) return;
  if (mode == APART_ALONE) longjmp(apart_ended, 1);
  longjmp(all_ended, 1);
}

/* ---- the kernel */

static char answer[2 * TEXT_MAX];

long sys_open(const char *path, int flags, int mode_bits) {
  int file = -1;
  (void)mode_bits;
  if (strncmp(path, "/run/virtdeck-helper/", 21) == 0) {
    file = find(path);
    if (file >= 0 && (flags & O_EXCL) != 0) return -EEXIST;
    if (file < 0 && (flags & O_CREAT) == 0) return -ENOENT;
    if (file < 0) {
      point();
      file = file_count++;
      files[file] = (struct file){"", "", 1, 0};
      strcpy(files[file].path, path);
    }
  } else if (strncmp(path, "/var/lib/virtdeck-helper", 24) != 0 && strcmp(path, "/run/virtdeck-helper") != 0 && strncmp(path, "/sys/", 5) != 0) {
    if (strcmp(path, "/dev/vfio/14") != 0 || strcmp(devices[0].driver, "vfio-pci") != 0) return -ENOENT;
  } else if (strncmp(path, "/sys/class/", 11) == 0) {
    return -ENOENT;
  }
  if (open_count == 4000) abort();
  open_ones[open_count] = (struct description){"", file, 1 << process, 0};
  strcpy(open_ones[open_count].path, path);
  return open_count++;
}

long sys_close(int fd) { return let_go(fd, process), 0; }

long sys_read(int fd, void *buffer, size_t length) {
  struct description *one = &open_ones[fd];
  const char *content = one->file >= 0 ? files[one->file].content : "";
  if (strstr(one->path, "/class") != NULL) content = "0x020000\n";
  if (strstr(one->path, "/driver_override") != NULL) content = device_in(one->path)->override[0] == 0 ? "(null)\n" : device_in(one->path)->override;
  if (one->is_read++ > 0) return 0;
  size_t take = strlen(content) < length ? strlen(content) : length;
  memcpy(buffer, content, take);
  return (long)take;
}

long sys_write(int fd, const void *buffer, size_t length) {
  char text[TEXT_MAX];
  if (length >= sizeof text) abort();
  memcpy(text, buffer, length);
  text[length] = 0;
  point();
  if (fd == 1) return strcpy(answer, text), (long)length;
  struct description *one = &open_ones[fd];
  struct device *told = device_in(strstr(one->path, "/drivers") != NULL ? text : one->path);
  if (one->file >= 0) strcpy(files[one->file].content, text);
  else if (strstr(one->path, "/driver_override") != NULL) strcpy(told->override, text[0] == '\n' ? "" : text);
  else if (strstr(one->path, "/drivers_probe") != NULL) probe(told);
  else if (strstr(one->path, "/unbind") != NULL) told->driver[0] = 0;
  else if (strstr(one->path, "/bind") != NULL) strcpy(told->driver, told->usual);
  return (long)length;
}

long sys_readlink(const char *path, char *into, size_t size) {
  char target[128] = "";
  if (strstr(path, "/iommu_group") != NULL) strcpy(target, "../../../kernel/iommu_groups/14");
  else if (strstr(path, "/vfio-pci/module") != NULL) strcpy(target, "../../../../module/vfio_pci");
  else if (strstr(path, "/driver") != NULL && device_in(path)->driver[0] != 0) sprintf(target, "../../../bus/pci/drivers/%s", device_in(path)->driver);
  if (target[0] == 0) return -ENOENT;
  memcpy(into, target, strlen(target) < size ? strlen(target) : size);
  return (long)strlen(target);
}

static size_t add_entry(u8 *out, const char *name) {
  unsigned short length = (unsigned short)((19 + strlen(name) + 1 + 7) & ~7u);
  memset(out, 0, length);
  memcpy(out + 16, &length, sizeof length);
  memcpy(out + 19, name, strlen(name));
  return length;
}

long sys_entries(int fd, void *buffer, size_t size) {
  struct description *one = &open_ones[fd];
  size_t at = 0;
  if (one->is_read++ > 0) return 0;
  if (strstr(one->path, "iommu_groups") != NULL)
    for (int i = 0; i < 2; i++) at += add_entry((u8 *)buffer + at, devices[i].address);
  if (strcmp(one->path, "/run/virtdeck-helper") == 0)
    for (int i = 0; i < file_count; i++)
      if (files[i].is_linked) at += add_entry((u8 *)buffer + at, files[i].path + 21);
  return at > size ? (abort(), 0) : (long)at;
}

long sys_unlink(const char *path) {
  int file = find(path);
  if (file < 0) return -ENOENT;
  point();
  return files[file].is_linked = 0;
}

long sys_rename(const char *from, const char *to) {
  int file = find(from), other = find(to);
  if (file < 0) return -ENOENT;
  point();
  if (other >= 0) files[other].is_linked = 0;
  strcpy(files[file].path, to);
  return 0;
}

long sys_try_lock(int fd) {
  struct file *file = &files[open_ones[fd].file];
  if (file->owner != 0 && file->owner != fd) return -EAGAIN;
  file->owner = fd;
  return 0;
}

long sys_inspect(int fd, struct seen *into) {
  *into = (struct seen){0, 0644, (u32)files[open_ones[fd].file].is_linked, 1};
  return 0;
}

static long (*kept_work)(void *);
static char kept[512];

/* The keeper is as it was begun, and goes on when its time has come. */
long sys_afterwards(long (*work)(void *), void *argument) {
  point();
  kept_work = work;
  memcpy(kept, argument, sizeof kept);
  begin(KEEPER);
  return 4711;
}

static void run_keeper(void) {
  long (*work)(void *) = kept_work;
  if (work == NULL) return;
  kept_work = NULL;
  process = KEEPER;
  work(kept);
  end(KEEPER);
}

long sys_apart(long (*work)(void *), void *argument, u32 wait_ms) {
  int before = process;
  /* Told, too, after a longjmp. */
  volatile long result = -EINTR;
  (void)wait_ms;
  point();
  begin(APART);
  if (setjmp(apart_ended) == 0) {
    process = APART;
    result = work(argument);
  }
  end(APART);
  process = before;
  return result;
}

int sys_commit(void) { return 1; }
void sys_sleep(u32 ms) { now += ms / 1000; }
long sys_time(void) { return now; }
long sys_chown(const char *path, u32 owner) { return (void)path, (void)owner, point(), 0; }
long sys_geteuid(void) { return 0; }
long sys_fsync(int fd) { return (void)fd, 0; }
long sys_mkdir(const char *path, int mode_bits) { return (void)path, (void)mode_bits, 0; }
void *sys_shared(size_t size) {
  static _Alignas(16) u8 memory[4][8192];
  static int turn;
  if (size > sizeof memory[0]) abort();
  turn = (turn + 1) % 4;
  return memset(memory[turn], 0, sizeof memory[turn]);
}
/* Of other verbs. */
#define NEVER(name, parameters) long name parameters { abort(); }
NEVER(sys_ioctl, (int fd, unsigned long request, void *argument))
NEVER(sys_netlink, (void))
NEVER(sys_prlimit, (int pid, int resource, const u64 *set, u64 *old))
NEVER(sys_open_plain, (const char *path, int flags, int mode_bits))
NEVER(sys_open_in, (int folder, const char *name, int flags, int mode_bits))
NEVER(sys_unlink_in, (int folder, const char *name))
NEVER(sys_rename_in, (int folder, const char *from, const char *to))
NEVER(sys_chmod, (int fd, u32 mode_bits))
NEVER(sys_watch_closing, (const char *path))
NEVER(sys_lock, (int fd))
NEVER(sys_run, (const char *program, const char *const arguments[], const char *output))
int sys_is_file(const char *path) { return (void)path, 0; }
void sys_end(long pid) { (void)pid, abort(); }

/* ---- stories */

#define ADDRESS "\"address\":\"0000:01:00."
static const char bind[] = "{\"verb\":\"vfio-bind\"," ADDRESS "0\",\"owner\":1000}";
static const char trial[] = "{\"verb\":\"vfio-bind\"," ADDRESS "1\",\"owner\":1000,\"seconds\":30}";
static const char unbind[] = "{\"verb\":\"vfio-unbind\"," ADDRESS "1\"}";
/* About something else, and refused. */
static const char other[] = "{\"verb\":\"vfio-keep\",\"address\":\"0000:09:00.0\"}";

/* Whether it came to its end. */
static int runs(const char *request) {
  static const struct caller root = {0, 1};
  process = ASKER;
  answer[0] = 0;
  if (setjmp(all_ended) != 0) {
    for (int i = 0; i < PROCESSES; i++)
      if (i != KEEPER || mode != ALL_BUT_KEEPER) end(i);
    if (mode != ALL_BUT_KEEPER) kept_work = NULL;
    return 0;
  }
  if (request != NULL) handle(request, strlen(request), &root);
  else run_keeper();
  end(ASKER);
  return 1;
}

static void asks(const char *request) {
  wanted = 0;
  runs(request);
}

static const char *state(void) {
  static char text[512];
  int taken = 0, old = 0;
  for (int i = 0; i < 2; i++) {
    taken += strcmp(devices[i].driver, "vfio-pci") == 0 && strcmp(devices[i].override, "vfio-pci") == 0;
    old += strcmp(devices[i].driver, devices[i].usual) == 0 && devices[i].override[0] == 0;
  }
  strcpy(text, taken == 2 ? "new" : old == 2 ? "old" : "half");
  for (int i = 0; i < file_count; i++)
    if (files[i].is_linked) strcat(strcat(text, " "), files[i].path + 21);
  return text;
}

static void restart(const char *before) {
  for (int i = 0; i < 2; i++) {
    strcpy(devices[i].driver, devices[i].usual);
    devices[i].override[0] = 0;
  }
  file_count = 0;
  open_count = 10;
  now = 1000;
  kept_work = NULL;
  asks("{}");
  if (before != NULL) asks(before);
}

struct set {
  int count;
  char each[40][512];
};

static void put(struct set *set, const char *text) {
  for (int i = 0; i < set->count; i++)
    if (strcmp(set->each[i], text) == 0) return;
  if (set->count == 40) abort();
  strcpy(set->each[set->count++], text);
}

static void print(const char *name, const struct set *set) {
  printf(",\"%s\":[", name);
  for (int i = 0; i < set->count; i++) printf("%s\"%s\"", i == 0 ? "" : ",", set->each[i]);
  printf("]");
}

static const struct story {
  const char *name, *before, *request;
  int mode, is_refused;
} stories[] = {
  {"bind", NULL, bind, ALL, 0},
  {"bind, of which VFIO refuses one", NULL, bind, ALL, 1},
  {"trial", NULL, trial, ALL, 0},
  {"end of a trial", trial, NULL, ALL, 0},
  {"unbind", bind, unbind, ALL, 0},
  {"trial, of which the keeper lives", NULL, trial, ALL_BUT_KEEPER, 0},
  {"bind, apart", NULL, bind, APART_ALONE, 0},
  {"end of a trial, apart", trial, NULL, APART_ALONE, 0},
  {"unbind, apart", bind, unbind, APART_ALONE, 0},
};

/* Ended at `first`, the time of a trial is over, and the next request is ended at `second`, if that is not 0. Whether both were. */
static int is_ended(const struct story *story, long first, long second) {
  is_refused = 0;
  restart(story->before);
  is_refused = story->is_refused;
  mode = story->mode;
  count = 0;
  wanted = first;
  int is_over = runs(story->request) && (mode != APART_ALONE || count < first);
  if (mode == ALL_BUT_KEEPER) wanted = 0, run_keeper();
  mode = ALL;
  now += 100;
  if (is_over || second == 0) return !is_over;
  count = 0;
  wanted = second;
  return !runs(other);
}

static void tell(const struct story *story) {
  static struct set left, next, again, taken_back, answers;
  memset(&left, 0, sizeof left), memset(&next, 0, sizeof next), memset(&again, 0, sizeof again);
  memset(&taken_back, 0, sizeof taken_back), memset(&answers, 0, sizeof answers);
  long points = 0, seconds = 0;
  for (; is_ended(story, points + 1, 0); points++) {
    put(&left, state());
    asks(other);
    put(&next, state());
    for (long second = 1; is_ended(story, points + 1, second); second++, seconds++) {
      asks(other);
      put(&again, state());
    }
    /* By hand, at once: a giving back that was begun is not told that there is nothing. */
    is_ended(story, points + 1, 0);
    int was_known = strchr(state(), ' ') != NULL;
    asks(unbind);
    if (was_known) put(&answers, strstr(answer, "\"ok\":true") != NULL ? "ok" : "refused");
    put(&taken_back, state());
  }
  printf("{\"name\":\"%s\",\"points\":%ld,\"seconds\":%ld", story->name, points, seconds);
  print("left", &left), print("next", &next), print("again", &again), print("takenBack", &taken_back), print("answers", &answers);
  printf("}\n");
}

int main(void) {
  for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) tell(&stories[i]);
  return 0;
}
