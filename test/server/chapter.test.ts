// Owns the proof that every manifest that OpenShift's chapter 8.14 prints is accepted as printed, and where its fields went.
// Must not hold the chapter: it lies beside the project, when it is there.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { kindNamed } from '../../electron/api/kinds/registry.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { carriers } from './carriers.ts';
import { startCore } from './core-fixture.ts';
import { merge, posted } from './rows.ts';

const folder = new URL('../../../shared/spec/', import.meta.url);
const file = existsSync(folder) ? readdirSync(folder).find((name) => name.startsWith('openshift-virtualization-4.9')) : undefined;
const where = file === undefined ? ' (skipped: ../shared/spec is not there)' : '';

interface Manifest {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly apiversion?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Of these lists the number after the colon is a mark; of others it is the value. */
const markAfterColon = /^(\s*(?:requiredDuring|preferredDuring|permittedHostDevices|pciHostDevices)\w*:)\s+\d$/;

/** Numbers at the ends of lines point at notes, three points stand for what is left out. */
function withoutMarks(line: string): string {
  if (/^\s*(\.\.\.|#.*)$/.test(line)) return '';
  // kubectl's reader takes a quoted text that ends below its beginning; the one used here is stricter.
  return line
    .replace(markAfterColon, '$1')
    .replace(/(?<=[^:\s])\s+\d$/, '')
    .replace(/^(\s*}')$/, '  $1');
}

/** The blocks that name a kind: from there, or from the fields before it, to where the text goes on. */
function manifestsIn(text: string): readonly Manifest[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (/^\s*kind: [A-Z]/.test(line) ? [index] : []));
  return starts.map((at) => {
    const indent = /^\s*/.exec(lines[at] ?? '')?.[0].length ?? 0;
    const isInside = (line: string): boolean =>
      line.trim() === '' || /^\s*(\.\.\.|#)/.test(line) || (/^\s*/.exec(line)?.[0].length ?? 0) >= indent;
    const isText = (line: string): boolean => /^\s*\d+\s*$/.test(line) || /[\u4e00-\u9fff]/.test(line);
    let first = at;
    while (first > 0 && (lines[first - 1] ?? '').trim() !== '' && isInside(lines[first - 1] ?? '') && !isText(lines[first - 1] ?? ''))
      first -= 1;
    let last = at;
    while (last < lines.length && isInside(lines[last] ?? '') && !isText(lines[last] ?? '')) last += 1;
    const block = lines.slice(first, last).map(withoutMarks);
    return parse(block.join('\n')) as Manifest;
  });
}

/** What the chapter prints beside its place, in the order of printing; the others are taken without a word. */
const movedFields: Readonly<Record<string, readonly string[]>> = {
  'example-vm-pod-affinity': ['spec.affinity: read as spec.template.spec.affinity'],
  'example-vm-node-affinity': ['spec.affinity: read as spec.template.spec.affinity'],
  'example-vm-tolerations': ['spec.tolerations: read as spec.template.spec.tolerations'],
  'vm-secureboot': ['apiversion: read as apiVersion'],
  'chapter-8': [
    'spec.template.resources: read as spec.template.spec.domain.resources',
    'spec.template.memory: read as spec.template.spec.domain.memory',
  ],
  'chapter-9': ['spec.template.resources: read as spec.template.spec.domain.resources'],
  'chapter-10': ['spec.domain: read as spec.template.spec.domain'],
  'chapter-17': ['spec.domain: read as spec.template.spec.domain'],
};

/** The disks whose volumes are among what the chapter leaves out. */
const leftOutVolumes: Readonly<Record<string, readonly object[]>> = {
  'vm-secureboot': [{ name: 'containerdisk', emptyDisk: { capacity: '1Gi' } }],
};

interface Template {
  readonly spec?: object;
}

/**
 * What the chapter leaves out: three points stand for it, or the manifest is a part of a page. Without a name and a run strategy KubeVirt
 * refuses each of them, and so does this program.
 */
function completed(manifest: Manifest, index: number): DraftObject {
  const { apiVersion, apiversion, kind = '', metadata, spec } = manifest;
  const name = (metadata?.name ?? `chapter-${index}`).replaceAll(/[<>]/g, '');
  const version = apiVersion === undefined && apiversion === undefined ? { apiVersion: 'kubevirt.io/v1' } : {};
  const named = { ...version, ...manifest, kind, metadata: { ...metadata, name } };
  if (kind !== 'VirtualMachine') return named as unknown as DraftObject;
  const running = spec?.['running'] === undefined ? { running: false } : {};
  const template = (spec?.['template'] ?? {}) as Template;
  const volumes = leftOutVolumes[name];
  const whole = volumes === undefined ? template : { ...template, spec: { ...template.spec, volumes } };
  return { ...named, spec: { ...spec, template: whole, ...running } } as unknown as DraftObject;
}

const manifests = file === undefined ? [] : manifestsIn(readFileSync(new URL(file, folder), 'utf8'));

/** Every value at the end of a path: what was printed must be found again, wherever it went. */
function leaves(value: unknown): readonly string[] {
  // Null is absent in a manifest.
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    typeof child === 'object' ? leaves(child) : [`${Array.isArray(value) ? '' : key}=${JSON.stringify(child)}`],
  );
}

describe.skipIf(file === undefined)(`the manifests of chapter 8.14${where}`, () => {
  test('all are found', () => {
    const counted = Object.groupBy(manifests, ({ kind = '' }) => kind);
    expect(Object.fromEntries(Object.entries(counted).map(([kind, found = []]) => [kind, found.length]))).toEqual({
      VirtualMachine: 14,
      HyperConverged: 3,
      NetworkAttachmentDefinition: 1,
      MachineConfig: 1,
    });
  });

  test.each(manifests.map((manifest, index) => [index, manifest.metadata?.name ?? manifest.kind ?? '', manifest] as const))(
    '%i %s is accepted, and nothing of it is lost',
    async (...[index, , manifest]) => {
      const draft = completed(manifest, index);
      const kind = kindNamed(draft.kind === 'VirtualMachine' ? 'kubevirt.io/v1' : draft.apiVersion, draft.kind);
      if (kind === undefined) throw new Error(`${draft.kind} is not served.`);
      const core = await startCore();
      try {
        const namespace = draft.metadata.namespace ?? 'default';
        const connection = await carriers[0]?.connect(core.router);
        const path = `/apis/${kind.group}/${kind.version}${kind.namespaced ? `/namespaces/${namespace}` : ''}/${kind.plural}`;
        // The chapter edits the one that is there from the start.
        const isEdit = draft.kind === 'HyperConverged';
        const answer = await (isEdit
          ? connection?.fetch(`${path}/${draft.metadata.name}`, {
              method: 'PATCH',
              headers: merge,
              body: JSON.stringify({ spec: draft['spec'] }),
            })
          : connection?.fetch(path, posted(draft)));
        const object = (await answer?.json()) as { readonly message?: string; readonly spec?: object };
        expect([answer?.status, object.message]).toEqual([isEdit ? 200 : 201, undefined]);
        const said = answer?.headers.get('warning') ?? '';
        for (const words of movedFields[draft.metadata.name ?? ''] ?? []) expect(said).toContain(words);
        expect(said.split('299 - ').length - 1).toBe(
          (movedFields[draft.metadata.name ?? ''] ?? []).length + Number(said.includes('v1alpha3')),
        );
        expect(leaves(object.spec)).toEqual(expect.arrayContaining([...leaves(draft['spec'])]));
      } finally {
        await core.close();
      }
    },
  );
});
