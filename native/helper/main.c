/* Owns one run: a request from standard input, its record in the journal, the answer on standard output.
   Must not take arguments, nor anything of the environment but who called pkexec. */
#include "verbs.h"
#include <linux/errno.h>
#include <linux/fcntl.h>

static const char journal_folder[] = "/var/lib/virtdeck-helper";
static const char journal_file[] = "/var/lib/virtdeck-helper/journal";

static void print(int fd, struct text *line) {
  text_add(line, "\n");
  sys_write(fd, line->bytes, line->length);
}

static int answer_fault(const struct fault *fault) {
  struct text line;
  text_clear(&line);
  text_add(&line, "{\"ok\":false,\"code\":");
  text_quoted(&line, fault->code);
  text_add(&line, ",\"field\":");
  text_quoted(&line, fault->field);
  text_add(&line, ",\"message\":");
  text_quoted(&line, fault->message);
  if (fault->error < 0) {
    text_add(&line, ",\"errno\":");
    text_number(&line, (u64)-fault->error);
  }
  text_add(&line, "}");
  print(1, &line);
  return 1;
}

static void answer_done(const struct text *undo) {
  struct text line;
  text_clear(&line);
  text_add(&line, "{\"ok\":true");
  if (undo->length > 0) {
    text_add(&line, ",\"undo\":");
    text_add(&line, undo->bytes);
  }
  text_add(&line, "}");
  print(1, &line);
}

/* Before the deed: what it is undone by must survive a loss of power in the middle. */
static int record(const struct verb *verb, const struct caller *caller, const struct text *undo, const char *outcome) {
  struct text line;
  long fd = sys_open(journal_file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0644);
  if (fd == -ENOENT) {
    sys_mkdir(journal_folder, 0755);
    fd = sys_open(journal_file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0644);
  }
  if (fd < 0) return 0;
  text_clear(&line);
  text_add(&line, "{\"time\":");
  text_number(&line, (u64)sys_time());
  text_add(&line, ",\"uid\":");
  text_number(&line, caller->uid);
  text_add(&line, ",\"verb\":");
  text_quoted(&line, verb->name);
  text_add(&line, ",\"outcome\":");
  text_quoted(&line, outcome);
  if (undo->length > 0) {
    text_add(&line, ",\"undo\":");
    text_add(&line, undo->bytes);
  }
  text_add(&line, "}");
  print((int)fd, &line);
  sys_fsync((int)fd);
  sys_close((int)fd);
  return 1;
}

int handle(const char *text, size_t length, const struct caller *caller) {
  struct request request;
  struct fault fault = {0, "", "", 0};
  struct text undo;
  text_clear(&undo);
  if (!parse_request(text, length, &request, &fault)) return answer_fault(&fault);
  const struct verb *verb = find_verb(request.verb);
  if (verb == 0) return answer_fault(&(struct fault){"Invalid", "verb", "there is no such verb", 0});
  for (u32 bit = 1; bit <= F_COUNT; bit <<= 1) {
    if ((verb->required & bit) != 0 && (request.given & bit) == 0) return answer_fault(&(struct fault){"Invalid", field_name((enum field)bit), "it is missing", 0});
    if ((request.given & bit) != 0 && ((verb->required | verb->optional | F_VERB) & bit) == 0)
      return answer_fault(&(struct fault){"Invalid", field_name((enum field)bit), "this verb does not take it", 0});
  }
  if (verb->needs_root && !caller->is_root) return answer_fault(&(struct fault){"NotPermitted", "verb", "this needs root", 0});
  if (!verb->prepare(&request, caller, &undo, &fault)) return answer_fault(&fault);
  if (undo.overflowed) return answer_fault(&(struct fault){"Failed", "", "the record is too long", 0});
  if (caller->is_root && !record(verb, caller, &undo, "begun")) return answer_fault(&(struct fault){"Failed", "", "the journal cannot be written", 0});
  int good = verb->act(&request, &fault);
  if (caller->is_root) record(verb, caller, &undo, good ? "done" : fault.code);
  if (!good) return answer_fault(&fault);
  answer_done(&undo);
  return 0;
}

static int is_variable(const char *entry, const char *name) {
  while (*name != 0)
    if (*entry++ != *name++) return 0;
  return 1;
}

int helper_main(char **environment) {
  static char text[REQUEST_MAX + 1];
  size_t length = 0;
  struct caller caller = {(u32)sys_geteuid(), sys_geteuid() == 0};
  for (; *environment != 0; environment++)
    if (is_variable(*environment, "PKEXEC_UID=")) caller.uid = (u32)number_in(*environment, 0xffffffffu);
  while (length <= REQUEST_MAX) {
    long got = sys_read(0, text + length, REQUEST_MAX + 1 - length);
    if (got <= 0) break;
    length += (size_t)got;
  }
  if (length > REQUEST_MAX) return answer_fault(&(struct fault){"Invalid", "", "the request is too long", 0});
  return handle(text, length, &caller);
}
