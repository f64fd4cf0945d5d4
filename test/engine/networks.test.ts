// Owns the life of a machine's network interfaces: made before it, gone with it, however it ends; cards plugged in and out.
import { expect, test } from 'vitest';
import type { DraftObject } from '../../electron/api/object.ts';
import { noNetworks } from '../../electron/core/network/network-facts.ts';
import { vm, withRunStrategy, withTemplate, type VmPart } from '../fakes/builders.ts';
import { condition, machineKey, startCore, type TestCore } from './harness.ts';

const bridge = { name: 'br1', vlanFiltering: 'on', defaultVlan: 1, up: true, ownedByVirtdeck: false, ports: [] } as const;
const network = { ...noNetworks, privilege: 'root', bridges: [bridge] } as const;

const definition: DraftObject = {
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { name: 'lan', namespace: 'default' },
  spec: { config: '{"type": "bridge", "bridge": "br1", "vlan": 10}' },
};

/** One card on each of the networks. */
function onNetworks(...networks: readonly string[]): VmPart {
  return withTemplate((spec) => ({
    ...spec,
    domain: { ...spec.domain, devices: { ...spec.domain.devices, interfaces: networks.map((name) => ({ name, bridge: {} })) } },
    networks: networks.map((name) => ({ name, multus: { networkName: 'lan' } })),
  }));
}

async function withBridge(): Promise<TestCore> {
  const core = await startCore();
  core.host.world.network = network;
  core.host.computer.become({ network });
  await core.made(definition);
  return core;
}

function taps(core: TestCore): readonly unknown[] {
  return [...core.host.world.taps.values()].flat();
}

function definedMachine(core: TestCore): NonNullable<ReturnType<TestCore['vm']>> {
  const machine = core.vm();
  if (machine === undefined) throw new Error('The machine is gone.');
  return machine;
}

async function edit(core: TestCore, ...networks: readonly string[]): Promise<void> {
  const current = definedMachine(core);
  await core.engine.update(machineKey(), { ...onNetworks(...networks)(current), status: undefined });
  await core.settle();
}

test('a port is made before QEMU and goes with the run', async () => {
  const core = await withBridge();
  await core.made(vm(withRunStrategy('Manual'), onNetworks('a', 'b')));
  await core.act('start');
  expect(taps(core)).toEqual([expect.objectContaining({ bridge: 'br1', vlan: 10 }), expect.objectContaining({ bridge: 'br1', vlan: 10 })]);
  core.guest().powersOff();
  await core.settle();
  expect(taps(core)).toEqual([]);
});

test('a start that fails leaves no port', async () => {
  const core = await withBridge();
  core.host.world.behave({ startFails: 'no' });
  await core.made(vm(withRunStrategy('Manual'), onNetworks('a')));
  await core.act('start');
  expect(core.vmi()?.status?.phase).toBe('Failed');
  expect(taps(core)).toEqual([]);
});

test.each(['before', 'after'] as const)('a machine that died %s the core leaves no port to the next one', async (when) => {
  const core = await withBridge();
  await core.made(vm(withRunStrategy('Manual'), onNetworks('a')));
  await core.act('start');
  const guest = core.guest();
  if (when === 'before') guest.killed('SIGKILL');
  const next = await core.reborn(() => guest.killed('SIGKILL'));
  expect(taps(next)).toEqual([]);
});

test('a run waits for its definition and for its bridge, and starts when they are there', async () => {
  const core = await startCore();
  core.host.computer.become({ network: noNetworks });
  await core.made(vm(withRunStrategy('Always'), onNetworks('a')));
  expect(condition(core.vmi(), 'PodScheduled')).toBe('False/Unschedulable');
  expect(core.events().at(-1)).toContain('There is no NetworkAttachmentDefinition lan.');
  await core.made(definition);
  expect(core.events().at(-1)).toContain('needs the bridge br1, which is not on this computer');
  core.host.world.network = network;
  core.host.computer.become({ network });
  await core.clock.advance(600_000);
  await core.settle();
  expect(core.vmi()?.status?.phase).toBe('Running');
});

