// Owns reading a network of type sriov: what the card is to hold the machine's virtual function to.
// Must not know which card or function it will be; the resource's name and the launch decision do.
import { functionLinkStates, type VirtualFunctionSettings } from '../../api/privileged.ts';
import type { Cause } from '../../api/errors.ts';
import { invalid, notSupported } from '../validate/rule.ts';

/** Absent settings stay as the card has them. */
export interface FunctionAttachment extends Omit<VirtualFunctionSettings, 'mac'> {
  readonly type: 'sriov';
}

export const functionTypes: readonly unknown[] = ['sriov'];
/** `mac` and `deviceID` come from a machine and its function, and nothing writes to `logFile`. */
export const functionFieldsWithoutEffect = ['mac', 'deviceID', 'logFile'];
/** Of sriov-cni. The SR-IOV operator writes `logLevel` into every network, and means no machine by it. */
export const functionFields = [
  ...'vlan vlanQoS vlanProto spoofchk trust link_state min_tx_rate max_tx_rate logLevel'.split(' '),
  ...functionFieldsWithoutEffect,
];

const maxVlan = 4094;
const maxPriority = 7;
const linkStates: Readonly<Record<string, 0 | 1 | 2>> = functionLinkStates;
const switches: Readonly<Record<string, boolean>> = { on: true, off: false };

interface Plugin {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly field: string;
}

export function readFunction({ fields, field }: Plugin): { readonly attachment?: FunctionAttachment; readonly causes: readonly Cause[] } {
  const { vlan = 0, vlanQoS = 0, spoofchk, trust, link_state: linkState } = fields;
  const causes = [
    ...numberCauses({ field: `${field}.vlan`, name: 'vlan', value: vlan, most: maxVlan }),
    ...numberCauses({ field: `${field}.vlanQoS`, name: 'vlanQoS', value: vlanQoS, most: maxPriority }),
    ...(vlan === 0 && vlanQoS !== 0 ? [invalid(`${field}.vlanQoS`, 'vlanQoS is of a VLAN, and there is none.', 'Give vlan, too.')] : []),
    ...choiceCauses({ field: `${field}.spoofchk`, name: 'spoofchk', value: spoofchk, choices: Object.keys(switches) }),
    ...choiceCauses({ field: `${field}.trust`, name: 'trust', value: trust, choices: Object.keys(switches) }),
    ...choiceCauses({ field: `${field}.link_state`, name: 'link_state', value: linkState, choices: Object.keys(linkStates) }),
    ...unavailable({ fields, field }),
  ];
  if (causes.length > 0) return { causes };
  const spoofCheck = switches[String(spoofchk)];
  const trusted = switches[String(trust)];
  const link = linkStates[String(linkState)];
  return {
    causes,
    attachment: {
      type: 'sriov',
      // No VLAN is said, too: the function may have one from before.
      vlan: Number(vlan),
      qos: Number(vlanQoS),
      ...(spoofCheck === undefined ? {} : { spoofCheck }),
      ...(trusted === undefined ? {} : { trust: trusted }),
      ...(link === undefined ? {} : { linkState: link }),
    },
  };
}

interface Asked {
  readonly field: string;
  readonly name: string;
  readonly value: unknown;
}

function numberCauses({ field, name, value, most }: Asked & { readonly most: number }): readonly Cause[] {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return [];
  const message = `${name} ${JSON.stringify(value)} is none: it is 0 to ${most}.`;
  return [invalid(field, message, `Use a whole number of 0 to ${most}.`)];
}

function choiceCauses({ field, name, value, choices }: Asked & { readonly choices: readonly string[] }): readonly Cause[] {
  if (value === undefined || (typeof value === 'string' && choices.includes(value))) return [];
  const list = choices.map((choice) => `"${choice}"`).join(', ');
  return [invalid(field, `${name} ${JSON.stringify(value)} is none of ${list}.`, `Use ${list}.`)];
}

/** What a machine would count on in vain. */
function unavailable({ fields, field }: Plugin): readonly Cause[] {
  const { vlanProto, min_tx_rate: least, max_tx_rate: most } = fields;
  const isPlain = vlanProto === undefined || (typeof vlanProto === 'string' && vlanProto.toLowerCase() === '802.1q');
  return [
    ...(isPlain
      ? []
      : [notSupported(`${field}.vlanProto`, `vlanProto ${JSON.stringify(vlanProto)} is not available here.`, 'Use "802.1q".')]),
    ...[
      { name: 'min_tx_rate', value: least },
      { name: 'max_tx_rate', value: most },
    ].flatMap(({ name, value }) =>
      value === undefined || value === 0
        ? []
        : [notSupported(`${field}.${name}`, `${name} is not available here: nothing limits a virtual function.`, 'Leave it out.')],
    ),
  ];
}
