// Owns what the window reads in the configuration of a NetworkAttachmentDefinition: a bridge, or virtual functions.
// Must not judge it; the core does.
import type { NetworkAttachmentDefinition } from '../../electron/api/kinds/network-attachment-definition.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The plugin that connects; undefined when the text cannot be read, or is of another kind. */
export function networkPlugin(config: string | undefined): Fields | undefined {
  let value: unknown;
  try {
    value = JSON.parse(config ?? '');
  } catch {
    return undefined;
  }
  const plugins = isFields(value) && Array.isArray(value['plugins']) ? value['plugins'] : [value];
  return plugins.filter(isFields).find(({ type, bridge }) => type === 'sriov' || typeof bridge === 'string');
}

/** A machine's card on it is a virtual function of a card of this computer. */
export function isFunctionNetwork({ spec }: Pick<NetworkAttachmentDefinition, 'spec'>): boolean {
  return networkPlugin(spec?.config)?.['type'] === 'sriov';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