test('a definition that cannot be read is refused with its places', async () => {
  const core = await startCore();
  await expect(core.create({ ...definition, spec: { config: '{"type": "bridge", "vlan": 5000}' } })).rejects.toMatchObject({
    causes: [{ field: 'spec.config.bridge' }, { field: 'spec.config.vlan' }],
  });
});

test('cards are plugged in and out of a running machine, and need no restart', async () => {
  const core = await withBridge();
  await core.made(vm(withRunStrategy('Manual'), onNetworks('a')));
  await core.act('start');
  await edit(core, 'a', 'b');
  expect(taps(core)).toHaveLength(2);
  expect(core.guest().devices.ids()).toEqual(expect.arrayContaining(['interface-a', 'interface-b']));
  expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
  expect(core.vmi()?.status?.interfaces?.map(({ name }) => name)).toEqual(['a', 'b']);

  await edit(core, 'b');
  await core.clock.advance(20_000);
  await core.settle();
  expect(core.guest().devices.ids()).not.toContain('interface-a');
  expect(taps(core)).toHaveLength(1);
  expect(core.vmi()?.status?.interfaces?.map(({ name }) => name)).toEqual(['b']);
  expect(condition(core.vm(), 'RestartRequired')).toBeUndefined();
  expect(core.events()).toEqual(
    expect.arrayContaining(['CardPlugged: The network card b was plugged in.', 'CardUnplugged: The network card a was taken out.']),
  );

  // Another core finds the cards as they are, and plugs nothing.
  const next = await core.reborn();
  expect(taps(next)).toHaveLength(1);
  expect(next.guest().qmpLog.filter(({ execute }) => execute === 'device_add')).toHaveLength(1);
});

test('a cable is pulled and put back', async () => {
  const core = await withBridge();
  await core.made(vm(withRunStrategy('Manual'), onNetworks('a')));
  await core.act('start');
  const links = (): readonly unknown[] =>
    core
      .guest()
      .qmpLog.filter(({ execute }) => execute === 'set_link')
      .map((command) => command.arguments);
  const setState = async (state: 'up' | 'down'): Promise<void> => {
    const current = definedMachine(core);
    const edited = withTemplate((spec) => ({
      ...spec,
      domain: {
        ...spec.domain,
        devices: { ...spec.domain.devices, interfaces: (spec.domain.devices.interfaces ?? []).map((card) => ({ ...card, state })) },
      },
    }))(current);
    await core.engine.update(machineKey(), { ...edited, status: undefined });
    await core.settle();
  };
  await setState('down');
  await setState('up');
  expect(links()).toEqual([
    { name: 'interface-a', up: false },
    { name: 'interface-a', up: true },
  ]);
});

test('a bridge is made and removed by the privileged program, and only ours is removed', async () => {
  const core = await withBridge();
  await core.engine.makeBridge({ name: 'br7', vlanFiltering: true });
  expect(core.host.world.asked).toEqual([{ verb: 'bridge-create', name: 'br7', vlanFiltering: true }]);
  await expect(core.engine.makeBridge({ name: 'br1' })).rejects.toMatchObject({ code: 'AlreadyExists' });
  await expect(core.engine.makeBridge({ name: '../x' })).rejects.toMatchObject({ code: 'Invalid' });
  await expect(core.engine.removeBridge('br1')).rejects.toMatchObject({ code: 'Forbidden' });
  core.host.world.network = { ...network, bridges: [{ ...bridge, ownedByVirtdeck: true, ports: ['vd0123456789ab', 'eth0'] }] };
  await expect(core.engine.removeBridge('br1')).rejects.toMatchObject({ code: 'Conflict' });
  expect((await core.engine.networks()).bridges).toEqual([
    { name: 'br1', vlanFiltering: 'on', up: true, ownedByVirtdeck: true, uplinks: ['eth0'] },
  ]);
  core.host.world.network = { ...network, bridges: [{ ...bridge, ownedByVirtdeck: true }] };
  await core.engine.removeBridge('br1');
  expect(core.host.world.asked.at(-1)).toEqual({ verb: 'bridge-delete', name: 'br1' });
});
