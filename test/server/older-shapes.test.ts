// Owns the table of fields that are read from beside their place, and of those that are not.
// Must not repeat the chapter; its own test posts it whole.
import { describe, expect, test } from 'vitest';
import { networkAttachmentDefinitionKind } from '../../electron/api/kinds/network-attachment-definition.ts';
import { virtualMachineInstanceKind } from '../../electron/api/kinds/virtual-machine-instance.ts';
import { virtualMachineKind } from '../../electron/api/kinds/virtual-machine.ts';
import type { JsonObject } from '../../electron/api/object.ts';
import { inItsPlace } from '../../electron/server/older-shapes.ts';

const whole = { partial: false };

describe('fields beside their place', () => {
  test.each<[string, JsonObject, JsonObject, number]>([
    [
      'nothing to read',
      { spec: { template: { spec: { domain: { devices: {} } } } } },
      { spec: { template: { spec: { domain: { devices: {} } } } } },
      0,
    ],
    [
      'a placement beside the template',
      { spec: { affinity: { nodeAffinity: {} }, running: false } },
      { spec: { running: false, template: { spec: { affinity: { nodeAffinity: {} }, domain: { devices: {} } } } } },
      1,
    ],
    [
      'amounts in the template, with the domain beside it',
      { spec: { domain: { cpu: { cores: 2 } }, template: { memory: { guest: '1Gi' } } } },
      { spec: { template: { spec: { domain: { cpu: { cores: 2 }, memory: { guest: '1Gi' }, devices: {} } } } } },
      2,
    ],
    [
      'two answers are left for their author',
      { spec: { tolerations: [], template: { spec: { tolerations: [], domain: { devices: {} } } } } },
      { spec: { tolerations: [], template: { spec: { tolerations: [], domain: { devices: {} } } } } },
      0,
    ],
    [
      'what fits nowhere stays where it is',
      { spec: { affinities: {}, template: { spec: { domain: { devices: {} } } } } },
      { spec: { affinities: {}, template: { spec: { domain: { devices: {} } } } } },
      0,
    ],
    ['a template that is none', { spec: { template: 'text' } }, { spec: { template: 'text' } }, 0],
  ])('%s', (...[, given, want, warnings]) => {
    const read = inItsPlace(virtualMachineKind, given, whole);
    expect(read.value).toEqual(want);
    expect(read.warnings).toHaveLength(warnings);
  });

  test('in a part of an object nothing is added, and what is taken away is taken away where it is', () => {
    const patch = { spec: { affinity: null, template: { memory: { guest: '1Gi' } } } };
    expect(inItsPlace(virtualMachineKind, patch, { partial: true }).value).toEqual({
      spec: { template: { spec: { affinity: null, domain: { memory: { guest: '1Gi' } } } } },
    });
  });

  test.each([
    ['kubevirt.io/v1alpha3', 'kubevirt.io/v1', 1],
    ['kubevirt/v1alpha3', 'kubevirt.io/v1', 1],
    ['kubevirt.io/v1', 'kubevirt.io/v1', 0],
    ['apps/v1', 'apps/v1', 0],
  ])('%s is read as %s', (apiVersion, want, warnings) => {
    const read = inItsPlace(virtualMachineInstanceKind, { apiVersion }, whole);
    expect([read.value['apiVersion'], read.warnings.length]).toEqual([want, warnings]);
  });

  test('a part that is applied gets nothing that it does not have', () => {
    const part = { apiVersion: 'kubevirt.io/v1', spec: { template: { spec: { hostname: 'web' } } } };
    expect(inItsPlace(virtualMachineKind, part, { partial: true })).toEqual({ value: part, warnings: [] });
  });

  test('other kinds are left alone', () => {
    const other = { spec: { domain: {} } };
    expect(inItsPlace(networkAttachmentDefinitionKind, other, whole)).toEqual({ value: other, warnings: [] });
  });
});
