// Owns which changes of this computer's devices reach a running machine.
// Must not ask whether there is a device or a port for them; device-plug.test.ts does.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { withDevicesOf } from '../../../electron/core/reconcile/device-sync.ts';
import { machine } from '../qemu/machines.ts';

type Entries = NonNullable<VirtualMachineInstance['spec']['domain']['devices']['hostDevices']>;

const key = { name: 'key', deviceName: 'acme.com/key' };
const card = { name: 'card', deviceName: 'nvidia.com/t4' };
const other = { ...card, deviceName: 'nvidia.com/l4' };
const heldCard = { card: ['0000:01:00.0'] };
const held = { ...heldCard, key: ['1-2', 'usb 1-2'] };

interface Run {
  readonly hostDevices?: Entries;
  readonly gpus?: Entries;
  readonly held?: Readonly<Record<string, readonly string[]>>;
  readonly options?: string;
}

function run({ hostDevices, gpus, held: has = {}, options }: Run): VirtualMachineInstance {
  return machine({
    annotations: {
      [annotations.hostDevices]: JSON.stringify(has),
      ...(options === undefined ? {} : { [annotations.hostDeviceOptions]: options }),
    },
    devices: {
      ...(hostDevices === undefined ? {} : { hostDevices: [...hostDevices] }),
      ...(gpus === undefined ? {} : { gpus: [...gpus] }),
    },
  });
}

interface Row {
  readonly what: string;
  readonly has: Run;
  readonly wanted: Run;
  readonly becomes: Pick<Run, 'hostDevices' | 'gpus'>;
}

const rows: readonly Row[] = [
  {
    what: 'nothing new',
    has: { hostDevices: [card, key], held },
    wanted: { hostDevices: [card, key] },
    becomes: { hostDevices: [card, key] },
  },
  {
    what: 'one comes, in the order of the definition',
    has: { hostDevices: [card], held: heldCard },
    wanted: { hostDevices: [key, card] },
    becomes: { hostDevices: [key, card] },
  },
  { what: 'one comes as a GPU', has: {}, wanted: { gpus: [card] }, becomes: { gpus: [card] } },
  { what: 'one goes', has: { hostDevices: [card, key], held }, wanted: { hostDevices: [key] }, becomes: { hostDevices: [key] } },
  { what: 'the last one goes, and its list', has: { gpus: [card], held }, wanted: {}, becomes: {} },
  {
    what: 'the last one goes, and the list stays',
    has: { hostDevices: [key], held },
    wanted: { hostDevices: [] },
    becomes: { hostDevices: [] },
  },
  { what: 'an empty list goes', has: { hostDevices: [] }, wanted: {}, becomes: {} },
  {
    what: 'another device behind a name waits until the first has gone',
    has: { hostDevices: [card], held },
    wanted: { hostDevices: [other] },
    becomes: { hostDevices: [] },
  },
  {
    what: 'another device behind a name that had none comes at once',
    has: { hostDevices: [card] },
    wanted: { hostDevices: [other] },
    becomes: { hostDevices: [other] },
  },
  {
    what: 'one that is still being taken out does not come back yet',
    has: { held },
    wanted: { hostDevices: [key] },
    becomes: { hostDevices: [] },
  },
  {
    what: 'a name leaves one list before it is on the other',
    has: { gpus: [card] },
    wanted: { hostDevices: [card] },
    becomes: { hostDevices: [] },
  },
  {
    what: 'the first screen stays until the machine goes',
    has: { gpus: [card], held, options: '{"card":{"primaryGpu":true}}' },
    wanted: {},
    becomes: { gpus: [card] },
  },
];

describe('withDevicesOf', () => {
  test.each(rows)('$what', ({ has, wanted, becomes }) => {
    const before = run(has);
    const after = withDevicesOf(before, run(wanted));
    expect(after.spec.domain.devices).toEqual(becomes);
    const { hostDevices, gpus } = has;
    if (JSON.stringify(becomes) === JSON.stringify({ hostDevices, gpus })) expect(after).toBe(before);
  });

  test('its options come along, and those of others stay as the run has them', () => {
    const before = run({ hostDevices: [card], options: '{"card":{"romBar":false}}', held: heldCard });
    const options = '{"card":{"romBar":true},"key":{"address":"1-2"}}';
    const after = withDevicesOf(before, run({ hostDevices: [card, key], options }));
    expect(JSON.parse(after.metadata.annotations?.[annotations.hostDeviceOptions] ?? '')).toEqual({
      card: { romBar: false },
      key: { address: '1-2' },
    });
  });
});
