/* Owns a request: one flat JSON object of a closed set of fields.
   Must not act on it. */
#ifndef REQUEST_H
#define REQUEST_H
#include "sys.h"

#define REQUEST_MAX 2048
#define NAME_MAX_BYTES 128

/* Bits of `given`. */
enum field {
  F_VERB = 1 << 0,
  F_NAME = 1 << 1,
  F_BRIDGE = 1 << 2,
  F_MAC = 1 << 3,
  F_OWNER = 1 << 4,
  F_VLAN = 1 << 5,
  F_VLAN_FILTERING = 1 << 6,
  F_PID = 1 << 7,
  F_BYTES = 1 << 8,
  F_NODE = 1 << 9,
  F_SIZE_KIB = 1 << 10,
  F_COUNT = 1 << 11,
  F_ADDRESS = 1 << 12,
  F_SECONDS = 1 << 13,
  F_FILE = 1 << 14,
  F_ENTRY = 1 << 15,
  F_COMMAND = 1 << 16,
  F_ARGUMENT = 1 << 17,
  F_BACKUP = 1 << 18,
  F_BEFORE = 1 << 19,
  F_CONTENT_BYTES = 1 << 20,
  F_TYPE = 1 << 21,
  F_UUID = 1 << 22,
  F_QOS = 1 << 23,
  F_SPOOF_CHECK = 1 << 24,
  F_TRUST = 1 << 25,
  F_LINK_STATE = 1 << 26,
  F_UNTIL_CLOSED = 1 << 27,
  F_LAST = F_UNTIL_CLOSED,
};

struct request {
  u32 given;
  char verb[NAME_MAX_BYTES];
  char name[NAME_MAX_BYTES];
  char bridge[NAME_MAX_BYTES];
  char mac[NAME_MAX_BYTES];
  char address[NAME_MAX_BYTES];
  char file[NAME_MAX_BYTES];
  char entry[NAME_MAX_BYTES];
  char command[NAME_MAX_BYTES];
  char argument[NAME_MAX_BYTES];
  char type[NAME_MAX_BYTES];
  char uuid[NAME_MAX_BYTES];
  u64 owner, vlan, vlan_filtering, pid, bytes, node, size_kib, count, seconds, backup, before, content_bytes, qos, spoof_check, trust, link_state, until_closed;
  /* What stands behind the first line: the text of a file. */
  const char *content;
  size_t content_length;
};

struct fault {
  /* `Invalid`, `NotFound`, … ; null while all is well. */
  const char *code;
  const char *field;
  const char *message;
  long error;
};

/* Of the first line; a file's text may follow. */
#define CONTENT_MAX_BYTES 32768

/* Whether the text is one request; otherwise `fault` says why not. Values are not judged. */
int parse_request(const char *text, size_t length, struct request *request, struct fault *fault);
const char *field_name(enum field field);
/* Six pairs, lower case, with colons, and no group's address. */
int read_mac(const char *text, u8 mac[6]);

#endif
