// Owns NetworkAttachmentDefinition: a network that machines can be put on, in the words of the Container Network Interface.
// Must not read its configuration; core/network does.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

/** `config` is JSON, as Multus takes it: one plugin, or a list of `plugins`. */
export type NetworkAttachmentDefinition = KubeObject<{ spec?: { readonly config?: string } }>;

export const networkAttachmentDefinitionKind: Kind = {
  group: 'k8s.cni.cncf.io',
  version: 'v1',
  kind: 'NetworkAttachmentDefinition',
  plural: 'network-attachment-definitions',
  singular: 'network-attachment-definition',
  shortNames: ['net-attach-def'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'NetworkAttachmentDefinition',
  columns: [nameColumn, fieldColumn('Config', 'spec.config', { description: 'CNI configuration, JSON.', priority: 1 }), ageColumn],
  selectableFields: [],
};
