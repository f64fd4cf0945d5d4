// Owns the network part of a new machine: this computer's connection with port forwards, a network on a bridge, or none.
// Must not look for free ports; suggestions.ts does.
import { annotations } from '../../../electron/api/annotations.ts';
import type { VirtualMachineSpec } from '../../../electron/api/kinds/virtual-machine.ts';
import type { CreateForm, PortForward } from './form.ts';

type TemplateSpec = NonNullable<VirtualMachineSpec['template']['spec']>;
type Card = NonNullable<TemplateSpec['domain']['devices']['interfaces']>[number];

export interface NetworkParts {
  /** Of the definition; each run inherits them. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly devices: Pick<TemplateSpec['domain']['devices'], 'interfaces' | 'autoattachPodInterface'>;
  readonly networks: Pick<TemplateSpec, 'networks'>;
}

/** `isOfFunctions`: the cards of its network are virtual functions. */
export function networkOf(form: CreateForm, isOfFunctions = false): NetworkParts {
  switch (form.network.mode) {
    case 'none':
      // Without this KubeVirt gives every machine an interface of its own accord.
      return { annotations: {}, devices: { autoattachPodInterface: false }, networks: {} };
    case 'bridge':
      return {
        annotations: {},
        devices: { interfaces: [{ name: 'default', ...(isOfFunctions ? { sriov: {} } : { bridge: {} }), ...ofEither(form) }] },
        networks: { networks: [{ name: 'default', multus: { networkName: form.network.networkName } }] },
      };
    case 'user':
      return userNetwork(form);
  }
}

function userNetwork(form: CreateForm): NetworkParts {
  const forwards = form.network.forwards.flatMap(complete);
  return {
    annotations: {
      ...(forwards.length > 0 ? { [annotations.portForwards]: JSON.stringify(forwards) } : {}),
      ...networkBootNote(form),
    },
    devices: {
      interfaces: [
        {
          name: 'default',
          masquerade: {},
          ...ofEither(form),
          ...(forwards.length > 0
            ? { ports: forwards.map(({ name, protocol, guest }) => ({ name, protocol: protocol.toUpperCase(), port: guest })) }
            : {}),
        },
      ],
    },
    networks: { networks: [{ name: 'default', pod: {} }] },
  };
}

function ofEither({ network, system }: CreateForm): Pick<Card, 'macAddress' | 'bootOrder' | 'model'> {
  const mac = network.mac.trim().toLowerCase().replaceAll('-', ':');
  return {
    ...(mac === '' ? {} : { macAddress: mac }),
    ...(system.source === 'network' ? { bootOrder: 1 } : {}),
    // Windows has a driver for this one of its own.
    ...(system.source === 'windows' && system.drivers.from === 'none' ? { model: 'e1000e' } : {}),
  };
}

/** As core/network/network-boot-source.ts reads it. */
function networkBootNote({ system: { source, networkBoot } }: CreateForm): NetworkParts['annotations'] {
  if (source !== 'network' || networkBoot.from === 'none') return {};
  const { from, folder, url } = networkBoot;
  const value = from === 'debian' ? { package: debianInstaller } : from === 'folder' ? { folder } : { url };
  return { [annotations.networkBoot]: JSON.stringify(value) };
}

/** Of Debian 12, unpacked and not installed. */
const debianInstaller = 'debian-installer-12-netboot-amd64';

interface CompleteForward extends PortForward {
  readonly host: number;
  readonly guest: number;
}

function complete({ name, protocol, host, guest }: PortForward): CompleteForward[] {
  return host === undefined || guest === undefined ? [] : [{ name, protocol, host, guest }];
}
