// Owns the proof that no manifest of the right shape throws in the core, however odd: its shape is drawn from the schemas themselves.
// Must not say which of them are refused.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { lifecycle, machineState } from '../../../electron/api/lifecycle.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { resources } from '../../../electron/api/resources.ts';
import { decode, type JsonSchema, resolveRef, type Schemas } from '../../../electron/api/schema.ts';
import { machineVerbs } from '../../../electron/api/verbs.ts';
import { defaulted } from '../../../electron/core/defaults/defaults.ts';
import { vmStep } from '../../../electron/core/reconcile/vm-step.ts';
import { vmStatus } from '../../../electron/core/status/vm-status.ts';
import { vmiStatusAfter } from '../../../electron/core/status/vmi-status.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;

/** Words that rules look for, beside any text. */
const text = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'root',
    'default',
    'virtio',
    'sata',
    'q35',
    'Always',
    'In',
    'require',
    'qcow2',
    '02:00:00:00:00:01',
    '1Gi',
    '-1',
    '2Mi',
    'http://x/y',
    '/',
    '/a/../b',
    '[{"host":1}]',
    'sha256:00',
    'constructor',
    '__proto__',
  ),
  fc.string({ maxLength: 12 }),
);
const amount = fc.oneof(fc.constantFrom<string | number>('1Gi', '512Mi', '0', '-1', '1500m', '1e3', 2, 0.5), fc.nat());
const anyNumber = fc.oneof(fc.constantFrom(0, 1, 2, -1, 512, 65_536), fc.integer());

/** Values of a schema's shape; below `depth` levels only what is required. */
function valuesOf(schema: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const shape = resolveRef(schemas, schema);
  if (shape['x-virtdeck-quantity'] === true) return amount;
  if (shape['x-kubernetes-int-or-string'] === true) return fc.oneof(anyNumber, text);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  switch (shape.type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return anyNumber;
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(valuesOf(shape.items ?? {}, depth - 1), { maxLength: depth > 0 ? 2 : 0 });
    case 'object':
    case undefined:
      return objectsOf(shape, depth);
  }
}

function objectsOf(shape: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const required = shape.required ?? [];
  const properties = Object.entries(shape.properties ?? {}).filter(([name]) => depth > 0 || required.includes(name));
  const named = fc.record(Object.fromEntries(properties.map(([name, property]) => [name, valuesOf(property, depth - 1)])), {
    requiredKeys: required.filter((name) => properties.some(([known]) => known === name)),
  });
  const { additionalProperties: more } = shape;
  if (typeof more !== 'object') return named;
  const others = fc.dictionary(
    fc.oneof(fc.constantFrom('memory', 'cpu', 'storage', 'virtdeck.io/port-forwards'), text),
    valuesOf(more, depth - 1),
    { maxKeys: 2 },
  );
  return fc.tuple(others, named).map(([extra, own]) => ({ ...extra, ...own }));
}

/** Deep enough for every branch of a machine to be reached now and then. */
const depth = 9;

const subjects = [
  { resource: resources.virtualMachines, kind: 'VirtualMachine', definition: 'V1VirtualMachine' },
  { resource: resources.virtualMachineInstances, kind: 'VirtualMachineInstance', definition: 'V1VirtualMachineInstance' },
  { resource: resources.dataVolumes, kind: 'DataVolume', definition: 'V1beta1DataVolume' },
  { resource: resources.persistentVolumeClaims, kind: 'PersistentVolumeClaim', definition: 'IoK8sApiCoreV1PersistentVolumeClaim' },
  { resource: resources.secrets, kind: 'Secret', definition: 'IoK8sApiCoreV1Secret' },
  { resource: resources.configMaps, kind: 'ConfigMap', definition: 'IoK8sApiCoreV1ConfigMap' },
  { resource: resources.networkAttachmentDefinitions, kind: 'NetworkAttachmentDefinition', definition: 'NetworkAttachmentDefinition' },
  { resource: resources.namespaces, kind: 'Namespace', definition: 'IoK8sApiCoreV1Namespace' },
] as const;

function body({ definition }: (typeof subjects)[number]): fc.Arbitrary<object> {
  const { properties = {}, required = [] } = resolveRef(schemas, { $ref: `#/definitions/${definition}` });
  const parts = Object.entries(properties).filter(([name]) => !['apiVersion', 'kind', 'metadata', 'status'].includes(name));
  return fc.record(Object.fromEntries(parts.map(([name, schema]) => [name, valuesOf(schema, depth)])), {
    requiredKeys: required.filter((name) => parts.some(([known]) => known === name)),
  });
}

const metadata = fc.record(
  {
    name: text,
    generateName: text,
    labels: fc.dictionary(text, text, { maxKeys: 2 }),
    annotations: fc.dictionary(
      fc.oneof(fc.constantFrom('virtdeck.io/port-forwards', 'virtdeck.io/disk-format', 'virtdeck.io/checksum'), text),
      text,
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: [] },
);

const times = { seconds: 20_000, runs: 400 };

test.each(subjects)('$kind', { timeout: times.seconds }, (subject) => {
  fc.assert(
    fc.property(metadata, body(subject), body(subject), (meta, given, before) => {
      const draft: DraftObject = { apiVersion: 'v1', kind: subject.kind, metadata: meta, ...given };
      const old: DraftObject = { ...draft, ...before };
      fc.pre(decode(schemas, subject.definition, draft).length === 0);
      const complete = defaulted(subject.resource, draft, { uuid: '11111111-2222-4333-8444-555555555555', architecture: 'amd64' });
      const causes = [...validate(subject.resource, complete), ...validate(subject.resource, complete, old)];
      expect(causes.filter(({ field, message, reason }) => message === '' || reason === '' || typeof field !== 'string')).toEqual([]);
      if (subject.kind === 'VirtualMachine') decided(complete);
      if (subject.kind === 'VirtualMachineInstance') told(complete);
    }),
    { numRuns: times.runs },
  );
});

const stored = { name: 'web', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-05-01T10:00:00Z' };

function decided(draft: DraftObject): void {
  const vm = { ...draft, metadata: { ...stored, ...draft.metadata } } as VirtualMachine;
  const status = vmStatus(vm, {}, 0);
  vmStep({ ...vm, status }, undefined, 0);
  for (const verb of machineVerbs) lifecycle(verb, machineState(vm, undefined));
}

function told(draft: DraftObject): void {
  const vmi = { ...draft, metadata: { ...stored, ...draft.metadata } } as VirtualMachineInstance;
  const { status: _status, ...fresh } = vmi;
  vmiStatusAfter(fresh, { type: 'Created' }, 0);
  vmiStatusAfter(fresh, { type: 'Started', node: 'desk', paused: false, accelerator: 'tcg' }, 0);
}
