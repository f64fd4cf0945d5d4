// Owns comparing our kinds' names and columns with the definitions that KubeVirt installs.
// Must not copy them; they are read where they are.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../electron/api/kinds/registry.ts';

const file = new URL('../../../shared/kubevirt/kubevirt-crds-1.9.0.yaml.gz', import.meta.url);
const present = existsSync(file);

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: {
      readonly plural: string;
      readonly singular: string;
      readonly kind: string;
      readonly shortNames?: readonly string[];
      readonly categories?: readonly string[];
    };
    readonly versions: readonly {
      readonly name: string;
      readonly additionalPrinterColumns?: readonly { readonly name: string; readonly type: string; readonly priority?: number }[];
    }[];
  };
}

function definitions(): readonly Definition[] {
  if (!present) return [];
  const documents = parseAllDocuments(gunzipSync(readFileSync(file)).toString('utf8'));
  return Array.isArray(documents) ? documents.flatMap((document) => (document.toJS() as Definition | null) ?? []) : [];
}

const rows = definitions().flatMap(({ spec }) => {
  const kind = kinds.find(({ group, plural }) => group === spec.group && plural === spec.names.plural);
  return kind === undefined ? [] : [{ plural: kind.plural, kind, spec }];
});

describe.skipIf(!present)(`KubeVirt's definitions${present ? '' : ' (skipped: ../shared/kubevirt is not there)'}`, () => {
  test('some of our kinds are among them', () => expect(rows.length).toBeGreaterThan(5));

  test.each(rows)('$plural: names', ({ kind, spec }) => {
    const { singular, kind: name, shortNames = [], categories = [] } = spec.names;
    expect({ ...kind, namespaced: kind.namespaced }).toMatchObject({
      singular,
      kind: name,
      shortNames,
      categories,
      namespaced: spec.scope === 'Namespaced',
    });
  });

  test.each(rows)('$plural: columns', ({ kind, spec }) => {
    const version = spec.versions.find(({ name }) => name === kind.version);
    // Without columns of its own a kind prints its age.
    const theirs = version?.additionalPrinterColumns ?? [{ name: 'Age', type: 'date' }];
    const ours = kind.columns.slice(1).map(({ name, type, priority }) => ({ name, type, priority }));
    expect(ours).toEqual(theirs.map(({ name, type, priority = 0 }) => ({ name, type, priority })));
  });
});
