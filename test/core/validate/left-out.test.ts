// Owns the proof that every kind and subresource of KubeVirt is either served or left out with a reason.
// Must not hold the lists.
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { kinds } from '../../../electron/api/kinds/registry.ts';
import { subresourceTable } from '../../../electron/server/subresources.ts';
import { kindsLeftOut, subresourcesLeftOut } from './left-out.ts';

const served = new Set(kinds.map(({ kind, group }) => `${kind}.${group}`));
const servedBelow = new Set(subresourceTable.map(({ name }) => name.split('/{')[0]));
const leftOut = kindsLeftOut.flatMap(({ names }) => names);
const definitions = '../shared/kubevirt/kubevirt-crds-1.9.0.yaml.gz';
const missing = existsSync(definitions) ? '' : ` (skipped: ${definitions} is not there)`;

test('nothing is both served and left out', () => {
  expect(leftOut.filter((name) => served.has(name))).toEqual([]);
  expect(subresourcesLeftOut.flatMap(({ names }) => names).filter((name) => servedBelow.has(name))).toEqual([]);
});

test.skipIf(missing !== '')(`every kind of KubeVirt v1.9.0 is one of the two${missing}`, () => {
  const upstream = parseAllDocuments(gunzipSync(readFileSync(definitions)).toString()).map((document) => {
    const { spec } = document.toJS() as { readonly spec: { readonly group: string; readonly names: { readonly kind: string } } };
    return `${spec.names.kind}.${spec.group}`;
  });
  expect(upstream.length).toBe(20);
  expect(upstream.filter((name) => !served.has(name) && !leftOut.includes(name))).toEqual([]);
});
