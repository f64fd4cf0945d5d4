// Owns a virtual function as a network card: the network that it is of, and what its card is told before the machine has it.
// Must not choose the function, nor write its arguments; assignment.ts and host-devices.ts do.
import { resourceAnnotation } from '../../../api/annotations.ts';
import type { VirtualFunctionSettings } from '../../../api/privileged.ts';
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { type GivenDevice, noDevices } from '../../devices/assignment.ts';
import { cardOfFunction } from '../../devices/function-cards.ts';
import type { CardFact } from '../../devices/permitted.ts';
import type { LaunchFacts } from '../../facts.ts';
import { readAttachment } from '../../network/attachment.ts';
import { networkKey } from '../../network/network-key.ts';
import { functionWithoutMultus } from '../../validate/network/interfaces.ts';
import type { Fragment } from '../fragment.ts';
import type { Network } from '../manifest.ts';
import { asksPassword } from './asks-password.ts';
import { type CardContext, cardMac } from './network-card.ts';
import { attachmentOf, wrongBinding } from './network-definition.ts';

/** Of the network alone: whether it is one of virtual functions, and of which resource. */
export function functionNetwork({ vmi, facts, field: cardField }: CardContext, network: Network): Fragment {
  const { multus } = network;
  if (multus === undefined) return { causes: [functionWithoutMultus(cardField)] };
  const read = attachmentOf({ vmi, facts }, network);
  if (read.attachment === undefined) return { causes: read.causes };
  if (read.attachment.type !== 'sriov') return { causes: [wrongBinding(read, { binding: 'sriov', cardField })] };
  const { networkResources } = facts.placement.devices ?? noDevices;
  const named = networkResources.has(networkKey(multus.networkName, vmi.metadata.namespace));
  return { causes: named ? read.causes : [...read.causes, noResource(multus.networkName, read.field)], warnings: read.warnings };
}

interface Start {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
}

/** For the function that was given: what its card is told, or why it cannot be told. */
export function functionConnection({ asked, grant }: GivenDevice, { vmi, facts }: Start): Fragment {
  const name = cardOfFunction(asked.name);
  const card = vmi.spec.domain.devices.interfaces?.find((one) => one.name === name);
  const [device] = grant.devices;
  const { attachment } = readAttachment(facts.attachments[name]);
  if (card === undefined || device?.type !== 'pci' || device.functionOf === undefined || attachment?.type !== 'sriov') return {};
  const { type: _type, ...held } = attachment;
  const settings: VirtualFunctionSettings = { mac: cardMac(vmi, card), ...held };
  const { address } = device;
  const request = { verb: 'sriov-vf-set', address, ...settings, untilClosed: true } as const;
  const { privilege } = facts.host.network;
  return {
    functions: [{ address, settings }],
    causes: [...cardCauses(device.functionOf, { address, field: asked.nameField }), ...privilegeCauses(privilege, asked.nameField)],
    warnings: privilege === 'pkexec' ? [asksPassword(request, asked.nameField)] : [],
    passed: [passedText({ name, address, vlan: settings.vlan ?? 0, card: nameOf(device.functionOf) })],
  };
}

function passedText(row: { readonly name: string; readonly address: string; readonly vlan: number; readonly card: string }): string {
  const { name, address, vlan, card } = row;
  if (vlan === 0) return `Network ${name} is the virtual function ${address} of ${card}.`;
  return `Network ${name} is VLAN ${vlan} by the virtual function ${address} of ${card}.`;
}

function nameOf({ address, network }: CardFact): string {
  return network === undefined ? address : network.name;
}

function cardCauses(card: CardFact, { address, field }: { readonly address: string; readonly field: string }): readonly Cause[] {
  if (card.network === undefined) {
    return [
      {
        reason: 'CardWithoutDriver',
        field,
        message: `The card ${card.address} of the virtual function ${address} is no network interface of this computer, and so cannot be told its address and VLAN.`,
        fix: 'Give the card to its own driver; its virtual functions alone are for machines.',
      },
    ];
  }
  if (card.network.up) return [];
  return [
    {
      reason: 'CardDown',
      field,
      message: `The card ${card.network.name} of the virtual function ${address} is switched off, so the function has no link.`,
      fix: `Switch it on: sudo ip link set ${card.network.name} up.`,
    },
  ];
}

function privilegeCauses(privilege: LaunchFacts['host']['network']['privilege'], field: string): readonly Cause[] {
  if (privilege === 'root' || privilege === 'pkexec') return [];
  return [
    {
      reason: 'FunctionNotPermitted',
      field,
      message: 'This user may not set addresses and VLANs of virtual functions: only the privileged program of Virtdeck can.',
      fix:
        privilege === 'missing'
          ? 'Run Virtdeck as root, or use another network.'
          : 'Let an administrator install the privileged program (sudo npm run helper -- install).',
    },
  ];
}

function noResource(networkName: string, field: string): Cause {
  return {
    reason: 'NetworkWithoutResource',
    field,
    message: `NetworkAttachmentDefinition ${networkName} does not say which virtual functions are its own.`,
    fix: `Name their resource in its annotation ${resourceAnnotation}, for example intel.com/sriov.`,
  };
}
