// Owns a bridge of this computer behind a card: the port that QEMU opens, as a NetworkAttachmentDefinition describes it.
// Must not make the port; the host does before QEMU starts.
import type { PrivilegedRequest } from '../../../api/privileged.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../../facts.ts';
import { type BridgeAttachment, readAttachment } from '../../network/attachment.ts';
import { type AccessDecision, bridgeAccess } from '../../network/bridge-access.ts';
import { tapName } from '../../network/interface-name.ts';
import { jsonOption } from '../args.ts';
import { type Fragment, joined } from '../fragment.ts';
import type { TapConnection } from '../launch-plan.ts';
import type { Network } from '../manifest.ts';
import { asksPassword } from './asks-password.ts';
import { type CardContext, cardMac, netdevId } from './network-card.ts';
import { attachmentOf, wrongBinding } from './network-definition.ts';

export function bridgeBackend(context: CardContext, network: Network): Fragment {
  const { vmi, facts, field: cardField } = context;
  const read = attachmentOf({ vmi, facts }, network);
  const { attachment, field, causes, warnings } = read;
  if (attachment === undefined) return { causes };
  if (attachment.type !== 'bridge') return { causes: [wrongBinding(read, { binding: 'bridge', cardField })] };
  const decision = bridgeAccess(attachment, facts.host.network, field);
  return joined([connected(context, { attachment, decision, field }), { causes: decision.causes, warnings }]);
}

/** Whether some card's port is made by a program that QEMU itself has to start. */
export function startsBridgeHelper({ spec }: VirtualMachineInstance, { attachments, host }: LaunchFacts): boolean {
  return (spec.networks ?? []).some(({ name }) => {
    const { attachment } = readAttachment(attachments[name]);
    return attachment?.type === 'bridge' && bridgeAccess(attachment, host.network, '').access?.type === 'bridgeHelper';
  });
}

interface Port {
  readonly attachment: BridgeAttachment;
  readonly decision: AccessDecision;
  readonly field: string;
}

function connected(context: CardContext, { attachment, decision: { access, vlan }, field }: Port): Fragment {
  const { vmi, facts, card } = context;
  if (access === undefined) return {};
  const { bridge, macSpoofCheck } = attachment;
  const where = `${vlan === undefined ? '' : `VLAN ${vlan} of `}the bridge ${bridge}`;
  const passed = [`Network ${card.name} is ${where}.`];
  const id = netdevId(card);
  if (access.type === 'bridgeHelper') {
    const reason = `QEMU has its port made by ${access.path}, as /etc/qemu/bridge.conf allows.`;
    return { args: [jsonOption('-netdev', { type: 'bridge', id, br: bridge, helper: access.path }, { field, reason })], passed };
  }
  const tap: TapConnection = {
    tap: tapName(vmi.metadata.uid, card.name),
    bridge,
    ...(vlan === undefined ? {} : { vlan }),
    ...(macSpoofCheck ? { onlyMac: cardMac(vmi, card) } : {}),
  };
  // Inside the kernel packets need no QEMU; an emulated processor or card takes them one by one in any case.
  const vhost = facts.host.network.vhostNet && facts.host.accelerator.inUse === 'kvm' && (card.model ?? 'virtio') === 'virtio';
  return {
    args: [
      jsonOption(
        '-netdev',
        { type: 'tap', id, ifname: tap.tap, script: 'no', downscript: 'no', ...(vhost ? { vhost: true } : {}) },
        { field, reason: `A port of ${where}, made before QEMU starts and removed after it ended.` },
      ),
    ],
    taps: [tap],
    passed,
    warnings: access.asksPassword ? [asksPassword(portRequest(tap, facts.host.network.uid), field)] : [],
  };
}

function portRequest({ tap, bridge, vlan, onlyMac }: TapConnection, uid: number): PrivilegedRequest {
  return {
    verb: 'tap-create',
    name: tap,
    owner: uid,
    bridge,
    ...(vlan === undefined ? {} : { vlan }),
    ...(onlyMac === undefined ? {} : { mac: onlyMac }),
  };
}
