/* Owns ending the privileged program with SIGKILL just before the Nth change that it asks the kernel for: KILL_AT=main:N, apart:N for the process
   that it starts for what can block. caller:N ends whoever asked, before the Nth change of main.
   Linked in front of sys-linux.c with --wrap.
   Must not be part of what is shipped. */
#include "sys.h"
#include <linux/fcntl.h>

int __real_helper_main(char **environment);
enum { MAIN, APART, AFTERWARDS };
static int role = MAIN, wanted_role = -1, is_caller;
static u32 count, wanted;

static void die(void) {
  long pid, ignored;
  /* getppid, getpid, kill. */
  __asm__ volatile("syscall" : "=a"(pid) : "a"(is_caller ? 110L : 39L) : "rcx", "r11", "memory");
  __asm__ volatile("syscall" : "=a"(ignored) : "a"(62L), "D"(pid), "S"(9L) : "rcx", "r11", "memory");
}

static void point(void) {
  if (role == wanted_role && ++count == wanted) die();
}

int __wrap_helper_main(char **environment) {
  for (char **entry = environment; *entry != 0; entry++) {
    static const char name[] = "KILL_AT=";
    const char *at = *entry;
    size_t length = 0;
    while (name[length] != 0 && at[length] == name[length]) length++;
    if (name[length] != 0) continue;
    is_caller = at[length] == 'c';
    wanted_role = at[length] == 'a' ? APART : MAIN;
    while (at[length] != ':') length++;
    for (length++; at[length] != 0; length++) wanted = wanted * 10 + (u32)(at[length] - '0');
  }
  return __real_helper_main(environment);
}

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
  inner_role = APART;
  long result = __real_sys_apart(in_its_role, argument, wait_ms);
  /* It is ended once: who comes to mend it is let be. */
  if (wanted_role == APART) wanted_role = -1;
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
