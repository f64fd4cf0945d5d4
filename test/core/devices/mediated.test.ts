// Owns the table of mediated devices: wanted, there, in use → made, removed, and why not; and what may be wanted at all.
// Must not make any.
import { describe, expect, test } from 'vitest';
import type { MdevDevice, MdevParent } from '../../../electron/api/host-devices.ts';
import type { MediatedDevicesConfiguration } from '../../../electron/api/kinds/hyper-converged.ts';
import { resources } from '../../../electron/api/resources.ts';
import { type MediatedFacts, mediatedPlan } from '../../../electron/core/devices/mediated.ts';
import { validate } from '../../../electron/core/validate/validate.ts';

const names: Readonly<Record<string, string>> = { 'nvidia-222': 'GRID T4-1B', 'nvidia-231': 'GRID T4-2Q' };

/** `{'nvidia-222': 2}`: how many more of each there is room for. */
function card(name: string, room: Readonly<Record<string, number>>, numaNode = 0): MdevParent {
  const types = Object.entries(room).map(([id, availableInstances]) => ({ id, name: names[id] ?? id, availableInstances }));
  return { name, numaNode, types };
}

/** `card type` of it. */
function mdev(uuid: string, of: string, more: Partial<MdevDevice> = {}): MdevDevice {
  const [parent = '', typeId = ''] = of.split(' ');
  return { uuid, parent, typeId, typeName: names[typeId] ?? typeId, isOurs: true, ...more };
}

interface Case {
  readonly name: string;
  readonly wanted?: MediatedDevicesConfiguration;
  readonly parents: readonly MdevParent[];
  readonly mdevs?: readonly MdevDevice[];
  readonly held?: readonly string[];
  readonly external?: string;
  /** `card type`, in order. */
  readonly make?: readonly string[];
  readonly remove?: readonly string[];
  /** `reason field`. */
  readonly causes?: readonly string[];
}

const field = 'spec.mediatedDevicesConfiguration';
const both = { 'nvidia-222': 2, 'nvidia-231': 1 };
const types = (...mediatedDeviceTypes: readonly string[]): MediatedDevicesConfiguration => ({ mediatedDeviceTypes });

const cases: readonly Case[] = [
  { name: 'nothing wanted, nothing there', parents: [card('a', both)] },
  { name: 'as many as there is room for', wanted: types('nvidia-222'), parents: [card('a', both)], make: ['a nvidia-222', 'a nvidia-222'] },
  { name: 'by its name', wanted: types('GRID T4-2Q'), parents: [card('a', both)], make: ['a nvidia-231'] },
  { name: 'by its name with underscores', wanted: types('GRID_T4-2Q'), parents: [card('a', both)], make: ['a nvidia-231'] },
  { name: 'by the older field', wanted: { mediatedDevicesTypes: ['nvidia-231'] }, parents: [card('a', both)], make: ['a nvidia-231'] },
  {
    name: 'types in turn over the cards, one a card',
    wanted: types('nvidia-231', 'nvidia-222'),
    parents: [card('a', both), card('b', both), card('c', both)],
    make: ['a nvidia-231', 'b nvidia-222', 'b nvidia-222', 'c nvidia-231'],
  },
  {
    name: 'a card that makes one of them alone leaves the other to the next',
    wanted: types('nvidia-222', 'nvidia-231'),
    parents: [card('a', { 'nvidia-231': 1 }), card('b', both)],
    make: ['a nvidia-231', 'b nvidia-222', 'b nvidia-222'],
  },
  {
    name: 'a card keeps to what it has of a wanted type, and gets the rest',
    wanted: types('nvidia-222', 'nvidia-231'),
    parents: [card('a', { 'nvidia-222': 0, 'nvidia-231': 3 }), card('b', both)],
    mdevs: [mdev('1', 'a nvidia-231')],
    make: ['a nvidia-231', 'a nvidia-231', 'a nvidia-231', 'b nvidia-222', 'b nvidia-222'],
  },
  {
    name: 'all is there',
    wanted: types('nvidia-231'),
    parents: [card('a', { 'nvidia-222': 0, 'nvidia-231': 0 })],
    mdevs: [mdev('1', 'a nvidia-231')],
  },
  {
    name: 'wanted no more: ours go, the others stay',
    parents: [card('a', both)],
    mdevs: [mdev('1', 'a nvidia-222'), mdev('2', 'a nvidia-222', { isOurs: false })],
    remove: ['1'],
  },
  {
    name: 'another type: what goes makes room first',
    wanted: types('nvidia-222'),
    parents: [card('a', { 'nvidia-222': 0, 'nvidia-231': 0 })],
    mdevs: [mdev('1', 'a nvidia-231'), mdev('2', 'a nvidia-231')],
    remove: ['1', '2'],
  },
  {
    name: 'one that a machine has waits for it, and so does the other type',
    wanted: types('nvidia-222'),
    parents: [card('a', { 'nvidia-222': 1, 'nvidia-231': 0 })],
    mdevs: [mdev('1', 'a nvidia-231'), mdev('2', 'a nvidia-231')],
    held: ['1'],
    remove: ['2'],
    causes: [`HostDeviceInUse ${field}`],
  },
  {
    name: 'one whose making was ended in the middle is made anew',
    wanted: types('nvidia-231'),
    parents: [card('a', both)],
    mdevs: [mdev('1', 'a nvidia-231', { vfioAccess: false })],
    remove: ['1'],
  },
  {
    name: 'what another device plugin hands out is left alone',
    parents: [card('a', both)],
    mdevs: [mdev('1', 'a nvidia-231')],
    external: 'GRID T4-2Q',
  },
  {
    name: "somebody else's card",
    wanted: types('nvidia-222'),
    parents: [card('a', both)],
    mdevs: [mdev('1', 'a nvidia-231', { isOurs: false })],
    causes: [`MediatedParentTaken ${field}`],
  },
  {
    name: 'no such type',
    wanted: types('nvidia-9', 'nvidia-231'),
    parents: [card('a', both)],
    make: ['a nvidia-231'],
    causes: [`MediatedTypeMissing ${field}.mediatedDeviceTypes[0]`],
  },
  {
    name: 'two types and one card',
    wanted: types('nvidia-222', 'nvidia-231'),
    parents: [card('a', both)],
    make: ['a nvidia-222', 'a nvidia-222'],
    causes: [`MediatedTypeShort ${field}.mediatedDeviceTypes[1]`],
  },
  {
    name: 'a list for the Node of a card in place of the list for all',
    wanted: { ...types('nvidia-222'), nodeMediatedDeviceTypes: [{ nodeSelector: { node: '1' }, mediatedDeviceTypes: ['nvidia-231'] }] },
    parents: [card('a', both), card('b', both, 1)],
    make: ['a nvidia-222', 'a nvidia-222', 'b nvidia-231'],
  },
  {
    name: 'lists that both match count together',
    wanted: {
      nodeMediatedDeviceTypes: [
        { nodeSelector: { node: '1' }, mediatedDeviceTypes: ['nvidia-231'] },
        { nodeSelector: {}, mediatedDevicesTypes: ['nvidia-222'] },
      ],
    },
    parents: [card('a', both), card('b', both, 1)],
    make: ['a nvidia-222', 'a nvidia-222', 'b nvidia-231'],
  },
  {
    name: 'switched off: nothing is made or removed',
    wanted: { ...types('nvidia-222'), enabled: false },
    parents: [card('a', both), card('b', both)],
    mdevs: [mdev('1', 'a nvidia-231')],
  },
];

