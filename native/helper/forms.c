/* Owns what a line that is added to a file of this computer's start may say.
   Must not read or write files. */
#include "forms.h"
#include "text.h"

/* electron/api/preparation.ts has the same list; a test compares the two. With `=` the whole argument is meant. */
static const char *const arguments[] = {
  "intel_iommu",
  "amd_iommu",
  "iommu",
  "vfio-pci.ids",
  "vfio-pci.disable_vga",
  "vfio-pci.disable_idle_d3",
  "vfio_iommu_type1.allow_unsafe_interrupts",
  "rd.driver.pre=vfio-pci",
  "default_hugepagesz",
  "hugepagesz",
  "hugepages",
  "transparent_hugepage",
  "isolcpus",
  "nohz_full",
  "rcu_nocbs",
  "kvm.ignore_msrs",
  "kvm_intel.nested",
  "kvm_amd.nested",
  "pci",
  "pcie_aspm",
  "pcie_acs_override",
  "video",
  "initcall_blacklist=sysfb_init",
};

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
static int is_one_of(char c, const char *all) {
  for (; *all != 0; all++)
    if (c == *all) return 1;
  return 0;
}

static int is_made_of(struct lines text, const char *more) {
  for (size_t i = 0; i < text.length; i++)
    if (!is_letter(text.bytes[i]) && !is_one_of(text.bytes[i], more)) return 0;
  return text.length > 0;
}

static int begins(struct lines text, const char *with) {
  size_t length = length_of(with);
  if (text.length < length) return 0;
  for (size_t i = 0; i < length; i++)
    if (text.bytes[i] != with[i]) return 0;
  return 1;
}

static struct lines part(struct lines text, size_t from, size_t to) {
  return (struct lines){text.bytes + from, to - from};
}

int is_known_argument(const char *bytes, size_t length) {
  struct lines word = {bytes, length};
  if (length > 120 || !is_made_of(word, "_.,:=/-")) return 0;
  for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
    size_t known = length_of(arguments[i]);
    if (!begins(word, arguments[i])) continue;
    int whole = 0;
    for (size_t at = 0; at < known; at++) whole |= arguments[i][at] == '=';
    if (length == known || (!whole && length > known + 1 && bytes[known] == '=')) return 1;
  }
  return 0;
}

/* The next word: everything but blanks and quotes. */
static int next_word(struct lines text, size_t *at, struct lines *word) {
  while (*at < text.length && is_one_of(text.bytes[*at], " \t\n\"'")) (*at)++;
  size_t from = *at;
  while (*at < text.length && !is_one_of(text.bytes[*at], " \t\n\"'")) (*at)++;
  *word = part(text, from, *at);
  return word->length > 0;
}

static int is_same(struct lines a, struct lines b) {
  if (a.length != b.length) return 0;
  for (size_t i = 0; i < a.length; i++)
    if (a.bytes[i] != b.bytes[i]) return 0;
  return 1;
}

static int has_word(struct lines text, struct lines wanted) {
  struct lines word;
  for (size_t at = 0; next_word(text, &at, &word);)
    if (is_same(word, wanted)) return 1;
  return 0;
}

static int is_shape(enum rest rest, struct lines text, struct lines before) {
  struct lines word;
  switch (rest) {
  case NOTHING:
    return text.length == 0;
  case NAME:
    return text.length <= 64 && is_made_of(text, "_.-");
  case WORDS:
    return is_made_of(text, "_.,:= -");
  case ADDRESS:
    return text.length <= 16 && is_made_of(text, ":.");
  case LOCKS: {
    size_t end = text.length;
    while (end > 0 && text.bytes[end - 1] >= '0' && text.bytes[end - 1] <= '9') end--;
    static const char middle[] = " - memlock ";
    size_t length = sizeof middle - 1;
    return end < text.length && end > length && is_same(part(text, end - length, end), (struct lines){middle, length}) && is_shape(NAME, part(text, 0, end - length), before);
  }
  case ARGUMENTS:
    for (size_t i = 0; i < text.length; i++)
      if (is_one_of(text.bytes[i], "\"'\t")) return 0;
    for (size_t at = 0; next_word(text, &at, &word);)
      if (!is_known_argument(word.bytes, word.length) && !has_word(before, word)) return 0;
    return text.length > 0;
  }
  return 0;
}

static int has_form(const struct form *forms, struct lines line, struct lines before) {
  static const struct form everywhere[] = {{"# Written by Virtdeck.", NOTHING, ""}, {"", NOTHING, ""}, {0, NOTHING, 0}};
  for (const struct form *form = everywhere; form->prefix != 0; form++)
    if (begins(line, form->prefix) && line.length == length_of(form->prefix)) return 1;
  for (; forms->prefix != 0; forms++) {
    size_t from = length_of(forms->prefix), end = length_of(forms->suffix);
    if (!begins(line, forms->prefix) || line.length < from + end) continue;
    if (!is_same(part(line, line.length - end, line.length), (struct lines){forms->suffix, end})) continue;
    if (is_shape(forms->rest, part(line, from, line.length - end), before)) return 1;
  }
  return 0;
}

/* The next line that is of no form. */
static int next_strange(const struct form *forms, struct lines text, size_t *at, struct lines before, struct lines *line) {
  while (*at < text.length) {
    size_t from = *at;
    while (*at < text.length && text.bytes[*at] != '\n') (*at)++;
    *line = part(text, from, *at);
    if (*at < text.length) (*at)++;
    if (!has_form(forms, *line, before)) return 1;
  }
  return 0;
}

int is_good_line(const struct form *forms, struct lines known, struct lines text) {
  struct lines line;
  size_t at = 0;
  for (size_t i = 0; i < text.length; i++)
    if (text.bytes[i] == 0 || text.bytes[i] == '\r') return 0;
  return text.length > 0 && !next_strange(forms, text, &at, known, &line);
}

static int keeps_arguments(const struct form *forms, struct lines before, struct lines after) {
  int has_arguments = 0;
  for (; forms->prefix != 0; forms++) has_arguments |= forms->rest == ARGUMENTS;
  struct lines word;
  if (has_arguments)
    for (size_t at = 0; next_word(before, &at, &word);)
      if (!has_word(after, word)) return 0;
  return 1;
}

int is_good_change(const struct form *forms, struct lines before, struct lines after) {
  size_t old_at = 0, new_at = 0;
  for (size_t i = 0; i < after.length; i++)
    if (after.bytes[i] == 0 || after.bytes[i] == '\r') return 0;
  for (;;) {
    struct lines old_line, new_line;
    int old_more = next_strange(forms, before, &old_at, before, &old_line);
    int new_more = next_strange(forms, after, &new_at, before, &new_line);
    if (old_more != new_more) return 0;
    if (!old_more) return keeps_arguments(forms, before, after);
    if (!is_same(old_line, new_line)) return 0;
  }
}
