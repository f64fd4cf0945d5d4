/* Owns the system calls and the entry, without a C library: the whole program is some kilobytes that one can read.
   Must not decide anything. */
#include "sys.h"
#include <asm/unistd.h>
#include <linux/netlink.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/inotify.h>
#include <linux/mman.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <linux/wait.h>

static long call6(long number, long a, long b, long c, long d, long e, long f) {
#if defined(__x86_64__)
  register long fourth __asm__("r10") = d;
  register long fifth __asm__("r8") = e;
  register long sixth __asm__("r9") = f;
  long result;
  __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth), "r"(sixth) : "rcx", "r11", "memory");
  return result;
#elif defined(__aarch64__)
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  register long x3 __asm__("x3") = d;
  register long x4 __asm__("x4") = e;
  register long x5 __asm__("x5") = f;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
#else
#error "Only x86-64 and arm64 are known."
#endif
}

static long call(long number, long a, long b, long c, long d) { return call6(number, a, b, c, d, 0, 0); }

long sys_read(int fd, void *buffer, size_t length) { return call(__NR_read, fd, (long)buffer, (long)length, 0); }
long sys_write(int fd, const void *buffer, size_t length) { return call(__NR_write, fd, (long)buffer, (long)length, 0); }
long sys_open(const char *path, int flags, int mode) { return call(__NR_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, mode); }
long sys_close(int fd) { return call(__NR_close, fd, 0, 0, 0); }
long sys_fsync(int fd) { return call(__NR_fsync, fd, 0, 0, 0); }
long sys_mkdir(const char *path, int mode) { return call(__NR_mkdirat, AT_FDCWD, (long)path, mode, 0); }
long sys_ioctl(int fd, unsigned long request, void *argument) { return call(__NR_ioctl, fd, (long)request, (long)argument, 0); }
/* AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC. */
long sys_netlink(void) { return call(__NR_socket, 16, 3 | 02000000, NETLINK_ROUTE, 0); }
long sys_prlimit(int pid, int resource, const u64 *set, u64 *old) { return call(__NR_prlimit64, pid, resource, (long)set, (long)old); }
long sys_geteuid(void) { return call(__NR_geteuid, 0, 0, 0, 0); }

long sys_time(void) {
  long now[2] = {0, 0};
  /* CLOCK_REALTIME */
  call(__NR_clock_gettime, 0, (long)now, 0, 0);
  return now[0];
}

long sys_readlink(const char *path, char *into, size_t size) { return call(__NR_readlinkat, AT_FDCWD, (long)path, (long)into, (long)size); }
long sys_entries(int fd, void *buffer, size_t size) { return call(__NR_getdents64, fd, (long)buffer, (long)size, 0); }
long sys_unlink(const char *path) { return call(__NR_unlinkat, AT_FDCWD, (long)path, 0, 0); }
long sys_rename(const char *from, const char *to) { return call6(__NR_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0, 0); }
long sys_chown(const char *path, u32 owner) { return call6(__NR_fchownat, AT_FDCWD, (long)path, owner, -1, AT_SYMLINK_NOFOLLOW, 0); }

