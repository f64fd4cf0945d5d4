// Owns what the NetworkAttachmentDefinition of a machine's network says, with its faults told where the machine names it.
// Must not know what is done with it.
import type { VirtualMachineInstance } from '../../../api/kinds/virtual-machine-instance.ts';
import type { Cause } from '../../../api/errors.ts';
import type { LaunchFacts } from '../../facts.ts';
import { type Attachment, readAttachment } from '../../network/attachment.ts';
import type { Network } from '../manifest.ts';

export interface ReadDefinition {
  readonly attachment?: Attachment;
  readonly causes: readonly Cause[];
  readonly warnings: readonly Cause[];
  /** `spec.networks[1].multus.networkName` */
  readonly field: string;
  /** `NetworkAttachmentDefinition lab/blue` */
  readonly about: string;
}

export function attachmentOf(
  { vmi, facts }: { readonly vmi: VirtualMachineInstance; readonly facts: LaunchFacts },
  network: Network,
): ReadDefinition {
  const index = (vmi.spec.networks ?? []).findIndex(({ name }) => name === network.name);
  const field = `spec.networks[${index}].multus.networkName`;
  const about = `NetworkAttachmentDefinition ${network.multus?.networkName ?? ''}`;
  const config = facts.attachments[network.name];
  if (config === undefined) return { causes: [noDefinition(network, field)], warnings: [], field, about };
  const { attachment, causes, warnings } = readAttachment(config);
  const saidOf = (cause: Cause): Cause => ({ ...cause, field, message: `${about}, ${cause.field}: ${cause.message}` });
  const said = { causes: causes.map(saidOf), warnings: warnings.map(saidOf), field, about };
  return attachment === undefined ? said : { ...said, attachment };
}

/** A card says how it is connected, and its network what it is: they must mean the same. */
export function wrongBinding(
  { about, attachment }: ReadDefinition,
  { binding, cardField }: { readonly binding: string; readonly cardField: string },
): Cause {
  const type = attachment?.type ?? '';
  return {
    reason: 'FieldValueInvalid',
    field: `${cardField}.${binding}`,
    message: `${about} is of type ${type}, and the interface is connected by ${binding}.`,
    fix: `Use ${type}: {} in the interface, or another network.`,
  };
}

function noDefinition({ multus }: Network, field: string): Cause {
  const name = multus?.networkName ?? '';
  return {
    reason: 'NetworkMissing',
    field,
    message: `There is no NetworkAttachmentDefinition ${name}.`,
    fix: `Make it on the page Networks, or use the user network: pod: {}.`,
  };
}
