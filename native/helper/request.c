/* Owns reading a request: JSON as far as one flat object of short strings, whole numbers and booleans needs it.
   Must not be lenient: what is not understood to the last byte is refused. */
#include "request.h"
#include "text.h"

struct row {
  enum field field;
  const char *name;
  /* Where it is kept; a null `text` means a number. */
  size_t text, number;
};

#define TEXT_FIELD(bit, json, member) {bit, json, __builtin_offsetof(struct request, member), 0}
#define NUMBER_FIELD(bit, json, member) {bit, json, 0, __builtin_offsetof(struct request, member)}

static const struct row rows[] = {
  TEXT_FIELD(F_VERB, "verb", verb),
  TEXT_FIELD(F_NAME, "name", name),
  TEXT_FIELD(F_BRIDGE, "bridge", bridge),
  TEXT_FIELD(F_MAC, "mac", mac),
  NUMBER_FIELD(F_OWNER, "owner", owner),
  NUMBER_FIELD(F_VLAN, "vlan", vlan),
  NUMBER_FIELD(F_VLAN_FILTERING, "vlanFiltering", vlan_filtering),
  NUMBER_FIELD(F_PID, "pid", pid),
  NUMBER_FIELD(F_BYTES, "bytes", bytes),
  NUMBER_FIELD(F_NODE, "node", node),
  NUMBER_FIELD(F_SIZE_KIB, "sizeKiB", size_kib),
  NUMBER_FIELD(F_COUNT, "count", count),
  TEXT_FIELD(F_FILE, "file", file),
  TEXT_FIELD(F_ENTRY, "entry", entry),
  TEXT_FIELD(F_COMMAND, "command", command),
  TEXT_FIELD(F_ARGUMENT, "argument", argument),
  NUMBER_FIELD(F_BACKUP, "backup", backup),
  NUMBER_FIELD(F_BEFORE, "before", before),
  NUMBER_FIELD(F_CONTENT_BYTES, "contentBytes", content_bytes),
  TEXT_FIELD(F_ADDRESS, "address", address),
  NUMBER_FIELD(F_SECONDS, "seconds", seconds),
  TEXT_FIELD(F_TYPE, "type", type),
  TEXT_FIELD(F_UUID, "uuid", uuid),
  NUMBER_FIELD(F_QOS, "qos", qos),
  NUMBER_FIELD(F_SPOOF_CHECK, "spoofCheck", spoof_check),
  NUMBER_FIELD(F_TRUST, "trust", trust),
  NUMBER_FIELD(F_LINK_STATE, "linkState", link_state),
  NUMBER_FIELD(F_UNTIL_CLOSED, "untilClosed", until_closed),
};

const char *field_name(enum field field) {
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    if (rows[i].field == field) return rows[i].name;
  return "";
}

struct reader {
  const char *at, *end;
};

static void skip_space(struct reader *reader) {
  while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' || *reader->at == '\t' || *reader->at == '\r')) reader->at++;
}

static int take(struct reader *reader, char byte) {
  skip_space(reader);
  if (reader->at >= reader->end || *reader->at != byte) return 0;
  reader->at++;
  return 1;
}

/* No escapes: no name that is allowed needs one. */
static int take_string(struct reader *reader, char *into) {
  size_t length = 0;
  if (!take(reader, '"')) return 0;
  while (reader->at < reader->end && *reader->at != '"') {
    u8 byte = (u8)*reader->at++;
    if (byte < 0x20 || byte > 0x7e || byte == '\\' || length + 1 >= NAME_MAX_BYTES) return 0;
    into[length++] = (char)byte;
  }
  into[length] = 0;
  return take(reader, '"');
}

static int take_word(struct reader *reader, const char *word) {
  const char *at = reader->at;
  for (; *word != 0; word++, at++)
    if (at >= reader->end || *at != *word) return 0;
  reader->at = at;
  return 1;
}

static int take_number(struct reader *reader, u64 *into) {
  skip_space(reader);
  if (take_word(reader, "true")) return *into = 1, 1;
  if (take_word(reader, "false")) return *into = 0, 1;
  const char *start = reader->at;
  u64 number = 0;
  /* JavaScript's whole numbers end at 2^53: sixteen digits are more than enough. */
  while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9' && reader->at - start < 16)
    number = number * 10 + (u64)(*reader->at++ - '0');
  if (reader->at == start || (*start == '0' && reader->at - start > 1)) return 0;
  *into = number;
  return 1;
}

static int say(struct fault *fault, const char *field, const char *message) {
  *fault = (struct fault){"Invalid", field, message, 0};
  return 0;
}

static int take_field(struct reader *reader, struct request *request, struct fault *fault) {
  char name[NAME_MAX_BYTES];
  if (!take_string(reader, name) || !take(reader, ':')) return say(fault, "", "the request is no flat JSON object");
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const struct row *row = &rows[i];
    if (!same(row->name, name)) continue;
    if ((request->given & row->field) != 0) return say(fault, row->name, "it is given twice");
    request->given |= row->field;
    char *base = (char *)request;
    int good = row->number == 0 ? take_string(reader, base + row->text) : take_number(reader, (u64 *)(void *)(base + row->number));
    return good ? 1 : say(fault, row->name, row->number == 0 ? "it must be a short string" : "it must be a whole number or a boolean");
  }
  return say(fault, "", "there is a field that is not known");
}

int parse_request(const char *text, size_t length, struct request *request, struct fault *fault) {
  struct reader reader = {text, text + length};
  memset(request, 0, sizeof *request);
  if (!take(&reader, '{')) return say(fault, "", "the request is no JSON object");
  do {
    if (!take_field(&reader, request, fault)) return 0;
  } while (take(&reader, ','));
  if (!take(&reader, '}')) return say(fault, "", "the request is no flat JSON object");
  /* A request of one line may have a text behind it. */
  while (reader.at < reader.end && (*reader.at == ' ' || *reader.at == '\t' || *reader.at == '\r')) reader.at++;
  if ((request->given & F_CONTENT_BYTES) != 0) {
    if (reader.at >= reader.end || *reader.at != '\n') return say(fault, "contentBytes", "the text must follow on the next line");
    request->content = reader.at + 1;
    request->content_length = (size_t)(reader.end - reader.at) - 1;
    return 1;
  }
  skip_space(&reader);
  return reader.at == reader.end ? 1 : say(fault, "", "there is something behind the request");
}

static int hex(char c) {
  return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int read_mac(const char *text, u8 mac[6]) {
  if (length_of(text) != 17) return 0;
  for (int i = 0; i < 6; i++) {
    int high = hex(text[i * 3]), low = hex(text[i * 3 + 1]);
    if (high < 0 || low < 0 || (i < 5 && text[i * 3 + 2] != ':')) return 0;
    mac[i] = (u8)(high * 16 + low);
  }
  /* The lowest bit of the first byte is the group's. */
  return (mac[0] & 1) == 0;
}
