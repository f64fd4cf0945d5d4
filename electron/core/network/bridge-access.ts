// Owns how a card gets onto a bridge of this computer, or every reason why it cannot.
// Must not do it: the host does what the plan says.
import type { Cause } from '../../api/errors.ts';
import type { BridgeAttachment } from './attachment.ts';
import type { BridgeFact, BridgeHelperFact, NetworkFacts } from './network-facts.ts';

export type BridgeAccess =
  /** Our privileged program makes a tap; `asksPassword` when it goes through pkexec. */
  | { readonly type: 'tap'; readonly asksPassword: boolean }
  /** QEMU calls qemu-bridge-helper. */
  | { readonly type: 'bridgeHelper'; readonly path: string };

export interface AccessDecision {
  readonly access?: BridgeAccess;
  /** What the port's VLAN comes to; undefined when it is the bridge's own. */
  readonly vlan?: number;
  readonly causes: readonly Cause[];
}

/** `field` names where the network is asked for: `spec.networks[1].multus.networkName`. */
export function bridgeAccess(attachment: BridgeAttachment, facts: NetworkFacts, field: string): AccessDecision {
  const bridge = facts.bridges.find(({ name }) => name === attachment.bridge);
  if (bridge === undefined) return { causes: [missing(attachment, facts, field)] };
  const vlan = vlanOf(attachment, bridge);
  const causes = [...(bridge.up ? [] : [down(bridge, field)]), ...(vlan === undefined ? [] : vlanCauses(vlan, bridge, field))];
  const access = accessTo(bridge, { needsOwnTap: vlan !== undefined || attachment.macSpoofCheck }, facts);
  if (access === undefined) causes.push(notPermitted(bridge, { vlan, macSpoofCheck: attachment.macSpoofCheck }, { facts, field }));
  return { ...(access === undefined ? {} : { access }), ...(vlan === undefined ? {} : { vlan }), causes };
}

/**
 * The bridge's default VLAN is where a port is anyway. Without filtering a bridge has no VLANs, and 1 is what it would call its
 * only one: manifests for clusters ask for it by habit.
 */
function vlanOf({ vlan }: BridgeAttachment, bridge: BridgeFact): number | undefined {
  return vlan === bridge.defaultVlan ? undefined : vlan;
}

function accessTo(
  bridge: BridgeFact,
  { needsOwnTap }: { readonly needsOwnTap: boolean },
  { privilege, bridgeHelper }: NetworkFacts,
): BridgeAccess | undefined {
  if (privilege === 'root') return { type: 'tap', asksPassword: false };
  // Before pkexec: it asks for no password.
  if (!needsOwnTap && bridgeHelper !== undefined && isAllowed(bridgeHelper, bridge.name)) {
    return { type: 'bridgeHelper', path: bridgeHelper.path };
  }
  return privilege === 'pkexec' ? { type: 'tap', asksPassword: true } : undefined;
}

function isAllowed({ canWork, allowed, denied }: BridgeHelperFact, bridge: string): boolean {
  const names = (list: readonly string[]): boolean => list.includes(bridge) || list.includes('all');
  return canWork && names(allowed) && !names(denied);
}

function vlanCauses(vlan: number, { name, vlanFiltering }: BridgeFact, field: string): Cause[] {
  switch (vlanFiltering) {
    case 'on':
      return [];
    case 'off':
      return [
        {
          reason: 'VlanFilteringOff',
          field,
          message: `The network is VLAN ${vlan} of the bridge ${name}, which does not keep VLANs apart.`,
          fix: `Switch it on: sudo ip link set ${name} type bridge vlan_filtering 1. Ports that are in no VLAN stay together in VLAN 1.`,
        },
      ];
    case 'unsupported':
      return [
        {
          reason: 'VlanNotAvailable',
          field,
          message: `The network is VLAN ${vlan} of the bridge ${name}, and this kernel cannot keep VLANs apart.`,
          fix: 'Use a kernel with CONFIG_BRIDGE_VLAN_FILTERING, as distributions ship, or a network without vlan.',
        },
      ];
  }
}

function missing({ bridge }: BridgeAttachment, { bridges }: NetworkFacts, field: string): Cause {
  const there = bridges.length === 0 ? 'It has none.' : `It has ${bridges.map(({ name }) => name).join(', ')}.`;
  return {
    reason: 'BridgeMissing',
    field,
    message: `The network needs the bridge ${bridge}, which is not on this computer. ${there}`,
    fix: `Make it on the page Networks, or: sudo ip link add ${bridge} type bridge && sudo ip link set ${bridge} up.`,
  };
}

function down({ name }: BridgeFact, field: string): Cause {
  return {
    reason: 'BridgeDown',
    field,
    message: `The bridge ${name} is switched off.`,
    fix: `Switch it on: sudo ip link set ${name} up.`,
  };
}

function notPermitted(
  { name }: BridgeFact,
  { vlan, macSpoofCheck }: { readonly vlan: number | undefined; readonly macSpoofCheck: boolean },
  { facts, field }: { readonly facts: NetworkFacts; readonly field: string },
): Cause {
  const ownTap = vlan !== undefined ? `VLAN ${vlan}` : macSpoofCheck ? 'macspoofchk' : undefined;
  const install = 'install the privileged program (sudo npm run helper -- install)';
  const { bridgeHelper } = facts;
  const acl =
    bridgeHelper === undefined
      ? undefined
      : `write "allow ${name}" into /etc/qemu/bridge.conf${bridgeHelper.canWork ? '' : ` and sudo chmod u+s ${bridgeHelper.path}`}`;
  const ways = [facts.privilege === 'uninstalled' ? install : undefined, ownTap === undefined ? acl : undefined].filter(
    (way) => way !== undefined,
  );
  return {
    reason: 'BridgeNotAllowed',
    field,
    message:
      ownTap === undefined
        ? `This user may not put machines on the bridge ${name}.`
        : `This user may not put machines on the bridge ${name} with ${ownTap}: only the privileged program of Virtdeck can.`,
    fix: ways.length === 0 ? 'Run Virtdeck as root, or use the user network.' : `Let an administrator ${ways.join(', or ')}.`,
  };
}
