// Owns which changes of USB devices reach a running machine.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { usbWork, withUsbOf } from '../../../electron/core/reconcile/usb-sync.ts';

type Entries = NonNullable<VirtualMachineInstance['spec']['domain']['devices']['hostDevices']>;

const names = new Set(['acme.com/key', 'acme.com/stick']);
const key = { name: 'key', deviceName: 'acme.com/key' };
const stick = { name: 'stick', deviceName: 'acme.com/stick' };
const card = { name: 'card', deviceName: 'nvidia.com/t4' };
const keyHeld = { key: ['1-2', 'usb 1-2'] };

interface Run {
  readonly entries: Entries;
  readonly held?: Readonly<Record<string, readonly string[]>>;
  readonly options?: string;
  readonly headless?: boolean;
}

function run({ entries, held = {}, options, headless = false }: Run): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '',
      annotations: {
        [annotations.hostDevices]: JSON.stringify(held),
        ...(options === undefined ? {} : { [annotations.hostDeviceOptions]: options }),
      },
    },
    spec: {
      domain: {
        devices: {
          ...(headless ? { autoattachGraphicsDevice: false } : {}),
          ...(entries.length === 0 ? {} : { hostDevices: [...entries] }),
        },
      },
    },
  };
}

interface Row {
  readonly what: string;
  readonly has: Run;
  readonly wanted: Entries;
  readonly becomes: Entries;
}

const rows: readonly Row[] = [
  { what: 'nothing new', has: { entries: [card, key], held: keyHeld }, wanted: [card, key], becomes: [card, key] },
  { what: 'one comes, in the order of the definition', has: { entries: [card] }, wanted: [key, card], becomes: [key, card] },
  { what: 'one goes', has: { entries: [card, key], held: keyHeld }, wanted: [card], becomes: [card] },
  { what: 'the last one goes', has: { entries: [key], held: keyHeld }, wanted: [], becomes: [] },
  { what: 'a card on PCI neither comes nor goes', has: { entries: [card] }, wanted: [{ ...card, name: 'other' }], becomes: [card] },
  {
    what: 'one that is held goes although its name was taken off the list',
    has: { entries: [{ ...key, deviceName: 'gone.com/key' }], held: keyHeld },
    wanted: [],
    becomes: [],
  },
  {
    what: 'another device behind a name waits until the first has gone',
    has: { entries: [key], held: keyHeld },
    wanted: [{ ...key, deviceName: stick.deviceName }],
    becomes: [],
  },
  { what: 'one that is still being taken out does not come back yet', has: { entries: [], held: keyHeld }, wanted: [key], becomes: [] },
  { what: 'without a controller none comes', has: { entries: [], headless: true }, wanted: [key], becomes: [] },
  {
    what: 'beside one that is there, there is a controller',
    has: { entries: [key], held: keyHeld, headless: true },
    wanted: [key, stick],
    becomes: [key, stick],
  },
];

describe('withUsbOf', () => {
  test.each(rows)('$what', ({ has, wanted, becomes }) => {
    const before = run(has);
    const after = withUsbOf(before, run({ entries: wanted }), names);
    expect(after.spec.domain.devices.hostDevices ?? []).toEqual(becomes);
    if (JSON.stringify(becomes) === JSON.stringify(has.entries)) expect(after).toBe(before);
  });

  test('its options come along, and those of others stay as the run has them', () => {
    const before = run({ entries: [card], options: '{"card":{"romBar":false}}' });
    const wanted = run({ entries: [card, key], options: '{"card":{"romBar":true},"key":{"address":"1-2"}}' });
    const text = withUsbOf(before, wanted, names).metadata.annotations?.[annotations.hostDeviceOptions] ?? '';
    expect(JSON.parse(text)).toEqual({ card: { romBar: false }, key: { address: '1-2' } });
  });
});

test('what is to be done: plug what has no device yet, unplug what is not asked for any more', () => {
  const vmi = run({ entries: [card, stick], held: { ...keyHeld, card: ['0000:01:00.0'] } });
  expect(usbWork(vmi, names)).toEqual({ plug: [stick], unplug: [{ name: 'key', ports: ['1-2'] }] });
  expect(usbWork(run({ entries: [card, key], held: keyHeld }), names)).toEqual({ plug: [], unplug: [] });
});