long sys_open_plain(const char *path, int flags, int mode) {
  struct open_how how = {(u64)(u32)(flags | O_CLOEXEC), (flags & O_CREAT) != 0 ? (u64)(u32)mode : 0, RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
  return call(__NR_openat2, AT_FDCWD, (long)path, (long)&how, sizeof how);
}

long sys_open_in(int folder, const char *name, int flags, int mode) { return call(__NR_openat, folder, (long)name, flags | O_CLOEXEC | O_NOFOLLOW, mode); }
long sys_unlink_in(int folder, const char *name) { return call(__NR_unlinkat, folder, (long)name, 0, 0); }
long sys_rename_in(int folder, const char *from, const char *to) { return call6(__NR_renameat2, folder, (long)from, folder, (long)to, 0, 0); }
long sys_chmod(int fd, u32 mode) { return call(__NR_fchmod, fd, mode, 0, 0); }

static long inspect(int fd, const char *path, int flags, struct statx *found) { return call6(__NR_statx, fd, (long)path, flags, STATX_BASIC_STATS, (long)found, 0); }

long sys_inspect(int fd, struct seen *into) {
  struct statx found;
  long failed = inspect(fd, "", AT_EMPTY_PATH, &found);
  if (failed < 0) return failed;
  *into = (struct seen){found.stx_uid, found.stx_mode, found.stx_nlink, (found.stx_mode & S_IFMT) == S_IFREG};
  return 0;
}

long sys_watch_closing(const char *path) {
  long fd = call(__NR_inotify_init1, O_CLOEXEC, 0, 0, 0);
  if (fd < 0) return fd;
  long failed = call(__NR_inotify_add_watch, fd, (long)path, IN_CLOSE_WRITE | IN_DELETE_SELF, 0);
  if (failed >= 0) return fd;
  sys_close((int)fd);
  return failed;
}

/* 2: LOCK_EX */
long sys_lock(int fd) { return call(__NR_flock, fd, 2, 0, 0); }

/* 6: LOCK_EX | LOCK_NB */
long sys_try_lock(int fd) { return call(__NR_flock, fd, 6, 0, 0); }

int sys_is_file(const char *path) {
  struct statx found;
  return inspect(AT_FDCWD, path, 0, &found) == 0 && (found.stx_mode & S_IFMT) == S_IFREG;
}

void sys_sleep(u32 ms) {
  long time[2] = {ms / 1000, (long)(ms % 1000) * 1000000};
  while (call(__NR_nanosleep, (long)time, (long)time, 0, 0) == -EINTR) {}
}

enum { WORKING, COMMITTED, ALONE };
static u32 *state;

static u32 turn_to(u32 next) {
  u32 expected = WORKING;
  return __atomic_compare_exchange_n(state, &expected, next, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ? next : expected;
}

/* A system call and no fork of a library's: there is one thread, and nothing to be told. 17 is SIGCHLD. */
static long fork_process(void) { return call(__NR_clone, 17, 0, 0, 0); }

void *sys_shared(size_t size) {
  long address = call6(__NR_mmap, 0, (long)size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return address < 0 && address > -4096 ? 0 : (void *)address;
}

int sys_commit(void) { return turn_to(COMMITTED) == COMMITTED; }

/* Whoever waits for the end of our output must not wait for a process of ours. */
static void let_go(void) {
  call(__NR_setsid, 0, 0, 0, 0);
  call(__NR_chdir, (long)"/", 0, 0, 0);
  for (int fd = 0; fd < 3; fd++) {
    sys_close(fd);
    sys_open("/dev/null", O_RDWR, 0);
  }
}

long sys_apart(long (*work)(void *), void *argument, u32 wait_ms) {
  state = sys_shared(sizeof *state + sizeof(long));
  if (state == 0) return -ENOMEM;
  long *result = (long *)(void *)state + 1;
  long pid = fork_process();
  if (pid < 0) return pid;
  if (pid == 0) {
    let_go();
    *result = work(argument);
    sys_exit(0);
  }
  int status = 0;
  for (u32 waited = 0; call(__NR_wait4, pid, (long)&status, WNOHANG, 0) == 0; waited += 10) {
    if (waited >= wait_ms && turn_to(ALONE) == ALONE) return -ETIMEDOUT;
    sys_sleep(10);
  }
  /* Somebody ended it: what it did is half done. */
  return status == 0 ? *result : -EINTR;
}

long sys_afterwards(long (*work)(void *), void *argument) {
  long pid = fork_process();
  if (pid != 0) return pid;
  let_go();
  work(argument);
  sys_exit(0);
}

void sys_end(long pid) {
  /* 9: SIGKILL */
  call(__NR_kill, pid, 9, 0, 0);
  while (call(__NR_wait4, pid, 0, 0, 0) == -EINTR) {}
}

/* In the child: a file that the program is to have, without the close-on-exec that sys_open sets. */
static void become(long fd, int wanted) {
  if (fd < 0) return;
  if (fd == wanted) {
    call(__NR_fcntl, fd, F_SETFD, 0, 0);
    return;
  }
  call(__NR_dup3, fd, wanted, 0, 0);
  sys_close((int)fd);
}

long sys_run(const char *program, const char *const arguments[], const char *output) {
  static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8", "HOME=/root", 0};
  long pid = fork_process();
  if (pid < 0) return pid;
  if (pid == 0) {
    call(__NR_setsid, 0, 0, 0, 0);
    call(__NR_chdir, (long)"/", 0, 0, 0);
    call(__NR_umask, 022, 0, 0, 0);
    for (int fd = 0; fd < 3; fd++) sys_close(fd);
    become(sys_open("/dev/null", O_RDONLY, 0), 0);
    /* What it says is of use, and not needed. */
    sys_unlink(output);
    long out = sys_open_plain(output, O_WRONLY | O_CREAT | O_EXCL, 0644);
    become(out >= 0 ? out : sys_open("/dev/null", O_WRONLY, 0), 1);
    call(__NR_dup3, 1, 2, 0, 0);
    call(__NR_execve, (long)program, (long)arguments, (long)environment, 0);
    sys_exit(127);
  }
  int status = 0;
  while (call(__NR_wait4, pid, (long)&status, 0, 0) == -EINTR) {}
  /* The upper byte is its exit code, the lower one a signal. */
  return (status & 0x7f) != 0 ? 128 + (status & 0x7f) : (status >> 8) & 0xff;
}

_Noreturn void sys_exit(int code) {
  for (;;) call(__NR_exit_group, code, 0, 0, 0);
}

void *memcpy(void *to, const void *from, size_t length) {
  u8 *out = to;
  const u8 *in = from;
  while (length-- > 0) *out++ = *in++;
  return to;
}

void *memset(void *to, int value, size_t length) {
  u8 *out = to;
  while (length-- > 0) *out++ = (u8)value;
  return to;
}

int helper_main(char **environment);

__attribute__((used)) _Noreturn void begin(long *stack) {
  sys_exit(helper_main((char **)(stack + 1 + stack[0] + 1)));
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n xor %ebp, %ebp\n mov %rsp, %rdi\n and $-16, %rsp\n call begin\n");
#else
__asm__(".globl _start\n_start:\n mov x0, sp\n bl begin\n");
#endif
