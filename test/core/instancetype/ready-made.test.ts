// Owns the proof that every ready-made instance type and preference is a good object, and that each makes a machine that is accepted.
// Must not test how they are planted; the engine's tests do.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { InstancetypeSpec } from '../../../electron/api/kinds/instancetype.ts';
import { resourceId } from '../../../electron/api/kinds/kind.ts';
import type { PreferenceSpec } from '../../../electron/api/kinds/preference.ts';
import { kindNamed } from '../../../electron/api/kinds/registry.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { decode, type Schemas } from '../../../electron/api/schema.ts';
import { defaulted } from '../../../electron/core/defaults/defaults.ts';
import { templateAsRun } from '../../../electron/core/defaults/virtual-machine-instance.ts';
import { applied, applyCauses } from '../../../electron/core/instancetype/apply.ts';
import { type ReadyMadeTable, readyMade } from '../../../electron/core/instancetype/ready-made.ts';
import { requirementCauses } from '../../../electron/core/instancetype/requirements.ts';
import { specCauses } from '../../../electron/core/validate/machine/spec-rules.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../resources/${path}`, import.meta.url), 'utf8'));
const schemas = read('generated/schemas.json') as Schemas;
const drafts = readyMade(read('instancetypes.json') as ReadyMadeTable);
const ofKind = (kind: string): readonly DraftObject[] => drafts.filter((draft) => draft.kind === kind);
const types = ofKind('VirtualMachineClusterInstancetype');
const preferences = ofKind('VirtualMachineClusterPreference');

describe.each(drafts.map((draft) => [draft.metadata.name ?? '', draft] as const))('%s', (_, draft) => {
  test('is accepted, and has its defaults already', () => {
    const kind = kindNamed(draft.apiVersion, draft.kind);
    expect(decode(schemas, kind?.schema ?? '', draft)).toEqual([]);
    const resource = kind === undefined ? '' : resourceId(kind);
    const complete = defaulted(resource, draft, { uuid: 'u', architecture: 'amd64' });
    expect(validate(resource, complete)).toEqual([]);
    expect(complete).toEqual(draft);
  });
});

test('names are taken once', () => {
  expect(new Set(drafts.map(({ metadata }) => metadata.name)).size).toBe(drafts.length);
});

test('sizes say in their labels what they are', () => {
  const labels = (draft: DraftObject): unknown => [
    draft.metadata.labels?.['instancetype.kubevirt.io/cpu'],
    draft.metadata.labels?.['instancetype.kubevirt.io/memory'],
  ];
  const amounts = ({ spec }: DraftObject): unknown => {
    const { cpu, memory } = spec as InstancetypeSpec;
    return [String(cpu.guest), memory.guest];
  };
  expect(types.map(labels)).toEqual(types.map(amounts));
});

describe.each(preferences.map((draft) => [draft.metadata.name ?? '', draft['spec'] as PreferenceSpec] as const))(
  'a machine for %s',
  (_, preference) => {
    test('is accepted with every instance type that is large enough', () => {
      const spec = {
        domain: { devices: { disks: [{ name: 'root' }, { name: 'cd', cdrom: {} }], interfaces: [{ name: 'default', masquerade: {} }] } },
        networks: [{ name: 'default', pod: {} }],
        volumes: [
          { name: 'root', emptyDisk: { capacity: '1Gi' } },
          { name: 'cd', emptyDisk: { capacity: '1Gi' } },
        ],
      };
      const machine = { spec, annotations: {} };
      const fitting = types.filter(
        (draft) => requirementCauses(spec, { instancetype: draft['spec'] as InstancetypeSpec, preference }).length === 0,
      );
      expect(fitting.length).toBeGreaterThan(0);
      for (const draft of fitting) {
        const choice = { instancetype: draft['spec'] as InstancetypeSpec, preference };
        expect(applyCauses(machine, choice, 'spec')).toEqual([]);
        expect([draft.metadata.name, specCauses(templateAsRun(applied(machine, choice).spec), 'spec')]).toEqual([draft.metadata.name, []]);
      }
    });
  },
);
