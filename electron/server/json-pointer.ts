// Owns JSON pointers (RFC 6901).
// Must not change what they point into.

/** `/spec/a~1b/0` → ['spec', 'a/b', '0']; undefined when it is no pointer. */
export function pointerTokens(pointer: string): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** `['spec', 'disks', '0', 'name']` → `spec.disks[0].name`, the way causes name fields. */
export function fieldOfTokens(tokens: readonly string[]): string {
  let field = '';
  for (const token of tokens) {
    if (/^\d+$/.test(token)) field += `[${token}]`;
    else if (!/^[A-Za-z0-9_-]+$/.test(token)) field += `[${token}]`;
    else field += field === '' ? token : `.${token}`;
  }
  return field === '' ? '<root>' : field;
}
