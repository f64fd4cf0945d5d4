/* Owns the verbs of this computer's memory: pools of huge pages, now and at each boot, and the merging of equal pages.
   Must not know the others. */
#include "memory.h"
#include "judgement.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

/* ---- hugepages-set */

static void pool_path(struct text *path, const struct request *request) {
  text_clear(path);
  if ((request->given & F_NODE) != 0) {
    text_add(path, "/sys/devices/system/node/node");
    text_number(path, request->node);
    text_add(path, "/hugepages/hugepages-");
  } else {
    text_add(path, "/sys/kernel/mm/hugepages/hugepages-");
  }
  text_number(path, request->size_kib);
  text_add(path, "kB/nr_hugepages");
}

static s64 pool_count(const struct request *request) {
  char content[32];
  struct text path;
  pool_path(&path, request);
  return read_file(path.bytes, content, sizeof content) == 0 ? number_in(content, -1) : -1;
}

static long set_pool(const struct request *request, u64 count) {
  struct text path, content;
  pool_path(&path, request);
  text_clear(&content);
  text_number(&content, count);
  return write_file(path.bytes, content.bytes);
}

/* Its count, or -1 after having refused. */
static s64 good_pool(const struct request *request, struct fault *fault) {
  if (request->node > 1023) return refuse(fault, "Invalid", "node", "there is no such node"), -1;
  if (request->count > 1u << 24) return refuse(fault, "Invalid", "count", "these are more pages than a computer has"), -1;
  s64 count = pool_count(request);
  return count < 0 ? (refuse(fault, "NotFound", "sizeKiB", "there is no pool of this size on this node"), -1) : count;
}

static void undo_pool(struct text *undo, const char *verb, const struct request *request, u64 count) {
  undo_begin(undo, verb, 0);
  if ((request->given & F_NODE) != 0) undo_number(undo, "node", request->node);
  undo_number(undo, "sizeKiB", request->size_kib);
  undo_number(undo, "count", count);
  text_add(undo, "}");
}

int prepare_hugepages(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  s64 before = good_pool(request, fault);
  if (before < 0) return 0;
  undo_pool(undo, "hugepages-set", request, (u64)before);
  return 1;
}

int act_hugepages(const struct request *request, struct fault *fault) {
  s64 before = pool_count(request);
  if (!done(fault, "count", set_pool(request, request->count))) return 0;
  /* The kernel gives what it finds and says nothing. */
  if (pool_count(request) == (s64)request->count) return 1;
  if (before >= 0) set_pool(request, (u64)before);
  return refuse(fault, "Short", "count", "memory has not enough unbroken room for these pages");
}

/* ---- hugepages-keep */

/* A line of tmpfiles.d(5) that is written to sysfs at each boot. sysctl.d(5) knows one size of pages, and no nodes. */
static const char kept_folder[] = "/etc/tmpfiles.d";
static const char kept_mark[] = " - - - - ";

static void kept_path(struct text *path, const struct request *request) {
  text_clear(path);
  text_add(path, kept_folder);
  text_add(path, "/virtdeck-hugepages-");
  if ((request->given & F_NODE) != 0) {
    text_add(path, "node");
    text_number(path, request->node);
    text_add(path, "-");
  }
  text_number(path, request->size_kib);
  text_add(path, "kB.conf");
}

/* What is kept now; nothing is none. */
static u64 kept_count(const struct request *request) {
  char content[TEXT_MAX];
  struct text path;
  kept_path(&path, request);
  if (read_file(path.bytes, content, sizeof content) != 0) return 0;
  for (const char *at = content; *at != 0; at++) {
    size_t i = 0;
    while (kept_mark[i] != 0 && at[i] == kept_mark[i]) i++;
    if (kept_mark[i] != 0) continue;
    s64 count = number_in(at + i, 0);
    return count > 1 << 24 ? 0 : (u64)count;
  }
  return 0;
}

int prepare_hugepages_keep(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  (void)caller;
  if (good_pool(request, fault) < 0) return 0;
  undo_pool(undo, "hugepages-keep", request, kept_count(request));
  return 1;
}

int act_hugepages_keep(const struct request *request, struct fault *fault) {
  struct text path, draft, pool, content;
  kept_path(&path, request);
  if (request->count == 0) {
    long gone = sys_unlink(path.bytes);
    return gone == -ENOENT ? 1 : done(fault, "count", gone);
  }
  pool_path(&pool, request);
  text_clear(&content);
  text_add(&content, "# Written by Virtdeck: huge pages that are reserved at each boot.\nw ");
  text_add(&content, pool.bytes);
  text_add(&content, kept_mark);
  text_number(&content, request->count);
  text_add(&content, "\n");
  /* Not read by anybody under this name. */
  text_clear(&draft);
  text_add(&draft, path.bytes);
  text_add(&draft, ".new");
  sys_unlink(draft.bytes);
  long fd = sys_open(draft.bytes, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644);
  if (fd == -ENOENT) return refuse(fault, "Unsupported", "count", "nothing of this computer reads /etc/tmpfiles.d when it starts");
  if (!done(fault, "count", fd)) return 0;
  long put = sys_write((int)fd, content.bytes, content.length);
  if (put >= 0 && (size_t)put != content.length) put = -EIO;
  if (put >= 0) put = sys_fsync((int)fd);
  sys_close((int)fd);
  if (put >= 0) put = sys_rename(draft.bytes, path.bytes);
  if (put < 0) sys_unlink(draft.bytes);
  return done(fault, "count", put);
}

/* ---- ksm-set */

static const char ksm_switch[] = "/sys/kernel/mm/ksm/run";

int prepare_ksm(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  char content[32];
  (void)caller;
  /* 2 takes merged pages apart again, which may take more memory than there is: it is not offered. */
  if (request->count > 1) return refuse(fault, "Invalid", "count", "it must be 0 or 1");
  if (read_file(ksm_switch, content, sizeof content) != 0) return refuse(fault, "Unsupported", "count", "this kernel does not merge pages");
  undo_begin(undo, "ksm-set", 0);
  undo_number(undo, "count", number_in(content, 0) == 1 ? 1 : 0);
  text_add(undo, "}");
  return 1;
}

int act_ksm(const struct request *request, struct fault *fault) {
  return done(fault, "count", write_file(ksm_switch, request->count == 1 ? "1" : "0"));
}
