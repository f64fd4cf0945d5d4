/* Owns the verbs that change how this computer starts: files of a closed list, programs of a closed list.
   Must not take a path or a command line from anybody. */
#include "preparation.h"
#include "judgement.h"
#include "places.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

static const char backups[] = "/var/lib/virtdeck-helper/backups";
static const char rescue_file[] = "/var/lib/virtdeck-helper/rescue.sh";
static const char output_file[] = "/var/lib/virtdeck-helper/output";
#define BACKUPS_MAX 9999

/* rescue.sh, as it lies beside this file. */
extern const char rescue_text[], rescue_end[];
__asm__(".pushsection .rodata\n.globl rescue_text\nrescue_text:\n.incbin \"rescue.sh\"\n.globl rescue_end\nrescue_end:\n.byte 0\n.popsection\n");

static struct content before, after, current;

/* CRC-32, as of zlib: it tells whether the file is the one that was shown; against a wrong will the forms stand. */
static u32 sum_of(const char *bytes, size_t length) {
  u32 sum = 0xffffffffu;
  for (size_t i = 0; i < length; i++) {
    sum ^= (u8)bytes[i];
    for (int bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ ((sum & 1) != 0 ? 0xedb88320u : 0);
  }
  return ~sum;
}

static void backup_path(struct text *path, u64 number, const char *file) {
  text_clear(path);
  text_add(path, backups);
  text_add(path, "/");
  /* Of one width, so that a shell's own order is theirs. */
  for (u64 tens = 1000; tens > number && tens > 1; tens /= 10) text_add(path, "0");
  text_number(path, number);
  if (file != 0) {
    text_add(path, "/");
    text_add(path, file);
  }
}

/* One at a time: between looking and writing nobody of ours comes in. It is let go when we end. */
static long take_turn(void) {
  sys_mkdir("/var/lib/virtdeck-helper", 0755);
  long fd = sys_open_plain("/var/lib/virtdeck-helper/lock", O_WRONLY | O_CREAT, 0600);
  return fd < 0 ? fd : sys_lock((int)fd);
}

static int is_same_content(const struct content *a, const struct content *b) {
  if (a->length != b->length) return 0;
  for (long i = 0; i < a->length; i++)
    if (a->bytes[i] != b->bytes[i]) return 0;
  return 1;
}

static int is_there(const char *path) {
  struct content *unused = &after;
  long failed = read_whole(path, unused);
  return failed < 0 || unused->length >= 0;
}

/* The first number that was never used, undone ones included. */
static u64 free_backup(void) {
  struct text path;
  u64 number = 1;
  for (; number <= BACKUPS_MAX; number++) {
    backup_path(&path, number, "path");
    if (is_there(path.bytes)) continue;
    backup_path(&path, number, "undone");
    if (!is_there(path.bytes)) break;
  }
  return number;
}

/* ---- file-write */

static u64 backup_number;

static int find_file(const struct request *request, const struct place **place, struct fault *fault) {
  *place = find_place(request->file);
  if (*place == 0) return refuse(fault, "Invalid", "file", "it is no file of the list");
  if (((*place)->file == 0) != ((request->given & F_ENTRY) != 0)) return refuse(fault, "Invalid", "entry", "it is for a boot entry, and for nothing else");
  if ((*place)->file == 0 && !is_entry_name(request->entry)) return refuse(fault, "Invalid", "entry", "it is no name of a boot entry");
  return 1;
}

int prepare_file_write(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  const struct place *place;
  (void)caller;
  if (request->content_bytes != request->content_length || request->content_length > CONTENT_MAX_BYTES - 1)
    return refuse(fault, "Invalid", "contentBytes", "it must be the number of bytes behind the first line");
  if (!find_file(request, &place, fault)) return 0;
  if (!done(fault, "file", take_turn()) || !done(fault, "file", read_place(place, request->entry, &before))) return 0;
  int was_there = before.length >= 0, is_expected = (request->given & F_BEFORE) != 0;
  /* A boot entry is changed, never made. */
  if (place->file == 0 && !was_there) return refuse(fault, "NotFound", "entry", "there is no such boot entry");
  if (was_there != is_expected || (was_there && sum_of(before.bytes, (size_t)before.length) != request->before))
    return refuse(fault, "Changed", "before", "the file is not as it was shown");
  struct lines old = {before.bytes, was_there ? (size_t)before.length : 0};
  if (!was_there && place->begins_with_cmdline) {
    long failed = read_file("/proc/cmdline", after.bytes, sizeof after.bytes);
    if (!done(fault, "file", failed)) return 0;
    old = (struct lines){after.bytes, length_of(after.bytes)};
    /* What the boot loader put in front need not stay: the line is new. */
    if (!is_good_line(place->forms, old, (struct lines){request->content, request->content_length}))
      return refuse(fault, "Invalid", "file", "it says what this program does not write");
  } else if (!is_good_change(place->forms, old, (struct lines){request->content, request->content_length})) {
    return refuse(fault, "Invalid", "file", "it says what this program does not write, or leaves out what was there");
  }
  backup_number = free_backup();
  if (backup_number > BACKUPS_MAX) return refuse(fault, "Failed", "file", "there are too many backups");
  undo_begin(undo, "file-restore", 0);
  undo_number(undo, "backup", backup_number);
  text_add(undo, "}");
  return 1;
}

static long keep_backup(const struct place *place, const struct request *request) {
  struct text path, draft, name;
  sys_mkdir(backups, 0755);
  backup_path(&path, backup_number, 0);
  long failed = sys_mkdir(path.bytes, 0755);
  /* An empty one is what a run left that was ended right here; in one with a path somebody else is writing. */
  if (failed < 0 && failed != -EEXIST) return failed;
  if (before.length >= 0) {
    backup_path(&path, backup_number, "before");
    sys_unlink(path.bytes);
    failed = write_new(path.bytes, before.bytes, (size_t)before.length);
    if (failed < 0) return failed;
  }
  backup_path(&path, backup_number, "after");
  sys_unlink(path.bytes);
  failed = write_new(path.bytes, request->content, request->content_length);
  if (failed < 0) return failed;
  text_clear(&name);
  text_add(&name, place->folder);
  text_add(&name, "/");
  text_add(&name, place->file != 0 ? place->file : request->entry);
  text_add(&name, "\n");
  /* Last, and whole at once: with it the backup counts. */
  backup_path(&path, backup_number, "path");
  backup_path(&draft, backup_number, "path.new");
  sys_unlink(draft.bytes);
  failed = write_new(draft.bytes, name.bytes, name.length);
  return failed < 0 ? failed : sys_rename(draft.bytes, path.bytes);
}

int act_file_write(const struct request *request, struct fault *fault) {
  const struct place *place = find_place(request->file);
  u32 mode = before.mode;
  sys_unlink(rescue_file);
  if (!done(fault, "file", write_new(rescue_file, rescue_text, (size_t)(rescue_end - rescue_text)))) return 0;
  if (!done(fault, "file", keep_backup(place, request))) return 0;
  /* Somebody else's editor takes no turns. */
  if (!done(fault, "file", read_place(place, request->entry, &current))) return 0;
  if (!is_same_content(&current, &before)) return refuse(fault, "Changed", "before", "the file was changed at this very moment");
  return done(fault, "file", replace_place(place, request->entry, request->content, request->content_length, mode));
}

/* ---- file-restore */

static const struct place *restored_place;
static char restored_path[256];
static const char *restored_entry;

int prepare_file_restore(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  struct text path;
  (void)caller;
  if (request->backup < 1 || request->backup > BACKUPS_MAX) return refuse(fault, "Invalid", "backup", "there is no such backup");
  if (!done(fault, "backup", take_turn())) return 0;
  backup_path(&path, request->backup, "path");
  long failed = read_file(path.bytes, restored_path, sizeof restored_path);
  if (failed == -ENOENT) return refuse(fault, "NotFound", "backup", "there is no such backup, or it was undone");
  if (!done(fault, "backup", failed)) return 0;
  restored_place = place_of_path(restored_path, &restored_entry);
  if (restored_place == 0) return refuse(fault, "Failed", "backup", "the backup is of no file of the list");
  backup_path(&path, request->backup, "before");
  if (!done(fault, "backup", read_whole(path.bytes, &before))) return 0;
  backup_path(&path, request->backup, "after");
  if (!done(fault, "backup", read_whole(path.bytes, &after))) return 0;
  if (!done(fault, "backup", read_place(restored_place, restored_entry, &current))) return 0;
  int is_ours = is_same_content(&current, &after);
  int is_back = is_same_content(&current, &before);
  /* What somebody wrote since then is not ours to lose. */
  if (!is_ours && !is_back) return refuse(fault, "Changed", "backup", "the file was changed since then");
  /* Ended in the middle, it is done again. */
  undo_begin(undo, "file-restore", 0);
  undo_number(undo, "backup", request->backup);
  text_add(undo, "}");
  return 1;
}

int act_file_restore(const struct request *request, struct fault *fault) {
  struct text from, to;
  long failed = before.length < 0 ? remove_place(restored_place, restored_entry)
    : replace_place(restored_place, restored_entry, before.bytes, (size_t)before.length, current.length < 0 ? before.mode : current.mode);
  if (!done(fault, "backup", failed)) return 0;
  backup_path(&from, request->backup, "path");
  backup_path(&to, request->backup, "undone");
  return done(fault, "backup", sys_rename(from.bytes, to.bytes));
}

/* ---- bootloader-update, initramfs-update */

struct command {
  const char *name, *verb, *program;
  /* What the argument of the request is put behind; null where none is taken. */
  const char *prefix;
  const char *undone_by;
  const char *arguments[4];
};

/* electron/api/preparation.ts has the same list, as command lines; a test compares the two. */
static const struct command commands[] = {
  {"update-grub", "bootloader-update", "update-grub", 0, "update-grub", {0}},
  {"grub-mkconfig", "bootloader-update", "grub-mkconfig", 0, "grub-mkconfig", {"-o", "/boot/grub/grub.cfg", 0}},
  {"grub2-mkconfig", "bootloader-update", "grub2-mkconfig", 0, "grub2-mkconfig", {"-o", "/boot/grub2/grub.cfg", 0}},
  {"kernel-install", "bootloader-update", "kernel-install", 0, "kernel-install", {"add", 0}},
  {"grubby-add", "bootloader-update", "grubby", "--args=", "grubby-remove", {"--update-kernel=ALL", 0}},
  {"grubby-remove", "bootloader-update", "grubby", "--remove-args=", "grubby-add", {"--update-kernel=ALL", 0}},
  {"rpm-ostree-add", "bootloader-update", "rpm-ostree", "--append-if-missing=", "rpm-ostree-remove", {"kargs", 0}},
  {"rpm-ostree-remove", "bootloader-update", "rpm-ostree", "--delete-if-present=", "rpm-ostree-add", {"kargs", 0}},
  {"update-initramfs", "initramfs-update", "update-initramfs", 0, "update-initramfs", {"-u", "-k", "all", 0}},
  {"dracut", "initramfs-update", "dracut", 0, "dracut", {"--force", "--regenerate-all", 0}},
  {"mkinitcpio", "initramfs-update", "mkinitcpio", 0, "mkinitcpio", {"-P", 0}},
};

static const struct command *find_command(const struct request *request) {
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++)
    if (same(commands[i].name, request->command) && same(commands[i].verb, request->verb)) return &commands[i];
  return 0;
}

