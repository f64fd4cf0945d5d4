// Owns the proof that every manifest that OpenShift's chapter 8.14 prints is accepted as printed, and where its fields went.
// Must not hold the chapter: it lies beside the project, when it is there.
import { describe, expect, test } from 'vitest';
import { kindNamed } from '../../electron/api/kinds/registry.ts';
import { carriers } from './carriers.ts';
import { completed, isChapterThere, manifests, where } from './chapter-manifests.ts';
import { startCore } from './core-fixture.ts';
import { merge, posted } from './rows.ts';

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

/** Every value at the end of a path: what was printed must be found again, wherever it went. */
function leaves(value: unknown): readonly string[] {
  // Null is absent in a manifest.
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    typeof child === 'object' ? leaves(child) : [`${Array.isArray(value) ? '' : key}=${JSON.stringify(child)}`],
  );
}

describe.skipIf(!isChapterThere)(`the manifests of chapter 8.14${where}`, () => {
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
