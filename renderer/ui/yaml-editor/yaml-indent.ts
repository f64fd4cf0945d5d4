// Owns how far a new line is indented after a key without a value.
// Must not decide other lines; the language does.

/** Columns for the line after `before`, the text up to the cursor; undefined when `before` does not end in a bare key. */
export function indentAfterKey(before: string): number | undefined {
  const match = /^(\s*(?:- +)*)(?:"[^"]*"|'[^']*'|[^\s#:'"{}[\],&*!|>%@`-][^:#]*?|-[^\s:#][^:#]*?)\s*:\s*$/.exec(before);
  return match === null ? undefined : match[1]!.length + 2;
}
