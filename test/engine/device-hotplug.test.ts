// Owns devices of this computer that come and go while a machine runs: who has which, guests that do not let go, kills in the middle.
// Must not repeat which changes reach a run, nor why one cannot come; core's tables have them.
import { beforeEach, describe, expect, type MockInstance, test, vi } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { AppError } from '../../electron/api/errors.ts';
import { noHostDevices, type PciDevice, type UsbDevice } from '../../electron/api/host-devices.ts';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { resources } from '../../electron/api/resources.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { named, vm, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { condition, machineKey, startCore, type TestCore } from './harness.ts';

const receiver = 'logitech.com/receiver';
const entry = { name: 'key', deviceName: receiver };
const nicName = 'intel.com/82574L';
const nic = { name: 'nic', deviceName: nicName };

function plugged(port: string): UsbDevice {
  const ids = { vendorId: '046d', productId: 'c52b', names: {} };
  return { ...ids, port, bus: Number(port.split('-')[0]), device: 5, drivers: [], hostUses: [], access: true };
}

/** Two functions of one card. */
const cards = ['0000:02:00.0', '0000:02:00.1'].map((address): PciDevice => {
  const empty = { names: {}, candidateDrivers: [], bootVga: false, hostUses: [] };
  const ids = { vendorId: '8086', deviceId: '10d3', classCode: '020000', driver: 'vfio-pci', resetMethods: ['pm'] };
  return { ...empty, ...ids, address, iommuGroup: '9', parents: ['0000:00:01.0'] };
});

let core: TestCore;
beforeEach(async () => {
  core = await startCore();
  await computerHas('1-2');
  const object = core.engine.get(hyperConvergedKey) as HyperConverged;
  const usb = [{ resourceName: receiver, selectors: [{ vendor: '046d', product: 'c52b' }] }];
  await core.engine.update(hyperConvergedKey, {
    ...object,
    spec: { ...object.spec, permittedHostDevices: { usb, pciHostDevices: [{ pciDeviceSelector: '8086:10D3', resourceName: nicName }] } },
  });
  await core.made(vm(withRunStrategy('Always')));
});

