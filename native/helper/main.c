/* Owns one run: a request from standard input, the answer on standard output.
   Must not take arguments, nor anything of the environment but who called pkexec. */
#include "journal.h"
#include "verbs.h"

static void print(struct text *line) {
  text_add(line, "\n");
  sys_write(1, line->bytes, line->length);
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
  print(&line);
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
  print(&line);
}

int handle(const char *text, size_t length, const struct caller *caller) {
  struct request request;
  struct fault fault = {0, "", "", 0};
  struct text undo;
  text_clear(&undo);
  size_t line = 0;
  while (line < length && text[line] != '\n') line++;
  if (line > REQUEST_MAX) return answer_fault(&(struct fault){"Invalid", "", "the request is too long", 0});
  if (!parse_request(text, length, &request, &fault)) return answer_fault(&fault);
  const struct verb *verb = find_verb(request.verb);
  if (verb == 0) return answer_fault(&(struct fault){"Invalid", "verb", "there is no such verb", 0});
  for (u32 bit = 1; bit <= F_LAST; bit <<= 1) {
    if ((verb->required & bit) != 0 && (request.given & bit) == 0) return answer_fault(&(struct fault){"Invalid", field_name((enum field)bit), "it is missing", 0});
    if ((request.given & bit) != 0 && ((verb->required | verb->optional | F_VERB) & bit) == 0)
      return answer_fault(&(struct fault){"Invalid", field_name((enum field)bit), "this verb does not take it", 0});
  }
  if (verb->needs_root && !caller->is_root) return answer_fault(&(struct fault){"NotPermitted", "verb", "this needs root", 0});
  int is_judged = verb->prepare(&request, caller, &undo, &fault);
  /* Nothing is done for what cannot be meant, not even what others left. */
  if (!is_judged && same(fault.code, "Invalid")) return answer_fault(&fault);
  if (caller->is_root && settle(&request, caller)) {
    text_clear(&undo);
    is_judged = verb->prepare(&request, caller, &undo, &fault);
  }
  if (!is_judged) return answer_fault(&fault);
  if (undo.overflowed) return answer_fault(&(struct fault){"Failed", "", "the record is too long", 0});
  if (caller->is_root && !journal_add(verb->name, caller->uid, &undo, "begun")) return answer_fault(&(struct fault){"Failed", "", "the journal cannot be written", 0});
  int good = verb->act(&request, &fault);
  if (caller->is_root) journal_add(verb->name, caller->uid, &undo, good ? "done" : fault.code);
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
  static char text[REQUEST_MAX + CONTENT_MAX_BYTES + 1];
  size_t length = 0;
  struct caller caller = {(u32)sys_geteuid(), sys_geteuid() == 0};
  for (; *environment != 0; environment++)
    if (is_variable(*environment, "PKEXEC_UID=")) caller.uid = (u32)number_in(*environment, 0xffffffffu);
  while (length < sizeof text) {
    long got = sys_read(0, text + length, sizeof text - length);
    if (got <= 0) break;
    length += (size_t)got;
  }
  if (length >= sizeof text) return answer_fault(&(struct fault){"Invalid", "", "the request is too long", 0});
  return handle(text, length, &caller);
}
