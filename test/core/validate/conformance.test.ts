// Owns measuring the rules against what KubeVirt v1.9.0 answered (test data that lies beside the project, when it is there).
// Must not count a case twice: it agrees in every cause, or it is listed with the reason.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Cause } from '../../../electron/api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { decode, type Schemas } from '../../../electron/api/schema.ts';
import { specCauses } from '../../../electron/core/validate/machine/spec-rules.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import { knownDifferences } from './known-differences.ts';
import { slips } from './upstream-slips.ts';

interface RecordedCause {
  /** Kubernetes' cause type; absent when upstream's schema check refused. */
  readonly type?: string | null;
  readonly field?: string | null;
  readonly message?: string | null;
}

interface RecordedCase {
  readonly id: string;
  readonly name: string;
  readonly validator: string;
  readonly inputKind: 'VirtualMachine' | 'VirtualMachineInstance' | 'VirtualMachineInstanceSpec' | '[]Disk' | '[]Volume';
  readonly accepted: boolean;
  readonly workstation: boolean;
  readonly input: unknown;
  readonly oldInput?: unknown;
  readonly causes?: readonly RecordedCause[];
}

const file = new URL('../../../../shared/kubevirt/admit-cases.json', import.meta.url);
const present = existsSync(file);

function recordedCases(): readonly RecordedCase[] {
  const corpus = JSON.parse(readFileSync(file, 'utf8')) as { readonly cases: readonly RecordedCase[] };
  return corpus.cases.filter(({ workstation }) => workstation);
}

const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;

/** As the server does before it decodes. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutNulls(item)]));
}

/** The server's two steps: shape, then rules. */
function answer(
  resource: string,
  definition: string,
  { object, old }: { object: DraftObject; old: DraftObject | undefined },
): readonly Cause[] {
  const causes = decode(schemas, definition, withoutNulls(object));
  return causes.length > 0 ? causes : validate(resource, withoutNulls(object) as DraftObject, old);
}

/** Upstream's unit tests hand over Go structs: a missing domain is an empty one there. */
function completeSpec(spec: Partial<VirtualMachineInstanceSpec> | undefined): VirtualMachineInstanceSpec {
  return { ...spec, domain: { ...spec?.domain, devices: { ...spec?.domain?.devices } } };
}

/** Upstream's fixtures of single validators have no names. */
function named(object: unknown): DraftObject {
  const draft = object as DraftObject;
  return { ...draft, metadata: { ...draft.metadata, name: 'case' } };
}

const ours: Readonly<Record<RecordedCase['inputKind'], (recorded: RecordedCase) => readonly Cause[]>> = {
  VirtualMachineInstanceSpec: ({ input }) => specCauses(completeSpec(input as VirtualMachineInstanceSpec), 'spec'),
  '[]Disk': ({ input }) => {
    const disks = input as NonNullable<VirtualMachineInstanceSpec['domain']['devices']['disks']>;
    const volumes = disks.map(({ name }) => ({ name, persistentVolumeClaim: { claimName: 'disk' } }));
    const causes = specCauses({ domain: { devices: { disks } }, volumes }, 'spec');
    return causes.filter(({ field }) => !field.startsWith('spec.volumes'));
  },
  '[]Volume': ({ input }) => specCauses(completeSpec({ volumes: input as NonNullable<VirtualMachineInstanceSpec['volumes']> }), 'spec'),
  VirtualMachineInstance: ({ input, oldInput }) => {
    const instance = (object: unknown): DraftObject => {
      const draft = named(object);
      return { ...draft, spec: completeSpec(draft['spec'] as VirtualMachineInstanceSpec) };
    };
    const old = oldInput === undefined ? undefined : instance(oldInput);
    return answer(resources.virtualMachineInstances, 'V1VirtualMachineInstance', { object: instance(input), old });
  },
  VirtualMachine: ({ input, oldInput }) => {
    const machine = (object: unknown): DraftObject => {
      const draft = named(object);
      const spec = draft['spec'] as { readonly template: { readonly spec?: VirtualMachineInstanceSpec } };
      return { ...draft, spec: { ...spec, template: { ...spec.template, spec: completeSpec(spec.template.spec) } } };
    };
    const old = oldInput === undefined ? undefined : machine(oldInput);
    return answer(resources.virtualMachines, 'V1VirtualMachine', { object: machine(input), old });
  },
};

