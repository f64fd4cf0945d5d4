/* Owns ending the privileged program with SIGKILL just before the Nth change that it asks the kernel for: KILL_AT=main:N, apart:N for the process
   that it starts for what can block, keeper:N for the one that ends a trial. both:N ends main with apart, before the Nth change of apart, and keepers:N the
   keeper with the process that it starts. caller:N ends whoever asked, before the Nth change of main. HASTE=N makes a trial so many times shorter.
   Linked in front of sys-linux.c with --wrap.
   Must not be part of what is shipped. */
#include "sys.h"
#include <linux/fcntl.h>

int __real_helper_main(char **environment);
enum { MAIN, APART, AFTERWARDS, APART_AFTERWARDS };
static const struct {
  const char *name;
  int role, ends_parent, ends_itself;
} kinds[] = {
  {"main:", MAIN, 0, 1},
  {"apart:", APART, 0, 1},
  {"both:", APART, 1, 1},
  {"keeper:", AFTERWARDS, 0, 1},
  {"keepers:", APART_AFTERWARDS, 1, 1},
  {"caller:", MAIN, 1, 0},
};
static int role = MAIN, wanted_role = -1, ends_parent, ends_itself;
static u32 count, wanted, haste = 1;

static void end_one(long which) {
  long pid, ignored;
  __asm__ volatile("syscall" : "=a"(pid) : "a"(which) : "rcx", "r11", "memory");
  /* kill */
  __asm__ volatile("syscall" : "=a"(ignored) : "a"(62L), "D"(pid), "S"(9L) : "rcx", "r11", "memory");
}

static void die(void) {
  /* getppid, getpid. */
  if (ends_parent) end_one(110);
  if (ends_itself) end_one(39);
}

static void point(void) {
  if (role == wanted_role && ++count == wanted) die();
}

/* What stands behind it, or null. */
static const char *behind(const char *text, const char *beginning) {
  while (*beginning != 0)
    if (*text++ != *beginning++) return 0;
  return text;
}

static u32 number(const char *digits) {
  u32 value = 0;
  while (*digits != 0) value = value * 10 + (u32)(*digits++ - '0');
  return value;
}

int __wrap_helper_main(char **environment) {
  for (char **entry = environment; *entry != 0; entry++) {
    const char *hurry = behind(*entry, "HASTE="), *at = behind(*entry, "KILL_AT=");
    if (hurry != 0) haste = number(hurry);
    for (size_t i = 0; at != 0 && i < sizeof kinds / sizeof kinds[0]; i++) {
      const char *count_at = behind(at, kinds[i].name);
      if (count_at == 0) continue;
      wanted_role = kinds[i].role;
      ends_parent = kinds[i].ends_parent;
      ends_itself = kinds[i].ends_itself;
      wanted = number(count_at);
    }
  }
  return __real_helper_main(environment);
}

void __real_sys_sleep(u32 ms);
void __wrap_sys_sleep(u32 ms);
void __wrap_sys_sleep(u32 ms) { __real_sys_sleep(ms > 1000 ? ms / haste : ms); }

#define WRAP(name, parameters, arguments, changes) \
  long __real_##name parameters; \
  long __wrap_##name parameters; \
  long __wrap_##name parameters { \
    if (changes) point(); \
    return __real_##name arguments; \
  }

WRAP(sys_write, (int fd, const void *buffer, size_t length), (fd, buffer, length), 1)
WRAP(sys_open, (const char *path, int flags, int mode), (path, flags, mode), (flags & O_CREAT) != 0)
WRAP(sys_open_plain, (const char *path, int flags, int mode), (path, flags, mode), (flags & O_CREAT) != 0)
WRAP(sys_open_in, (int folder, const char *name, int flags, int mode), (folder, name, flags, mode), (flags & O_CREAT) != 0)
WRAP(sys_mkdir, (const char *path, int mode), (path, mode), 1)
WRAP(sys_unlink, (const char *path), (path), 1)
WRAP(sys_unlink_in, (int folder, const char *name), (folder, name), 1)
WRAP(sys_rename, (const char *from, const char *to), (from, to), 1)
WRAP(sys_rename_in, (int folder, const char *from, const char *to), (folder, from, to), 1)
WRAP(sys_chown, (const char *path, u32 owner), (path, owner), 1)
WRAP(sys_chmod, (int fd, u32 mode), (fd, mode), 1)
WRAP(sys_run, (const char *program, const char *const arguments[], const char *output), (program, arguments, output), 1)

static long (*inner)(void *);
static int inner_role;
static long in_its_role(void *argument) {
  role = inner_role;
  count = 0;
  return inner(argument);
}

long __real_sys_apart(long (*work)(void *), void *argument, u32 wait_ms);
long __wrap_sys_apart(long (*work)(void *), void *argument, u32 wait_ms);
long __wrap_sys_apart(long (*work)(void *), void *argument, u32 wait_ms) {
  point();
  inner = work;
  int its_role = inner_role = role == AFTERWARDS ? APART_AFTERWARDS : APART;
  long result = __real_sys_apart(in_its_role, argument, wait_ms);
  /* It is ended once: who comes to mend it is let be. */
  if (wanted_role == its_role) wanted_role = -1;
  return result;
}

long __real_sys_afterwards(long (*work)(void *), void *argument);
long __wrap_sys_afterwards(long (*work)(void *), void *argument);
long __wrap_sys_afterwards(long (*work)(void *), void *argument) {
  point();
  inner = work;
  inner_role = AFTERWARDS;
  return __real_sys_afterwards(in_its_role, argument);
}
