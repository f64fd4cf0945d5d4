// Owns the English texts, one file a feature, named as the namespace.
// Must not hold any text itself.
const files = import.meta.glob<object>('../messages/en/*.json', { eager: true, import: 'default' });

export const catalogue = Object.fromEntries(
  Object.entries(files).map(([path, texts]) => [path.slice(path.lastIndexOf('/') + 1, -'.json'.length), texts]),
);
