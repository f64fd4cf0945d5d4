// Owns asking a cluster what a new machine can choose from: storage classes, instance types, preferences.
// Must not fail where a cluster has none of it, or does not let this user look.
import { useCallback, useMemo } from 'react';
import type { Instancetype } from '../../../../electron/api/kinds/instancetype.ts';
import type { KubeObject } from '../../../../electron/api/object.ts';
import { mebibytesOf } from '../../../../electron/api/quantity.ts';
import { useClient, usePlace } from '../../../client/context.tsx';
import { useList, useLoaded } from '../../../client/hooks.ts';

export interface SizeOffer {
  /** As a machine names it: `VirtualMachineClusterInstancetype/u1.small`. */
  readonly id: string;
  readonly name: string;
  readonly cpus: number;
  readonly memoryMiB: number;
}

export interface ClusterOffer {
  readonly storageClasses: readonly { readonly name: string; readonly isDefault: boolean }[];
  readonly instancetypes: readonly SizeOffer[];
  readonly preferences: readonly { readonly id: string; readonly name: string }[];
}

const defaultClass = 'storageclass.kubernetes.io/is-default-class';

export function useClusterOffer(): ClusterOffer {
  const client = useClient();
  const { namespace } = usePlace();
  const classes = useLoaded(
    useCallback((signal: AbortSignal) => client.table('/apis/storage.k8s.io/v1/storageclasses', signal), [client]),
  ).value;
  const everywhere = useList('virtualmachineclusterinstancetypes.instancetype.kubevirt.io').items;
  const ofProject = useList('virtualmachineinstancetypes.instancetype.kubevirt.io').items;
  const preferences = useList('virtualmachineclusterpreferences.instancetype.kubevirt.io').items;
  const ownPreferences = useList('virtualmachinepreferences.instancetype.kubevirt.io').items;
  return useMemo(() => {
    const inProject = ({ metadata }: KubeObject): boolean => metadata.namespace === namespace;
    return {
      storageClasses: (classes?.rows ?? []).flatMap(({ object }) => {
        const { name, annotations } = object?.metadata ?? {};
        return name === undefined ? [] : [{ name, isDefault: annotations?.[defaultClass] === 'true' }];
      }),
      instancetypes: [
        ...ofProject.filter(inProject).map((type) => sizeOf('VirtualMachineInstancetype', type)),
        ...everywhere.map((type) => sizeOf('VirtualMachineClusterInstancetype', type)),
      ],
      preferences: [
        ...ownPreferences.filter(inProject).map(({ metadata: { name } }) => ({ id: `VirtualMachinePreference/${name}`, name })),
        ...preferences.map(({ metadata: { name } }) => ({ id: `VirtualMachineClusterPreference/${name}`, name })),
      ],
    };
  }, [classes, everywhere, ofProject, preferences, ownPreferences, namespace]);
}

function sizeOf(kind: string, { metadata: { name }, spec }: Instancetype): SizeOffer {
  return { id: `${kind}/${name}`, name, cpus: spec.cpu.guest, memoryMiB: mebibytesOf(spec.memory.guest) ?? 0 };
}
