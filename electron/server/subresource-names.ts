// Owns the group and versions of KubeVirt's subresources.
// Must not hold any of them.

export const subresourceGroup = 'subresources.kubevirt.io';
export const subresourceVersions = ['v1', 'v1alpha3'] as const;
