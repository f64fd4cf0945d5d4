// Owns which lists are merged item by item, and by which keys. All others are one value, as in KubeVirt's CustomResourceDefinitions.
// Must not merge.

/** `atomic`: one value; `set`: of scalars; otherwise the fields that tell items apart. */
export type ListShape = 'atomic' | 'set' | { readonly keys: readonly string[] };

/** By the path of the list: `spec.template.spec.volumes`; items in between are `[]`. */
export type ListShapeAt = (path: string) => ListShape;

const instanceSpec: Readonly<Record<string, ListShape>> = {
  resourceClaims: { keys: ['name'] },
  topologySpreadConstraints: { keys: ['topologyKey', 'whenUnsatisfiable'] },
  utilityVolumes: { keys: ['name'] },
  'accessCredentials[].sshPublicKey.propagationMethod.qemuGuestAgent.users': 'set',
};

const metadata: Readonly<Record<string, ListShape>> = { 'metadata.ownerReferences': { keys: ['uid'] }, 'metadata.finalizers': 'set' };
const conditions: Readonly<Record<string, ListShape>> = { 'status.conditions': { keys: ['type'] } };

/** `x-kubernetes-list-type` of KubeVirt 1.9's definitions and of Kubernetes' own kinds, by kind. */
const shapes: Readonly<Record<string, Readonly<Record<string, ListShape>>>> = {
  VirtualMachine: prefixed('spec.template.spec.', instanceSpec),
  VirtualMachineInstance: prefixed('spec.', instanceSpec),
  Namespace: conditions,
  Node: { ...conditions, 'spec.podCIDRs': 'set' },
  PersistentVolumeClaim: conditions,
};

function prefixed(prefix: string, rows: Readonly<Record<string, ListShape>>): Readonly<Record<string, ListShape>> {
  return Object.fromEntries(Object.entries(rows).map(([path, shape]) => [prefix + path, shape]));
}

export function listShapesOf(kind: string): ListShapeAt {
  const own = shapes[kind] ?? {};
  return (path) => own[path] ?? metadata[path] ?? 'atomic';
}