async function computerHas(...ports: readonly string[]): Promise<void> {
  core.host.world.hostDevices = { ...noHostDevices, pci: cards, usb: ports.map(plugged) };
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

/** How often QEMU was asked which devices it has. */
const looks = (): number => core.guest().qmpLog.filter(({ execute }) => execute === 'qom-list').length;

async function later(ms: number): Promise<void> {
  await core.clock.advance(ms);
  await core.settle();
}

const held = (name = 'web'): string | undefined => core.vmi(name)?.metadata.annotations?.[annotations.hostDevices];
const said = (name = 'web'): string => core.events(name).join('\n');

function messageOf(object: VirtualMachine | VirtualMachineInstance | undefined, type: string): string | undefined {
  return object?.status?.conditions?.find((one) => one.type === type)?.message;
}

describe('a machine that runs', () => {
  test('gets a device at once, remembers it, and gives it back', async () => {
    await ask('web', [entry]);
    expect(core.guest().devices.ids()).toContain('host-key');
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
    expect(said()).toContain('The device key was plugged in.');
    expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
    await ask('web', []);
    expect(core.guest().devices.ids()).not.toContain('host-key');
    expect(held()).toBe('{}');
    expect(said()).toContain('The device key was taken out.');
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

  test('that waits for one is looked at every 15 s, and the computer once each time', async () => {
    await computerHas();
    await ask('web', [entry]);
    const reads = vi.spyOn(core.host.devices, 'facts');
    await later(15_000);
    expect(reads).toHaveBeenCalledTimes(1);
  });

  test('that waits for one is not looked at for what has nothing to do with it, and in its time all the same', async () => {
    await computerHas();
    await ask('web', [entry]);
    const before = looks();
    for (let times = 0; times < 3; times += 1) {
      core.guest().reboots();
      await later(2_000);
    }
    expect(looks()).toBe(before);
    await computerHas('2-1');
    await later(9_000);
    expect(held()).toBe('{"key":["2-1","usb 2-1"]}');
  });

  test('gets what a quota kept from it as soon as the quota is raised', async () => {
    const quota = {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'keys' },
      spec: { hard: { [`requests.${receiver}`]: '0' } },
    };
    await core.made(quota);
    await ask('web', [entry]);
    expect([held() ?? '{}', messageOf(core.vmi(), 'HostDevicesChange')]).toEqual(['{}', expect.stringContaining('exceeded quota: keys')]);
    const key = { resource: resources.resourceQuotas, namespace: 'default', name: 'keys' };
    await core.engine.update(key, { ...core.engine.get(key), spec: { hard: { [`requests.${receiver}`]: '1' } } });
    await core.settle();
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
  });

  test('that does not let go is told of, asked again, and keeps the device until it has', async () => {
    await ask('web', [entry]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    expect(held()).toBe('{"key":["1-2","usb 1-2"]}');
    expect(said()).not.toContain('has not let go');
    await core.clock.advance(30_000);
    await core.settle();
    expect(said()).toContain('The guest has not let go of the device key within 30 s: it is still in the guest');
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

describe('a card', () => {
  const passed = (): readonly string[] =>
    core
      .guest()
      .devices.ids()
      .filter((id) => id.startsWith('host-'));
  const change = (name = 'web'): string | undefined => messageOf(core.vmi(name), 'HostDevicesChange');
  const restart = (): string | undefined => messageOf(core.vm(), 'RestartRequired');

  test('comes as a whole while the machine runs, with memory locked before, and goes as a whole', async () => {
    await ask('web', [nic]);
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
    expect(core.host.world.asked).toEqual([{ verb: 'memlock', pid: core.guest().pid, bytes: (256 + 16 + 64) * 1024 ** 2 }]);
    expect(held()).toBe('{"nic":["0000:02:00.0","0000:02:00.1"]}');
    expect([restart(), change()]).toEqual([undefined, undefined]);
    await ask('web', []);
    expect([passed(), held(), change()]).toEqual([[], '{}', undefined]);
    expect(said()).toContain('HostDeviceUnplugged: The device nic was taken out.');
  });

  test('that the guest keeps is told of after 30 s, asked for again, and nobody else gets it', async () => {
    await core.made(vm(named('second'), withRunStrategy('Always')));
    await ask('web', [nic]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    expect(change()).toBeUndefined();
    await core.clock.advance(30_000);
    await core.settle();
    expect([condition(core.vmi(), 'HostDevicesChange'), change()]).toEqual([
      'True/DeviceNotReleased',
      expect.stringContaining('still in the guest'),
    ]);
    expect(said()).toContain('FailedHostDeviceUnplug: The guest has not let go of the device nic within 30 s');
    await ask('second', [nic]);
    expect(change('second')).toContain('in use by the machine default/web.');
    // No look by the clock: the end of the one wakes the other.
    core.guest().devices.release();
    await core.clock.advance(100);
    await core.settle();
    expect([held(), change()]).toEqual(['{}', undefined]);
    expect(held('second')).toBe('{"nic":["0000:02:00.0","0000:02:00.1"]}');
  });

  test('that the guest refuses to give back is told of at once', async () => {
    await ask('web', [nic]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    core.guest().emits('DEVICE_UNPLUG_GUEST_ERROR', { device: 'host-nic', path: '/machine/peripheral/host-nic' });
    await core.settle();
    expect(change()).toContain('The guest refuses to let go of the device nic: it is still in the guest.');
  });

  const refuses = async (): Promise<void> => {
    core.guest().emits('DEVICE_UNPLUG_GUEST_ERROR', { device: 'host-nic', path: '/machine/peripheral/host-nic' });
    await core.settle();
  };

  test('that the guest refuses each time it is asked is told of once', async () => {
    await ask('web', [nic]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    await refuses();
    for (let again = 0; again < 3; again += 1) {
      await later(30_000);
      await refuses();
    }
    expect(said().split('FailedHostDeviceUnplug')).toHaveLength(2);
    expect(change()).toContain('The guest refuses to let go of the device nic');
    const asked = core.guest().qmpLog.filter(({ execute, arguments: args }) => execute === 'device_del' && args?.['id'] === 'host-nic');
    expect(asked).toHaveLength(4);
  });

  test('that the guest gave back by itself is free, and not forced on it again', async () => {
    await ask('web', [nic]);
    core.guest().devices.answer('device_del', { id: 'host-nic' });
    await core.clock.advance(100);
    await core.settle();
    expect([passed(), held()]).toEqual([[], '{}']);
    expect(change()).toContain('The guest gave the device nic back by itself.');
    await ask('web', []);
    await ask('web', [nic]);
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
  });

  test('that has no slot left waits for a restart, and says so', async () => {
    for (const port of ['port-host0', 'port-disk3', 'port-disk2', 'port-disk1', 'port-disk0']) {
      core.guest().devices.answer('device_add', { driver: 'x', id: `disk-at-${port}`, bus: port, addr: '0x0' });
    }
    await ask('web', [nic]);
    expect(passed()).toEqual([]);
    expect(restart()).toBe(
      'The device nic comes with the next start of the machine.\nThe running machine has no slot left for nic, which takes 1.\nTake another device or disk out of it, or restart the machine.',
    );
    const before = looks();
    // Nothing that happens by itself changes it.
    await later(120_000);
    expect(looks()).toBe(before);
    await ask('web', []);
    expect([restart(), change()]).toEqual([undefined, undefined]);
  });

  test('that QEMU took in part is taken back before it is tried again', async () => {
    core.guest().devices.answer('device_add', { driver: 'x', id: 'host-nic', bus: 'pcie.0', addr: '0x1e' });
    await ask('web', [nic]);
    expect(change()).toContain("Duplicate device ID 'host-nic'");
    await core.clock.advance(1_000);
    await core.settle();
    expect([passed(), held()]).toEqual([[], '{}']);
    await core.clock.advance(15_000);
    await core.settle();
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
  });

  test('that QEMU refused is told of though QEMU does not say what it has, and is tried again', async () => {
    const { devices } = core.guest();
    const answer = devices.answer.bind(devices);
    let isSilent = false;
    const qemu = vi.spyOn(devices, 'answer').mockImplementation((execute, args) => {
      if (execute === 'qom-list' && isSilent) throw new AppError('QmpTimeout', 'QEMU has not answered.');
      isSilent = execute === 'device_add';
      if (isSilent) throw new AppError('QmpFailed', 'vfio: error getting device from group 9');
      return answer(execute, args);
    });
    await ask('web', [nic]);
    expect(change()).toContain('The device nic could not be plugged in: vfio: error getting device from group 9');
    qemu.mockRestore();
    await later(15_000);
    await later(15_000);
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
  });

  test('that QEMU did not touch is looked at again when it is tried again, and not before', async () => {
    const locking = vi.spyOn(core.host.devices, 'allowLocking').mockRejectedValue(new AppError('ToolFailed', 'The limit stays.'));
    await ask('web', [nic]);
    await later(15_000);
    const before = looks();
    await later(29_000);
    expect([locking.mock.calls.length, looks()]).toEqual([2, before]);
    await later(1_000);
    expect(locking.mock.calls.length).toBe(3);
  });

  test('whose memory nobody lets be locked is asked for once, and again only when it is put in again', async () => {
    const locking = vi.spyOn(core.host.devices, 'allowLocking').mockRejectedValue(new AppError('Forbidden', 'No administrator agreed.'));
    await ask('web', [nic]);
    await core.clock.advance(3_600_000);
    await core.settle();
    expect([locking.mock.calls.length, passed(), held()]).toEqual([1, [], '{}']);
    expect(change()).toContain('The device nic could not be plugged in: No administrator agreed.');
    locking.mockRestore();
    await ask('web', []);
    await ask('web', [nic]);
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
  });

  describe('while somebody is asked whether its memory may be locked', () => {
    let answer: () => void;
    let locking: MockInstance;
    beforeEach(() => {
      const { promise, resolve } = Promise.withResolvers<void>();
      answer = resolve;
      locking = vi.spyOn(core.host.devices, 'allowLocking').mockReturnValue(promise);
    });

    test('a stop does not wait for the answer', async () => {
      await ask('web', [nic]);
      expect(held()).toBe('{"nic":["0000:02:00.0","0000:02:00.1"]}');
      await core.act('stop');
      await later(60_000);
      expect([core.vmi()?.status?.phase ?? 'gone', said()]).toEqual(['gone', expect.stringContaining('Signaled Graceful Shutdown')]);
    });

    test('nobody else gets it, nobody is asked twice, and nothing is said of it', async () => {
      await core.made(vm(named('second'), withRunStrategy('Always')));
      await ask('web', [nic]);
      await ask('second', [nic]);
      expect(change('second')).toContain('in use by the machine default/web.');
      core.guest().reboots();
      await later(600_000);
      expect([locking.mock.calls.length, passed(), change()]).toEqual([1, [], undefined]);
      expect(said()).not.toContain('gave the device nic back');
      answer();
      await later(100);
      expect(passed()).toEqual(['host-nic.1', 'host-nic']);
    });

    test('it is free once its definition loses it, and what was never in is not said to be out', async () => {
      await ask('web', [nic]);
      await ask('web', []);
      expect([passed(), held()]).toEqual([[], '{}']);
      answer();
      await later(1_000);
      expect([passed(), held(), change()]).toEqual([[], '{}', undefined]);
      expect(said()).not.toContain('The device nic was');
    });

    test('it is given back when it has left the computer at the answer', async () => {
      await ask('web', [nic]);
      core.host.world.hostDevices = { ...noHostDevices, pci: [] };
      answer();
      await later(100);
      expect([passed(), held(), change()]).toEqual([[], '{}', expect.stringContaining('This computer has no device 8086:10D3')]);
    });
  });

  test('of which QEMU has a part, since the core was killed in between, is taken back and plugged in as a whole', async () => {
    await ask('web', [nic]);
    const { devices } = core.guest();
    devices.answer('device_del', { id: 'host-nic' });
    core = await core.reborn(async () => {
      devices.answer('device_add', { driver: 'vfio-pci', id: 'host-nic.1', bus: 'port-host0', addr: '0x0.0x1' });
    });
    await core.clock.advance(1_000);
    await core.settle();
    expect([passed(), held()]).toEqual([['host-nic.1', 'host-nic'], '{"nic":["0000:02:00.0","0000:02:00.1"]}']);
  });

  test('is forgotten about when the machine stops while the guest keeps it', async () => {
    await ask('web', [nic]);
    core.host.world.behave({ releasesDevices: false });
    await ask('web', []);
    await core.clock.advance(30_000);
    await core.settle();
    expect(change()).toContain('still in the guest');
    core.guest().powersOff();
    await core.settle();
    expect(messageOf(core.vm(), 'HostDevicesChange')).toBeUndefined();
  });

  test('is taken out again when its definition loses it while it is being plugged in', async () => {
    const added = Promise.withResolvers<void>();
    const { devices } = core.guest();
    const answer = devices.answer.bind(devices);
    const qemu = vi.spyOn(devices, 'answer').mockImplementation((execute, args) => {
      if (execute !== 'device_add') return answer(execute, args);
      qemu.mockRestore();
      // Whoever asks QEMU waits for it.
      return added.promise.then(() => answer(execute, args)) as never;
    });
    await ask('web', [nic]);
    await ask('web', []);
    expect([passed(), held()]).toEqual([[], '{"nic":["0000:02:00.0","0000:02:00.1"]}']);
    added.resolve();
    await core.clock.advance(1_000);
    await core.settle();
    expect([passed(), held(), change()]).toEqual([[], '{}', undefined]);
    expect(said()).toContain('HostDevicePlugged: The device nic was plugged in.');
  });

  test('is plugged into a machine that another core started, and out of it', async () => {
    await ask('web', [nic]);
    core = await core.reborn();
    await core.settle();
    expect(passed()).toEqual(['host-nic.1', 'host-nic']);
    await ask('web', [entry]);
    expect([passed(), held()]).toEqual([['host-key'], '{"key":["1-2","usb 1-2"]}']);
  });

  test('leaves a machine that needs no restart, though its memory could be lent from now on', async () => {
    const object = core.engine.get(hyperConvergedKey) as HyperConverged;
    const spec = { ...object.spec, higherWorkloadDensity: { memoryOvercommitPercentage: 150 } };
    await core.engine.update(hyperConvergedKey, { ...object, spec });
    const withNic = withDomain((domain) => ({ ...domain, devices: { ...domain.devices, hostDevices: [nic] } }));
    await core.made(vm(named('dense'), withRunStrategy('Always'), withNic));
    expect(held('dense')).toBe('{"nic":["0000:02:00.0","0000:02:00.1"]}');
    await ask('dense', []);
    expect([held('dense'), condition(core.vm('dense'), 'RestartRequired')]).toEqual(['{}', undefined]);
  });

  test('goes with its machine, and is free', async () => {
    await ask('web', [nic]);
    await core.act('stop');
    await core.clock.advance(60_000);
    await core.made(vm(named('second'), withRunStrategy('Always')));
    await ask('second', [nic]);
    expect(held('second')).toBe('{"nic":["0000:02:00.0","0000:02:00.1"]}');
  });
});
