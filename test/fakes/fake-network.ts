// Owns a NetworkPort over the pretended computer: taps that one can look at.
// Must not touch the real computer's network.
import { AppError } from '../../electron/api/errors.ts';
import type { NetworkPort } from '../../electron/engine/ports.ts';
import type { Gate } from './fake-machines.ts';
import type { FakeWorld } from './fake-world.ts';

export function fakeNetwork(world: FakeWorld, gate: Gate): NetworkPort {
  return {
    facts: () => gate(() => world.network),
    inspectBoot: (source) =>
      gate(() => {
        const files = ['pxelinux.0', 'bootx64.efi'];
        if (source.type === 'folder') return { state: 'ready', folder: source.folder, files };
        const folder = '/var/virtdeck-test/network-boot';
        return source.type === 'package' ? { state: 'toFetch', package: source.package, folder, files } : undefined;
      }),
    connect: ({ runDir, taps, functions = [] }) =>
      gate(() => {
        if (!world.runDirs.has(runDir)) throw new Error(`connect before createRunDir(${runDir})`);
        for (const { tap, bridge } of taps) {
          if (!world.network.bridges.some(({ name }) => name === bridge))
            throw new AppError('ToolFailed', `There is no bridge ${bridge} for ${tap}.`);
        }
        world.taps.set(runDir, [...(world.taps.get(runDir) ?? []), ...taps]);
        for (const { address, settings } of functions) world.asked.push({ verb: 'sriov-vf-set', address, ...settings });
      }),
    release: (runDir, tap) =>
      gate(
        () =>
          void world.taps.set(
            runDir,
            (world.taps.get(runDir) ?? []).filter((one) => one.tap !== tap),
          ),
      ),
    ask: (request) =>
      gate(() => {
        world.asked.push(request);
        const { bridges } = world.network;
        if (request.verb === 'bridge-create') {
          const { name, vlanFiltering = false } = request;
          const made = {
            name,
            vlanFiltering: vlanFiltering ? 'on' : 'off',
            defaultVlan: 1,
            up: true,
            ownedByVirtdeck: true,
            ports: [],
          } as const;
          world.network = { ...world.network, bridges: [...bridges, made] };
        } else if (request.verb === 'bridge-delete') {
          world.network = { ...world.network, bridges: bridges.filter(({ name }) => name !== request.name) };
        }
      }),
  };
}
