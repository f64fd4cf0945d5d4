// Owns looking at this computer's bridges, and at what may put a machine on one.
// Must not change any of it.
import { access, readFile, stat } from 'node:fs/promises';
import { constants, readdirSync } from 'node:fs';
import path from 'node:path';
import type { BridgeFact, BridgeHelperFact, NetworkFacts } from '../../core/network/network-facts.ts';
import { isThere } from '../is-there.ts';
import { readIfThere } from '../proc.ts';
import { privilege } from './privileged.ts';

/** Where distributions put it: Debian, Fedora and Arch, openSUSE. */
const bridgeHelperPaths = ['/usr/lib/qemu/qemu-bridge-helper', '/usr/libexec/qemu-bridge-helper', '/usr/lib64/qemu/qemu-bridge-helper'];
const aclFile = '/etc/qemu/bridge.conf';
/** The alias that native/helper gives to what it makes. */
const ownedAlias = 'virtdeck';

/** `root` stands in front of /sys and /etc, for tests. */
export async function networkFacts(root = ''): Promise<NetworkFacts> {
  const uid = process.geteuid?.() ?? 0;
  const [bridges, bridgeHelper, how, vhostNet] = await Promise.all([
    bridgesOf(path.join(root, '/sys/class/net')),
    bridgeHelperOf(root, uid),
    privilege(),
    mayUse('/dev/vhost-net'),
  ]);
  return { bridges, privilege: how, uid, vhostNet, ...(bridgeHelper === undefined ? {} : { bridgeHelper }) };
}

async function bridgesOf(folder: string): Promise<readonly BridgeFact[]> {
  const found = await Promise.all(namesIn(folder).map((name) => bridgeOf(path.join(folder, name), name)));
  return found.filter((bridge) => bridge !== undefined);
}

async function bridgeOf(folder: string, name: string): Promise<BridgeFact | undefined> {
  if (!(await isThere(path.join(folder, 'bridge')))) return undefined;
  const read = async (file: string): Promise<string | undefined> => (await readIfThere(path.join(folder, file)))?.trim();
  const [filtering, defaultVlan, flags, alias] = await Promise.all([
    read('bridge/vlan_filtering'),
    read('bridge/default_pvid'),
    read('flags'),
    read('ifalias'),
  ]);
  return {
    name,
    vlanFiltering: filtering === undefined ? 'unsupported' : filtering === '1' ? 'on' : 'off',
    // A kernel without VLANs has no number for its only one; everybody else calls it 1.
    defaultVlan: Number(defaultVlan ?? 1),
    // IFF_UP. `operstate` of a bridge without ports that carry is "down" although it works.
    up: (Number(flags ?? 0) & 1) === 1,
    ownedByVirtdeck: alias === ownedAlias,
    ports: namesIn(path.join(folder, 'brif')),
  };
}

async function bridgeHelperOf(root: string, uid: number): Promise<BridgeHelperFact | undefined> {
  for (const helper of bridgeHelperPaths) {
    const file = path.join(root, helper);
    if (!(await isThere(file))) continue;
    const { mode, uid: owner } = await stat(file);
    const canWork = uid === 0 || (owner === 0 && (mode & 0o4000) !== 0);
    return { path: helper, canWork, ...(await aclOf(path.join(root, aclFile))) };
  }
  return undefined;
}

/** QEMU's own grammar: `allow`, `deny` and `include`, a name or `all`. A file that this user may not read allows nothing. */
async function aclOf(file: string, depth = 0): Promise<Pick<BridgeHelperFact, 'allowed' | 'denied'>> {
  const rules = (await readAcl(file)).split('\n').map((line) => line.trim().split(/\s+/));
  const named = (verb: string): string[] => rules.flatMap(([word, name]) => (word === verb && name !== undefined ? [name] : []));
  // An include that includes itself would never end.
  const included = depth > 4 ? [] : await Promise.all(named('include').map((other) => aclOf(other, depth + 1)));
  return {
    allowed: [...named('allow'), ...included.flatMap(({ allowed }) => allowed)],
    denied: [...named('deny'), ...included.flatMap(({ denied }) => denied)],
  };
}

async function readAcl(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

async function mayUse(device: string): Promise<boolean> {
  try {
    await access(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
