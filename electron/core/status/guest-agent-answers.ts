// Owns reading what the QEMU guest agent answers, into KubeVirt's shapes. The guest is not trusted: what is odd is left out.
// Must not ask the guest.
import type { Json, JsonObject } from '../../api/object.ts';
import type { GuestInterface } from '../facts.ts';
import { objectsIn } from '../qemu/objects-in.ts';

/** guest-network-get-interfaces. */
export function guestInterfacesOf(answer: Json): readonly GuestInterface[] {
  return objectsIn(answer).flatMap((card) => {
    const interfaceName = text(card['name']);
    if (interfaceName === undefined) return [];
    const ipAddresses = objectsIn(card['ip-addresses']).flatMap((address) => text(address['ip-address']) ?? []);
    return [{ interfaceName, mac: text(card['hardware-address']) ?? '', ipAddresses }];
  });
}

export interface GuestAnswers {
  readonly info?: Json;
  readonly hostname?: Json;
  readonly os?: Json;
  readonly timezone?: Json;
  readonly users?: Json;
  readonly filesystems?: Json;
}

/** VirtualMachineInstanceGuestAgentInfo, of guest-info, guest-get-host-name, guest-get-osinfo, guest-get-timezone, guest-get-users, guest-get-fsinfo. */
export function guestAgentInfo(answers: GuestAnswers): JsonObject {
  const os = object(answers.os ?? null);
  const zone = object(answers.timezone ?? null);
  const info = object(answers.info ?? null);
  const commands = objectsIn(info['supported_commands']).map((command) => ({
    name: text(command['name']),
    enabled: command['enabled'],
  }));
  return {
    kind: 'VirtualMachineInstanceGuestAgentInfo',
    apiVersion: 'subresources.kubevirt.io/v1',
    metadata: {},
    guestAgentVersion: text(info['version']),
    ...(commands.length === 0 ? {} : { supportedCommands: commands }),
    hostname: text(object(answers.hostname ?? null)['host-name']),
    os: {
      name: text(os['name']),
      id: text(os['id']),
      prettyName: text(os['pretty-name']),
      version: text(os['version']),
      versionId: text(os['version-id']),
      kernelRelease: text(os['kernel-release']),
      kernelVersion: text(os['kernel-version']),
      machine: text(os['machine']),
    },
    timezone: zoneText(zone),
    userList: guestUsers(answers.users ?? null),
    fsInfo: { disks: guestFilesystems(answers.filesystems ?? null) },
  };
}

/** guest-get-users: login times in seconds since 1970. */
export function guestUsers(answer: Json): readonly JsonObject[] {
  return objectsIn(answer).map((user) => ({
    userName: text(user['user']),
    ...(text(user['domain']) === undefined ? {} : { domain: text(user['domain']) }),
    loginTime: typeof user['login-time'] === 'number' ? user['login-time'] : undefined,
  }));
}

/** guest-get-fsinfo: sizes in bytes. */
export function guestFilesystems(answer: Json): readonly JsonObject[] {
  return objectsIn(answer).map((system) => ({
    diskName: text(system['name']),
    mountPoint: text(system['mountpoint']),
    fileSystemType: text(system['type']),
    usedBytes: typeof system['used-bytes'] === 'number' ? system['used-bytes'] : 0,
    totalBytes: typeof system['total-bytes'] === 'number' ? system['total-bytes'] : 0,
    disk: objectsIn(system['disk']).map((disk) => ({ busType: text(disk['bus-type']), serial: text(disk['serial']) })),
  }));
}

/** `UTC, 0`: name and seconds east, as KubeVirt prints it. */
function zoneText(zone: JsonObject): string | undefined {
  const offset = typeof zone['offset'] === 'number' ? zone['offset'] : undefined;
  return offset === undefined ? undefined : `${text(zone['zone']) ?? ''}, ${offset}`;
}

function object(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
