// Owns labels as text: one `key=value` a line, and Kubernetes' rules for both sides.
// Must not know what is labelled.
const name = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
const prefix = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export function labelLines(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n');
}

/** Undefined when a line breaks the rules. Empty lines are left out. */
export function labelsOf(text: string): Readonly<Record<string, string>> | undefined {
  const labels: Record<string, string> = {};
  for (const line of text.split('\n').map((row) => row.trim())) {
    if (line === '') continue;
    const [key = '', value = '', ...more] = line.split('=').map((part) => part.trim());
    if (more.length > 0 || !isLabelKey(key) || !isLabelValue(value)) return undefined;
    labels[key] = value;
  }
  return labels;
}

export function isLabelKey(key: string): boolean {
  const parts = key.split('/');
  const [first = '', second] = parts;
  if (parts.length > 2) return false;
  return second === undefined ? name.test(first) : prefix.test(first) && name.test(second);
}

export function isLabelValue(value: string): boolean {
  return value === '' || name.test(value);
}
