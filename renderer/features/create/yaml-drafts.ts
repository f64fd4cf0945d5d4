// Owns reading a YAML stream into objects to create, and what is wrong before anything is sent.
// Must not validate beyond name and kind; the core does.
import { parseAllDocuments } from 'yaml';
import type { DraftObject } from '../../../electron/api/object.ts';
import { type Resource, resourceTable } from '../../client/resource-table.ts';

export interface YamlDraft {
  readonly resource: Resource;
  readonly draft: DraftObject;
  /** Place in the stream, from 0. */
  readonly document: number;
}

export interface DraftProblem {
  readonly document: number;
  readonly field: string;
  readonly code: 'noKind' | 'noName';
}

export interface YamlDrafts {
  readonly drafts: readonly YamlDraft[];
  readonly problems: readonly DraftProblem[];
  /** The text itself does not parse: the editor shows where. */
  readonly broken: boolean;
}

/** Namespaced objects without a namespace get `namespace`. */
export function yamlDrafts(text: string, namespace: string): YamlDrafts {
  const documents = parseAllDocuments(text, { logLevel: 'silent' });
  if (!Array.isArray(documents)) return { drafts: [], problems: [], broken: false };
  if (documents.some(({ errors }) => errors.length > 0)) return { drafts: [], problems: [], broken: true };
  const read = documents.map((document, index) => ({ value: plainValue(document), index })).filter(({ value }) => value !== null);
  if (read.some(({ value }) => value === undefined)) return { drafts: [], problems: [], broken: true };
  const found = read.map(({ value, index }) => draftOf(value, { namespace, document: index }));
  return {
    drafts: found.flatMap((each) => ('draft' in each ? [each] : [])),
    problems: found.flatMap((each) => ('draft' in each ? [] : [each])),
    broken: false,
  };
}

/** Null for an empty document. Undefined for one that does not read: an alias without its anchor. */
function plainValue(document: { toJS(): unknown }): unknown {
  try {
    return document.toJS() ?? null;
  } catch {
    return undefined;
  }
}

function draftOf(
  value: unknown,
  { namespace, document }: { readonly namespace: string; readonly document: number },
): YamlDraft | DraftProblem {
  const { apiVersion, kind, metadata } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const row = (Object.entries(resourceTable) as [Resource, (typeof resourceTable)[Resource]][]).find(
    ([, entry]) => entry.apiVersion === apiVersion && entry.kind === kind,
  );
  if (row === undefined) return { document, field: 'kind', code: 'noKind' };
  const [resource] = row;
  const own = (typeof metadata === 'object' && metadata !== null ? metadata : {}) as DraftObject['metadata'];
  if (own.name === undefined && own.generateName === undefined) return { document, field: 'metadata', code: 'noName' };
  const placed = resourceTable[resource].isClusterScoped === true ? own : { namespace, ...own };
  return { resource, document, draft: { ...(value as DraftObject), metadata: placed } };
}

/** What the empty editor begins with: a machine that starts, as small as one can be. */
export function exampleYaml(namespace: string): string {
  return `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: example
  namespace: ${namespace}
spec:
  runStrategy: Manual
  template:
    spec:
      domain:
        cpu:
          cores: 1
        memory:
          guest: 1Gi
        devices:
          disks:
            - name: scratch
              disk:
                bus: virtio
          interfaces:
            - name: default
              masquerade: {}
      networks:
        - name: default
          pod: {}
      volumes:
        - name: scratch
          emptyDisk:
            capacity: 2Gi
`;
}
