/* Owns what the program asks of the kernel: this is all of it. sys-linux.c asks, fuzz.c pretends.
   Must not grow a way to run another program. */
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
_Noreturn void sys_exit(int code);

/* For lack of a C library; the compiler calls the first two by itself. */
void *memcpy(void *to, const void *from, size_t length);
void *memset(void *to, int value, size_t length);

#endif