function factsOf({ parents, mdevs = [], held = [], external }: Case): MediatedFacts {
  const provided = external === undefined ? [] : [{ mdevNameSelector: external, resourceName: 'x.io/x', externalResourceProvider: true }];
  return {
    parents,
    mdevs,
    held: new Map(held.map((uuid) => [uuid, 'default/web'])),
    permitted: { mediatedDevices: provided },
    labelsOf: ({ numaNode }) => ({ node: String(numaNode) }),
  };
}

describe('what is made and removed', () => {
  test.each(cases)('$name', (one) => {
    const { make, remove, causes } = mediatedPlan(one.wanted, factsOf(one));
    expect(make.map(({ parent, typeId }) => `${parent} ${typeId}`)).toEqual(one.make ?? []);
    expect(remove).toEqual(one.remove ?? []);
    expect(causes.map((cause) => `${cause.reason} ${cause.field}`)).toEqual(one.causes ?? []);
  });

  test('who holds one is said, with the button that stops it', () => {
    const { causes } = mediatedPlan(
      undefined,
      factsOf({ name: '', parents: [card('a', both)], mdevs: [mdev('1', 'a nvidia-231')], held: ['1'] }),
    );
    expect(causes).toEqual([
      {
        reason: 'HostDeviceInUse',
        field,
        message: 'The mediated device 1 (nvidia-231) is in use by the machine default/web, and goes when that stops.',
        fix: 'Stop that machine.',
        actions: [{ type: 'StopMachine', namespace: 'default', name: 'web' }],
      },
    ]);
  });
});

describe('what may be wanted', () => {
  const fieldsOf = (mediatedDevicesConfiguration: object): readonly string[] =>
    validate(resources.hyperConvergeds, {
      apiVersion: 'hco.kubevirt.io/v1beta1',
      kind: 'HyperConverged',
      metadata: { namespace: 'openshift-cnv', name: 'kubevirt-hyperconverged' },
      spec: { mediatedDevicesConfiguration },
    }).map((cause) => cause.field.replace(`${field}.`, ''));

  test.each([
    { wanted: types('nvidia-222', 'i915-GVTg_V5_4', 'GRID T4-2Q'), fields: [] },
    { wanted: types('nvidia-222', 'nvidia-222'), fields: ['mediatedDeviceTypes[1]'] },
    { wanted: types('', '../x'), fields: ['mediatedDeviceTypes[0]', 'mediatedDeviceTypes[1]'] },
    { wanted: { mediatedDeviceTypes: ['a'], mediatedDevicesTypes: ['a'] }, fields: [] },
    { wanted: { mediatedDeviceTypes: ['a'], mediatedDevicesTypes: ['b'] }, fields: ['mediatedDevicesTypes'] },
    {
      wanted: { nodeMediatedDeviceTypes: [{ nodeSelector: {}, mediatedDeviceTypes: ['x/y'] }] },
      fields: ['nodeMediatedDeviceTypes[0].mediatedDeviceTypes[0]'],
    },
  ])('$wanted: $fields', ({ wanted, fields }) => {
    expect(fieldsOf(wanted)).toEqual(fields);
  });
});
