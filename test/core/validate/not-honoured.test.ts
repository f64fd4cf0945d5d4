// Owns the proof that what has no effect here is named, and nothing else is.
// Must not say what each device does; the golden commands do.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { type JsonSchema, resolveRef, type Schemas } from '../../../electron/api/schema.ts';
import {
  honouredFields,
  honouredMachineFields,
  machineReasons,
  reasonsNotHonoured,
} from '../../../electron/core/validate/honoured-fields.ts';
import { machineNotHonoured, notHonoured } from '../../../electron/core/validate/not-honoured.ts';

const none = 'Has no effect on this computer; it is kept in the definition.';

describe('a template', () => {
  test.each<[string, object, readonly (readonly [string, string])[]]>([
    ['what is done', { domain: { devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }], rng: {} }, cpu: { cores: 2 } } }, []],
    [
      'everything below is told once, where it begins',
      { domain: { devices: {}, launchSecurity: { sev: { policy: { encryptedState: true } } } } },
      [['spec.domain.launchSecurity', none]],
    ],
    [
      'each item by its number',
      {
        domain: {
          devices: {
            interfaces: [
              { name: 'a', masquerade: {} },
              { name: 'b', bridge: {}, tag: 'x' },
            ],
          },
        },
      },
      [['spec.domain.devices.interfaces[1].tag', none]],
    ],
    [
      'what is switched off needs nobody',
      { domain: { devices: { autoattachVSOCK: false, tpm: { enabled: false } }, cpu: { dedicatedCpuPlacement: false } } },
      [],
    ],
    ['what is switched on does', { domain: { devices: { autoattachVSOCK: true } } }, [['spec.domain.devices.autoattachVSOCK', none]]],
    [
      'the value that changes nothing',
      { evictionStrategy: 'None', domain: { devices: { disks: [{ name: 'cd', cdrom: { tray: 'closed' } }] } } },
      [],
    ],
    [
      'the value that would',
      { evictionStrategy: 'LiveMigrate', domain: { devices: { disks: [{ name: 'cd', cdrom: { tray: 'open' } }] } } },
      [
        ['spec.evictionStrategy', 'This computer is one node: a machine cannot move to another.'],
        ['spec.domain.devices.disks[0].cdrom.tray', none],
      ],
    ],
    [
      'a map by its key',
      { domain: { devices: {}, resources: { requests: { memory: '1Gi', 'ephemeral-storage': '1Gi' }, limits: { cpu: '1' } } } },
      [['spec.domain.resources.requests.ephemeral-storage', none]],
    ],
    ['names that objects inherit', { constructor: {}, domain: { devices: {} } }, [['spec.constructor', none]]],
    ['nothing at all', { domain: { devices: { disks: [] } }, volumes: undefined, hostname: null }, []],
  ])('%s', (_, spec, want) => {
    expect(notHonoured(spec as VirtualMachineInstanceSpec, 'spec')).toEqual(
      want.map(([field, message]) => ({ reason: 'NotHonoured', field, message })),
    );
  });
});

test('a machine, beside its template', () => {
  const spec = {
    runStrategy: 'Always',
    dataVolumeTemplates: [],
    instancetype: { name: 'u1.small' },
    updateVolumesStrategy: 'Replacement',
    template: { spec: { domain: { devices: {} }, schedulerName: 'mine' } },
  };
  expect(machineNotHonoured(spec)).toEqual([
    { reason: 'NotHonoured', field: 'spec.updateVolumesStrategy', message: 'Volumes are replaced at the next start.' },
    { reason: 'NotHonoured', field: 'spec.template.spec.schedulerName', message: 'There is one scheduler here.' },
  ]);
});

describe('the tables', () => {
  const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;

  /** Whether the definition has such a path. */
  function exists(definition: string, pattern: string): boolean {
    let schema: JsonSchema = { $ref: `#/definitions/${definition}` };
    for (const step of pattern.replace(/=.*$/, '').split('.')) {
      if (step === '**') return true;
      const shape = resolveRef(schemas, schema);
      const name = step.replace('[]', '');
      const next = shape.properties?.[name] ?? (typeof shape.additionalProperties === 'object' ? shape.additionalProperties : undefined);
      if (next === undefined) return false;
      schema = step.endsWith('[]') ? (resolveRef(schemas, next).items ?? {}) : next;
    }
    return true;
  }

  test('every path that is listed is one of KubeVirt', () => {
    const paths = [...honouredFields, ...Object.keys(reasonsNotHonoured)];
    expect(paths.filter((path) => !exists('V1VirtualMachineInstanceSpec', path))).toEqual([]);
    expect([...honouredMachineFields, ...machineReasons.keys()].filter((path) => !exists('V1VirtualMachineSpec', path))).toEqual([]);
  });

  test('no path is listed twice, and none both ways', () => {
    expect(honouredFields.filter((path, index) => honouredFields.indexOf(path) !== index)).toEqual([]);
    expect(Object.keys(reasonsNotHonoured).filter((path) => honouredFields.includes(path))).toEqual([]);
  });
});
