/* Owns what the program asks of the kernel: this is all of it. sys-linux.c asks, fuzz.c pretends.
   Must not grow a way to run a program that somebody names: those that are run are in preparation.c. */
#ifndef SYS_H
#define SYS_H

typedef __SIZE_TYPE__ size_t;
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long s64;

/* Linux' own convention: a negative result is -errno. */
long sys_read(int fd, void *buffer, size_t length);
long sys_write(int fd, const void *buffer, size_t length);
long sys_open(const char *path, int flags, int mode);
long sys_close(int fd);
long sys_fsync(int fd);
long sys_mkdir(const char *path, int mode);
long sys_ioctl(int fd, unsigned long request, void *argument);
long sys_netlink(void);
long sys_prlimit(int pid, int resource, const u64 *set, u64 *old);
long sys_geteuid(void);
long sys_time(void);
long sys_readlink(const char *path, char *into, size_t size);
/* Entries of a folder, as the kernel packs them (struct linux_dirent64). */
long sys_entries(int fd, void *buffer, size_t size);
long sys_unlink(const char *path);
long sys_rename(const char *from, const char *to);
long sys_chown(const char *path, u32 owner);
void sys_sleep(u32 ms);
/* As sys_open, and no part of the path may be a link. */
long sys_open_plain(const char *path, int flags, int mode);
/* Of an open folder; a link of this name is not followed. */
long sys_open_in(int folder, const char *name, int flags, int mode);
long sys_unlink_in(int folder, const char *name);
long sys_rename_in(int folder, const char *from, const char *to);
long sys_chmod(int fd, u32 mode);
/* Can be read from each time somebody who could write to the file has closed it, and when it is gone. */
long sys_watch_closing(const char *path);
struct seen {
  u32 uid, mode, links;
  int is_plain;
};
long sys_inspect(int fd, struct seen *into);
/* Waits for its turn; until we end. */
long sys_lock(int fd);
/* Does not wait: -EAGAIN while another has it. Until we and every process that we began have ended. */
long sys_try_lock(int fd);
int sys_is_file(const char *path);
_Noreturn void sys_exit(int code);

/* ---- The programs of preparation.c's closed list, and no other. */

/* Waits for its end, and answers its exit code. It gets a fixed environment, nothing to read, and `output` to write to. */
long sys_run(const char *program, const char *const arguments[], const char *output);

/* ---- Processes beside this one; none is another program. */

/* Memory, zeroed, that sys_apart's process and ours both see; null when there is none. */
void *sys_shared(size_t size);
/* Runs `work` in a process of its own: a write to sysfs can block for good, and nobody can be ended in it. -ETIMEDOUT: it goes on alone. */
long sys_apart(long (*work)(void *), void *argument, u32 wait_ms);
/* For `work`, once, at its end: whether somebody still waits. When nobody does, what was done must be taken back. */
int sys_commit(void);
/* Runs `work` in a process that outlives us, without a terminal. Its id, or -errno. */
long sys_afterwards(long (*work)(void *), void *argument);
/* Ends a process that sys_afterwards began, when there is nothing left for it to do. */
void sys_end(long pid);

/* For lack of a C library; the compiler calls the first two by itself. */
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);

#endif