int prepare_update(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault) {
  const struct command *command = find_command(request);
  (void)caller;
  if (command == 0) return refuse(fault, "Invalid", "command", "it is no program of this verb's list");
  if ((command->prefix != 0) != ((request->given & F_ARGUMENT) != 0)) return refuse(fault, "Invalid", "argument", "this program takes none, or needs one");
  if (command->prefix != 0 && !is_known_argument(request->argument, length_of(request->argument)))
    return refuse(fault, "Invalid", "argument", "it is no kernel argument of the list");
  undo_begin(undo, command->verb, 0);
  text_add(undo, ",\"command\":");
  text_quoted(undo, command->undone_by);
  if (command->prefix != 0) {
    text_add(undo, ",\"argument\":");
    text_quoted(undo, request->argument);
  }
  text_add(undo, "}");
  return 1;
}

/* Older ones ask which kernel is meant, and where it is. */
static int name_kernel(struct text *release, struct text *image) {
  char running[128];
  if (read_file("/proc/sys/kernel/osrelease", running, sizeof running) != 0) return 0;
  static const char *const folders[] = {"/usr/lib/modules/", "/lib/modules/"};
  text_clear(release);
  text_add(release, running);
  for (size_t i = 0; running[i] != 0; i++)
    if (running[i] == '/' || running[i] <= ' ' || running[0] == '.' || running[0] == '-') return 0;
  for (size_t i = 0; i < 2; i++) {
    text_clear(image);
    text_add(image, folders[i]);
    text_add(image, running);
    text_add(image, "/vmlinuz");
    if (sys_is_file(image->bytes)) return 1;
  }
  text_clear(image);
  text_add(image, "/boot/vmlinuz-");
  text_add(image, running);
  return sys_is_file(image->bytes);
}

