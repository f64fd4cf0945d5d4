// Owns what a guest may read of its own object: a downwardAPI volume's files.
// Must not read fields that Kubernetes does not offer this way.
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { Volume } from './manifest.ts';

/** Files by path. A field that says nothing is an empty file, as in Kubernetes. */
export function downwardFiles(vmi: VirtualMachineInstance, { fields = [] }: NonNullable<Volume['downwardAPI']>): Record<string, string> {
  return Object.fromEntries(
    fields.filter(({ path }) => isPlain(path)).map(({ path, fieldRef }) => [path, fieldText(vmi, fieldRef?.fieldPath ?? '')]),
  );
}

/** Kubernetes refuses paths that lead out of the medium; so does the start of one. */
function isPlain(path: string): boolean {
  return path !== '' && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function fieldText({ metadata }: VirtualMachineInstance, fieldPath: string): string {
  const keyed = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  const [, map, key] = keyed ?? [];
  if (key !== undefined) return metadata[map === 'labels' ? 'labels' : 'annotations']?.[key] ?? '';
  switch (fieldPath) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? 'default';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return lines(metadata.labels);
    case 'metadata.annotations':
      return lines(metadata.annotations);
    default:
      return '';
  }
}

/** Kubernetes' FormatMap: sorted, quoted, one in a line. */
function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.entries(map)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n');
}
