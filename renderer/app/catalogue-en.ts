// Owns the English texts, one file a feature, named as the namespace.
// Must not hold any text itself, nor the core's sentences: the core says them itself.
const files = import.meta.glob<object>(['../messages/en/*.json', '!../messages/en/core*.json'], { eager: true, import: 'default' });

export const catalogue = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), texts]),
);