int act_update(const struct request *request, struct fault *fault) {
  static const char *const folders[] = {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"};
  const struct command *command = find_command(request);
  static struct text program, argument, release, image;
  const char *list[8] = {command->program};
  size_t count = 1;
  for (; command->arguments[count - 1] != 0; count++) list[count] = command->arguments[count - 1];
  if (command->prefix != 0) {
    text_clear(&argument);
    text_add(&argument, command->prefix);
    text_add(&argument, request->argument);
    list[count++] = argument.bytes;
  }
  if (same(command->name, "kernel-install")) {
    if (!name_kernel(&release, &image)) return refuse(fault, "NotFound", "command", "the running kernel's file was not found");
    list[count++] = release.bytes;
    list[count++] = image.bytes;
  }
  list[count] = 0;
  for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
    text_clear(&program);
    text_add(&program, folders[i]);
    text_add(&program, command->program);
    if (!sys_is_file(program.bytes)) continue;
    sys_mkdir("/var/lib/virtdeck-helper", 0755);
    long code = sys_run(program.bytes, list, output_file);
    if (code < 0) return done(fault, "command", code);
    return code == 0 ? 1 : refuse(fault, "ProgramFailed", "command", "it ended with a failure; what it said is in /var/lib/virtdeck-helper/output");
  }
  return refuse(fault, "NotFound", "command", "there is no such program on this computer");
}
