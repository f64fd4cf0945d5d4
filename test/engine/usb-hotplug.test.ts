// Owns USB devices of this computer that come and go while a machine runs: who has which, guests that do not let go, kills in the middle.
// Must not repeat which changes reach a run; core's table has them.
import { beforeEach, describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { noHostDevices, type UsbDevice } from '../../electron/api/host-devices.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, startCore, type TestCore } from './harness.ts';

const receiver = 'logitech.com/receiver';
const entry = { name: 'key', deviceName: receiver };

function plugged(port: string): UsbDevice {
  const ids = { vendorId: '046d', productId: 'c52b', names: {} };
  return { ...ids, port, bus: Number(port.split('-')[0]), device: 5, drivers: [], hostUses: [], access: true };
}

let core: TestCore;
beforeEach(async () => {
  core = await startCore();
  await computerHas('1-2');
  const object = core.engine.get(hyperConvergedKey) as HyperConverged;
  const usb = [{ resourceName: receiver, selectors: [{ vendor: '046d', product: 'c52b' }] }];
  await core.engine.update(hyperConvergedKey, { ...object, spec: { ...object.spec, permittedHostDevices: { usb } } });
  await core.made(vm(withRunStrategy('Always')));
});

async function computerHas(...ports: readonly string[]): Promise<void> {
  core.host.world.hostDevices = { ...noHostDevices, usb: ports.map(plugged) };
  await core.settle();
}

async function ask(name: string, hostDevices: readonly (typeof entry)[]): Promise<void> {
  const key = machineKey(name);
  const object = core.engine.get(key) as VirtualMachine;
  const template = structuredClone(object.spec.template) as { spec: { domain: { devices: { hostDevices?: unknown } } } };
  template.spec.domain.devices.hostDevices = hostDevices;
  await core.engine.update(key, { ...object, spec: { ...object.spec, template } });
  await core.settle();
  await core.clock.advance(100);
}

const held = (name = 'web'): string | undefined => core.vmi(name)?.metadata.annotations?.[annotations.hostDevices];
const said = (name = 'web'): string => core.events(name).join('\n');

describe('a machine that runs', () => {
  test('gets a device at once, remembers it, and gives it back', async () => {
    await ask('web', [entry]);
    expect(core.guest().devices.ids()).toContain('host-key');
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
    expect(said()).toContain('The USB device key was plugged in.');
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await ask('web', []);
    expect(core.guest().devices.ids()).not.toContain('host-key');
    expect(held()).toBe('{}');
    expect(said()).toContain('The USB device key was taken out.');
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
  });

  test('does not get what another machine has, and does once that gives it back', async () => {
    await core.made(vm(named('second'), withRunStrategy('Always')));
    await ask('web', [entry]);
    await ask('second', [entry]);
    expect(said('second')).toContain('1-2: in use by the machine default/web.');
    expect(held('second') ?? '{}').toBe('{}');
    await ask('web', []);
    await core.clock.advance(15_000);
    await core.settle();
    expect(held('second')).toBe('{"key":["1-2","usb 1-2"]}');
  });

  test('gets it when it is plugged into the computer later', async () => {
    await computerHas();
    await ask('web', [entry]);
    expect(said()).toContain('This computer has no device 046d:c52b');
    await computerHas('2-1');
    await core.clock.advance(15_000);
    await core.settle();
    expect(held()).toBe('{"key":["2-1","usb 2-1"]}');
  });

  test('that does not let go is told of, asked again, and keeps the device until it has', async () => {
    await ask('web', [entry]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
    expect(said()).not.toContain('has not let go');
    await core.clock.advance(30_000);
    await core.settle();
    expect(said()).toContain('The machine has not let go of the USB device key yet; it is asked again.');
    core.guest().devices.release();
    await core.clock.advance(30_000);
    await core.settle();
    expect(held()).toBe('{}');
  });

  test('gets what was written down before the core was killed, and that QEMU never heard of', async () => {
    await ask('web', [entry]);
    core.guest().devices.answer('device_del', { id: 'host-key' });
    core = await core.reborn();
    await core.settle();
    expect(core.guest().devices.ids()).toContain('host-key');
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
  });

  test('is told once why it does not get one, however often it is looked for', async () => {
    await computerHas();
    await ask('web', [entry]);
    await core.clock.advance(60_000);
    await core.settle();
    expect(said().split('This computer has no device 046d:c52b')).toHaveLength(2);
  });

  test('loses nothing when the core was killed while it was being taken out', async () => {
    await ask('web', [entry]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    core = await core.reborn();
    core.host.world.behave({ releasesDevices: true });
    core.guest().devices.release();
    await core.clock.advance(60_000);
    await core.settle();
    expect(held()).toBe('{}');
  });
});
