// Owns label and field selectors: what they match, what they refuse.
import { describe, expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { eventKind } from '../../electron/api/kinds/event.ts';
import { nodeKind } from '../../electron/api/kinds/node.ts';
import { virtualMachineInstanceKind } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { KubeObject } from '../../electron/api/object.ts';
import { fieldSelector, labelSelector } from '../../electron/server/selectors.ts';

const labels = { app: 'web', tier: 'front', 'app.kubernetes.io/name': 'shop', rank: '7', empty: '' };

const labelRows: readonly (readonly [selector: string, matches: boolean])[] = [
  ['', true],
  ['  ', true],
  ['app', true],
  ['!app', false],
  ['nope', false],
  ['!nope', true],
  ['! nope', true],
  ['app=web', true],
  ['app==web', true],
  ['app = web', true],
  ['app=other', false],
  ['app!=other', true],
  ['app!=web', false],
  ['nope!=web', true],
  ['nope=', false],
  ['empty=', true],
  ['empty', true],
  ['app in (web,api)', true],
  ['app in ( api , web )', true],
  ['app in(web)', true],
  ['app in (api)', false],
  ['nope in (api)', false],
  ['app notin (api)', true],
  ['app notin (web,api)', false],
  ['nope notin (web)', true],
  ['empty in ()', true],
  ['app.kubernetes.io/name=shop', true],
  ['rank>6', true],
  ['rank>7', false],
  ['rank<8', true],
  ['app>1', false],
  ['nope<1', false],
  ['app=web,tier=front', true],
  ['app=web,tier=back', false],
  ['app in (web,api),tier notin (back),!nope', true],
  ['toString', false],
];

describe('label selectors', () => {
  test.each(labelRows)('%s → %s', (selector, matches) => {
    expect(labelSelector(selector)(labels)).toBe(matches);
  });

  const badRows: readonly (readonly [selector: string, message: string])[] = [
    ['app=web,', 'unable to parse requirement: ""'],
    [',', 'unable to parse requirement: ""'],
    ['app in web', 'unable to parse requirement: "app in web"'],
    ['app in (web', 'unable to parse requirement: "app in (web"'],
    ['app===web', 'unable to parse requirement: "app===web"'],
    ['=web', 'unable to parse requirement: "=web"'],
    ['app=a b', 'unable to parse requirement: "app=a b"'],
    ['-app=web', '"-app" is not a label key'],
    ['a/b/c=web', '"a/b/c" is not a label key'],
    ['A.B/c=web', '"A.B/c" is not a label key'],
    [`${'x'.repeat(64)}=web`, `"${'x'.repeat(64)}" is not a label key`],
    ['app=-web', '"-web" is not a label value'],
    ['app in (a!)', '"a!" is not a label value'],
    ['rank>many', `for 'Gt', 'Lt' operators, the value must be an integer`],
  ];
  test.each(badRows)('%s is refused', (selector, message) => {
    const refused = refusalOf(() => labelSelector(selector));
    expect(refused).toMatchObject({ code: 'BadRequest', message, causes: [{ field: 'labelSelector', message }] });
  });

  test('a long selector is read in linear time', () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `key${index}!=value`).join(',');
    expect(labelSelector(long)(labels)).toBe(true);
  });
});

const vmi: KubeObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name: 'web', namespace: 'default', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z' },
  status: { phase: 'Running' },
};

describe('field selectors', () => {
  const rows: readonly (readonly [selector: string, matches: boolean])[] = [
    ['', true],
    ['metadata.name=web', true],
    ['metadata.name==web', true],
    ['metadata.name!=web', false],
    ['metadata.namespace=default,status.phase=Running', true],
    ['status.phase!=Running', false],
    ['status.nodeName=', true],
    ['status.nodeName=here', false],
    ['metadata.name=a\\,b', false],
  ];
  test.each(rows)('%s → %s', (selector, matches) => {
    expect(fieldSelector(virtualMachineInstanceKind, selector)(vmi)).toBe(matches);
  });

  test('escapes stand for themselves', () => {
    const odd = { ...vmi, metadata: { ...vmi.metadata, name: 'a,b=c\\d' } };
    expect(fieldSelector(virtualMachineInstanceKind, 'metadata.name=a\\,b\\=c\\\\d,status.phase=Running')(odd)).toBe(true);
  });

  test('events are found by what they are about', () => {
    const event = { ...vmi, involvedObject: { kind: 'VirtualMachine', name: 'web' } } as KubeObject;
    const match = fieldSelector(eventKind, 'involvedObject.kind=VirtualMachine,involvedObject.name=web,involvedObject.uid=');
    expect(match(event)).toBe(true);
  });

  test('a node that says nothing can be scheduled', () => {
    expect(fieldSelector(nodeKind, 'spec.unschedulable=false')(vmi)).toBe(true);
    expect(fieldSelector(nodeKind, 'spec.unschedulable=false')({ ...vmi, spec: { unschedulable: true } })).toBe(false);
  });

  const badRows: readonly (readonly [selector: string, message: string])[] = [
    ['spec.running=true', 'field label not supported: spec.running'],
    ['metadata.name', 'invalid selector: "metadata.name"'],
    ['metadata.name=a=b', 'invalid selector: "metadata.name=a=b"'],
    ['=a', 'invalid selector: "=a"'],
  ];
  test.each(badRows)('%s is refused', (selector, message) => {
    const refused = refusalOf(() => fieldSelector(virtualMachineInstanceKind, selector));
    expect(refused).toMatchObject({ code: 'BadRequest', message, causes: [{ field: 'fieldSelector', message }] });
  });
});

function refusalOf(work: () => unknown): AppError | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  return undefined;
}
