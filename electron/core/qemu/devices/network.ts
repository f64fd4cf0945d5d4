// Owns network interfaces: which card there is, on which network.
// Must not create bridges or taps.
import type { Cause } from '../../../api/errors.ts';
import type { LaunchFacts } from '../../facts.ts';
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import { type Family, type Fragment, joined } from '../fragment.ts';
import type { Interface } from '../manifest.ts';
import { bridgeBackend } from './network-bridge.ts';
import { type CardContext, cardOf } from './network-card.ts';
import { functionNetwork } from './network-function.ts';
import { userBackend } from './network-user.ts';

export const networkFamily: Family = (vmi, facts) => joined(presentCards(vmi).map(({ name }) => interfaceFragment(vmi, facts, name)));

function presentCards({ spec }: VirtualMachineInstance): readonly Interface[] {
  return (spec.domain.devices.interfaces ?? []).filter(({ state }) => state !== 'absent');
}

/** One card with what is behind it: for the start, and for plugging it in later. */
export function interfaceFragment(vmi: VirtualMachineInstance, facts: LaunchFacts, name: string): Fragment {
  const index = (vmi.spec.domain.devices.interfaces ?? []).findIndex((card) => card.name === name);
  const card = vmi.spec.domain.devices.interfaces?.[index];
  if (card === undefined) return {};
  return interfaceOf({ vmi, facts, card, index, field: `spec.domain.devices.interfaces[${index}]` });
}

function interfaceOf(context: CardContext): Fragment {
  const { vmi, card, field } = context;
  const network = vmi.spec.networks?.find(({ name }) => name === card.name);
  if (network === undefined) return { causes: [noNetwork(card.name, field)] };
  const binding = bindingOf(card);
  if (binding === undefined || unavailable.includes(binding)) return { causes: [noBinding(binding, field)] };
  if (binding === 'sriov') return functionNetwork(context, network);
  if (network.multus !== undefined) return joined([bridgeBackend(context, network), cardOf(context, undefined)]);
  const { backend, bootFile } = userBackend(context, network);
  return joined([backend, cardOf(context, bootFile), { warnings: approximations(binding, field) }]);
}

const userLike = ['masquerade', 'bridge', 'slirp', 'passt', 'passtBinding'] as const;
const bindings = [...userLike, 'macvtap', 'sriov', 'binding'] as const;
type Binding = (typeof bindings)[number];
const unavailable: readonly Binding[] = ['macvtap', 'binding'];

function bindingOf(card: Interface): Binding | undefined {
  return bindings.find((name) => card[name] !== undefined);
}

function approximations(binding: Binding, field: string): readonly Cause[] {
  if (binding === 'masquerade') return [];
  return [
    {
      reason: 'NotHonoured',
      field: `${field}.${binding}`,
      message: `Binding ${binding} becomes the user network: the guest reaches out through this computer, and in only through forwarded ports.`,
      fix: `Use ${field}.masquerade, which means the same here.`,
    },
  ];
}

function noNetwork(name: string, field: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: `${field}.name`,
    message: `${field}.name '${name}' not found.`,
    fix: `Add a network of the name ${name} to spec.networks, or remove the interface.`,
  };
}

function noBinding(binding: string | undefined, field: string): Cause {
  return {
    reason: 'FieldValueNotSupported',
    field: binding === undefined ? field : `${field}.${binding}`,
    message: binding === undefined ? 'The interface says nothing of how it is connected.' : `Binding ${binding} is not available here.`,
    fix: `Use ${field}.masquerade.`,
  };
}
