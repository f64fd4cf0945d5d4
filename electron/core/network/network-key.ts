// Owns which NetworkAttachmentDefinition a network of a machine names.
// Must not look for it.

/** Multus' own: a name of the machine's project, or `project/name`. */
export function networkKey(networkName: string, namespace = 'default'): string {
  return networkName.includes('/') ? networkName : `${namespace}/${networkName}`;
}
