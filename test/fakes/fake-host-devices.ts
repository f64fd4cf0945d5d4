// Owns a HostDevicePort over the pretended computer: what the privileged program would do to groups, and when trials end.
// Must not touch the real computer.
import { AppError } from '../../electron/api/errors.ts';
import type { PciAddress, PciDevice } from '../../electron/api/host-devices.ts';
import type { HostDevicePort } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeHostDevices(world: FakeWorld, gate: Gate): HostDevicePort {
  const groupOf = (address: PciAddress): readonly PciAddress[] => {
    const number = world.hostDevices.pci.find((device) => device.address === address)?.iommuGroup;
    const group = world.hostDevices.pci.filter(({ iommuGroup, classCode }) => iommuGroup === number && !classCode.startsWith('0604'));
    return group.map((device) => device.address);
  };
  const drive = (addresses: readonly PciAddress[], driverOf: (device: PciDevice) => string | undefined): void => {
    const pci = world.hostDevices.pci.map((device): PciDevice => {
      if (!addresses.includes(device.address)) return device;
      const { driver: _before, ...rest } = device;
      const driver = driverOf(device);
      return driver === undefined ? rest : { ...rest, driver };
    });
    world.hostDevices = { ...world.hostDevices, pci };
  };
  const unbind = (address: PciAddress): void => {
    const group = groupOf(address);
    if (!group.some((one) => world.driversBefore.has(one) || world.interrupted.has(one)))
      throw new AppError('ToolFailed', 'nothing of its group was bound at run time');
    if (group.some((one) => world.openDevices.has(one))) throw new AppError('Conflict', 'a machine has it');
    drive(group, (device) => world.driversBefore.get(device.address));
    for (const one of group) {
      world.driversBefore.delete(one);
      world.trials.delete(one);
      world.interrupted.delete(one);
    }
  };
  return {
    facts: () => gate(() => world.hostDevices),
    functionSettings: (card) =>
      gate(() => {
        const found = world.hostDevices.pci.find(({ address }) => address === card);
        return new Map(Object.entries(found?.sriov?.network?.functions ?? {}));
      }),
    bindings: () =>
      gate(() => ({
        trials: [...world.trials].map(([address, untilMs]) => ({ address, untilMs, ending: false })),
        bound: [...world.driversBefore.keys()],
        interrupted: [...world.interrupted],
      })),
    bind: ({ address, seconds }) =>
      gate(() => {
        world.asked.push({ verb: 'vfio-bind', address, ...(seconds === undefined ? {} : { seconds }) });
        if (world.stuckDevices.has(address)) throw new AppError('ToolFailed', `its driver does not let go of ${address}`);
        const group = groupOf(address);
        for (const { address: one, driver } of world.hostDevices.pci) if (group.includes(one)) world.driversBefore.set(one, driver);
        drive(group, () => 'vfio-pci');
        if (seconds === undefined) return;
        const untilMs = world.clock.now() + seconds * 1000;
        world.trials.set(address, untilMs);
        world.clock.after(seconds * 1000, () => {
          if (world.trials.get(address) === untilMs) unbind(address);
        });
      }),
    keep: (address) =>
      gate(() => {
        if (!world.trials.delete(address)) throw new AppError('ToolFailed', 'there is no trial of it; it may have been taken back');
      }),
    unbind: (address) =>
      gate(() => {
        world.asked.push({ verb: 'vfio-unbind', address });
        unbind(address);
      }),
    finish: (address) =>
      gate(() => {
        if (!world.isRoot) return false;
        world.asked.push({ verb: 'vfio-unbind', address });
        unbind(address);
        return true;
      }),
    lockLimitBytes: () => gate(() => world.lockLimitBytes),
    allowLocking: (bytes, pid = 1) => gate(() => void world.asked.push({ verb: 'memlock', pid, bytes })),
    setVirtualFunctions: (address, count) =>
      gate(() => {
        world.asked.push({ verb: 'sriov-set', address, count });
        setFunctions(world, address, count);
      }),
    hasMadeMdevs: () => gate(() => (world.hostDevices.mdevs ?? []).some(({ isOurs }) => isOurs)),
    makeMdev: ({ parent, typeId, uuid }) =>
      gate(() => {
        world.asked.push({ verb: 'mdev-create', address: parent, type: typeId, uuid, owner: 1000 });
        if (world.stuckDevices.has(parent)) throw new AppError('Forbidden', 'No administrator agreed.');
        const typeName = world.hostDevices.mdevParents?.find(({ name }) => name === parent)?.types.find(({ id }) => id === typeId)?.name;
        if (room(world, parent, typeId) === 0) throw new AppError('Conflict', 'no more of this type can be made of it now');
        const made = { uuid, parent, typeId, ...(typeName === undefined ? {} : { typeName }), isOurs: true };
        setMdevs(world, parent, [...(world.hostDevices.mdevs ?? []), made]);
      }),
    removeMdev: (uuid) =>
      gate(() => {
        world.asked.push({ verb: 'mdev-remove', uuid });
        const gone = world.hostDevices.mdevs?.find((mdev) => mdev.uuid === uuid);
        if (gone?.isOurs !== true) throw new AppError('ToolFailed', 'it was not made by Virtdeck');
        if (world.openDevices.has(uuid)) throw new AppError('Conflict', 'a machine has it');
        setMdevs(world, gone.parent, world.hostDevices.mdevs?.filter((mdev) => mdev !== gone) ?? []);
      }),
  };
}