/** Where the fragments of single validators stand in a machine; their test paths begin with `fake`. */
const fragmentPaths: Readonly<Partial<Record<RecordedCase['inputKind'], string>>> = {
  '[]Disk': 'spec.domain.devices.disks',
  '[]Volume': 'spec.volumes',
};

function corrected(cause: RecordedCause, recorded: RecordedCase): string {
  const fragment = fragmentPaths[recorded.inputKind];
  const place = (text: string): string =>
    text
      .replaceAll(/\bfake(?=\.domain\.)/g, 'spec')
      .replaceAll(/\bfake\b/g, fragment ?? 'spec')
      .replace(/^disks\[/, 'spec.domain.devices.disks[');
  const fixed = { field: place(cause.field ?? ''), message: place(cause.message ?? '') };
  for (const slip of slips) {
    if (slip.where?.test(fixed.message) !== false) fixed[slip.in] = fixed[slip.in].replace(slip.upstream, slip.ours);
  }
  return `${cause.type ?? ''} | ${fixed.field} | ${fixed.message}`;
}

/** Sorted, each once: upstream says network causes twice. */
function setOf(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)].toSorted();
}

const where = present ? '' : ' (skipped: ../shared/kubevirt/admit-cases.json is not there)';

describe.skipIf(!present)(`rules beside the answers recorded from KubeVirt v1.9.0${where}`, () => {
  const cases = present ? recordedCases() : [];
  const listed = new Map(knownDifferences.flatMap(({ why, cases: ids }) => ids.map((id) => [id, why] as const)));

  const answered = cases.map((recorded) => {
    const want = setOf((recorded.causes ?? []).map((cause) => corrected(cause, recorded)));
    const causes = ours[recorded.inputKind](recorded);
    const got = setOf(causes.map(({ reason, field, message }) => `${reason} | ${field} | ${message}`));
    return { id: recorded.id, name: recorded.name, want, got, causes };
  });

  const agreed = answered.filter(({ want, got }) => want.join('\n') === got.join('\n'));
  test(`${agreed.length} of ${answered.length} cases agree in every cause, the others are listed with the reason`, () => {
    expect(agreed.length + listed.size).toBe(answered.length);
  });

  test('every case that is not listed is answered alike, cause by cause', () => {
    const unlisted = answered.filter(({ id }) => !listed.has(id));
    expect(unlisted.map(({ id, name, got }) => ({ id, name, causes: got }))).toEqual(
      unlisted.map(({ id, name, want }) => ({ id, name, causes: want })),
    );
  });

  test('every listed case exists and is still answered otherwise', () => {
    const differing = new Set(answered.filter(({ want, got }) => want.join('\n') !== got.join('\n')).map(({ id }) => id));
    expect([...listed.keys()].filter((id) => !differing.has(id))).toEqual([]);
  });

  test('every cause says what to do', () => {
    const silent = answered.flatMap(({ causes }) => causes.filter(({ fix }) => fix === undefined));
    expect(silent.map(({ message }) => message)).toEqual([]);
  });

  test('every correction of upstream is needed', () => {
    const recordedTexts = cases.flatMap((recorded) => (recorded.causes ?? []).map((cause) => ({ cause, recorded })));
    const unused = slips.filter(
      (slip) => !recordedTexts.some(({ cause }) => slip.upstream.test((cause[slip.in] ?? '').replaceAll(/\bfake\b/g, 'spec'))),
    );
    expect(unused).toEqual([]);
  });
});
