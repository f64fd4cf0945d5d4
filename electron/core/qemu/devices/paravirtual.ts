// Owns the small virtio devices that every machine has: entropy, memory balloon, the guest agent's channel.
// Must not steer them; the engine does over QMP.
import { jsonOption, socketChardev } from '../args.ts';
import type { Family } from '../fragment.ts';
import { virtioOnRootComplex } from '../pci.ts';
import { runtimePaths } from '../runtime-paths.ts';

/** QOM id, for `qom-set guest-stats-polling-interval` and `qom-get guest-stats`. */
export const balloonId = 'balloon0';

export const rngFamily: Family = () => ({
  args: [
    jsonOption('-object', { 'qom-type': 'rng-builtin', id: 'rng0' }),
    jsonOption(
      '-device',
      { driver: 'virtio-rng-pci', id: 'entropy0', rng: 'rng0', ...virtioOnRootComplex('rng') },
      { field: 'spec.domain.devices.rng', reason: 'A guest without entropy waits for it at boot.' },
    ),
  ],
});

export const balloonFamily: Family = ({ spec: { domain } }) => {
  if (domain.devices.autoattachMemBalloon === false) return {};
  // Reserved huge pages cannot be given back piece by piece.
  const reporting = domain.memory?.hugepages === undefined;
  return {
    args: [
      jsonOption(
        '-device',
        {
          driver: 'virtio-balloon-pci',
          id: balloonId,
          ...virtioOnRootComplex('balloon'),
          'free-page-reporting': reporting,
          // The guest takes back what it needs rather than kill a program of its own.
          'deflate-on-oom': true,
        },
        { field: 'spec.domain.devices.autoattachMemBalloon', reason: 'Memory that the guest has freed goes back to this computer.' },
      ),
    ],
  };
};

export const guestAgentFamily: Family = (_vmi, facts) => {
  const { agentSocket } = runtimePaths(facts);
  return {
    args: [
      socketChardev('agent0', agentSocket),
      jsonOption('-device', { driver: 'virtio-serial-pci', id: 'channels0', ...virtioOnRootComplex('serial') }),
      jsonOption(
        '-device',
        { driver: 'virtserialport', id: 'agent-port0', bus: 'channels0.0', chardev: 'agent0', name: 'org.qemu.guest_agent.0' },
        { reason: 'The guest agent tells addresses and the operating system, and shuts down politely.' },
      ),
    ],
    sockets: { agent: agentSocket },
  };
};