function room({ hostDevices }: FakeWorld, parent: string, typeId: string): number {
  const types = hostDevices.mdevParents?.find(({ name }) => name === parent)?.types ?? [];
  return types.find(({ id }) => id === typeId)?.availableInstances ?? 0;
}

/** As vGPU drivers do: a card that has some of one type makes no other, and each takes one of its places. */
function setMdevs(world: FakeWorld, parent: string, mdevs: NonNullable<FakeWorld['hostDevices']['mdevs']>): void {
  const countOf = (typeId: string, list: typeof mdevs): number =>
    list.filter((mdev) => mdev.parent === parent && mdev.typeId === typeId).length;
  const before = world.hostDevices.mdevs ?? [];
  const total = (id: string): number => world.mdevRoom.get(`${parent} ${id}`) ?? room(world, parent, id) + countOf(id, before);
  const mdevParents = world.hostDevices.mdevParents?.map((one) => {
    if (one.name !== parent) return one;
    for (const { id } of one.types) world.mdevRoom.set(`${parent} ${id}`, total(id));
    const here = mdevs.filter((mdev) => mdev.parent === parent);
    const types = one.types.map((type) => ({
      ...type,
      availableInstances: here.every(({ typeId }) => typeId === type.id) ? total(type.id) - countOf(type.id, mdevs) : 0,
    }));
    return { ...one, types };
  });
  world.hostDevices = { ...world.hostDevices, mdevs, ...(mdevParents === undefined ? {} : { mdevParents }) };
}

/** As the kernel does: from 0 alone, each in a group of its own and without a driver. */
function setFunctions(world: FakeWorld, address: PciAddress, count: number): void {
  const card = world.hostDevices.pci.find((device) => device.address === address);
  if (card?.sriov === undefined) throw new AppError('ToolFailed', 'it has no virtual functions');
  if (card.sriov.numvfs > 0 && count > 0) throw new AppError('ToolFailed', 'the kernel goes from one number to another by way of 0');
  const vfs = Array.from({ length: count }, (_, index): PciDevice => {
    const { driver: _driver, sriov: _sriov, ...rest } = card;
    const vf = `${address.slice(0, -4)}10.${index}`;
    return {
      ...rest,
      address: vf,
      deviceId: '154c',
      names: { ...card.names, device: 'Virtual Function' },
      physfn: address,
      iommuGroup: vf,
    };
  });
  const sriov = { ...card.sriov, numvfs: count, vfs: vfs.map((vf) => vf.address) };
  const others = world.hostDevices.pci.filter(({ physfn }) => physfn !== address);
  const pci = others.map((device): PciDevice => (device.address === address ? { ...device, sriov } : device));
  world.hostDevices = { ...world.hostDevices, pci: [...pci, ...vfs].toSorted((a, b) => a.address.localeCompare(b.address)) };
}
