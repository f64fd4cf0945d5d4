// Owns gathering what a plan of a transfer depends on: files behind volumes, what is there at the other end, what names are taken.
// Must not judge any of it; core/clusters does.
import type { Transfer } from '../../api/kinds/transfer.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import { isFinal, phaseOf } from '../../api/lifecycle.ts';
import type { ObjectKey, ResourceId } from '../../api/object.ts';
import { bytesOf } from '../../api/quantity.ts';
import { resources } from '../../api/resources.ts';
import type { VolumeFiles } from '../../core/clusters/outgoing.ts';
import type { Found, Reference } from '../../core/clusters/references.ts';
import { diskFormatOf, diskPathOf } from '../../core/status/claim-status.ts';
import { isObject, type Remote, textAt } from '../clusters/remote.ts';
import type { EngineContext } from '../context.ts';
import { read, readAll } from '../typed.ts';

/** Project on the cluster that a transfer is about. */
export async function farNamespace({ clusters }: EngineContext, { connection, namespace }: Transfer['spec']): Promise<string> {
  return namespace ?? (await clusters.namespaceOf(connection));
}

export function runsHere({ store }: EngineContext, key: Pick<ObjectKey, 'namespace' | 'name'>): boolean {
  const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
  return vmi !== undefined && !isFinal(phaseOf(vmi));
}

type Volume = NonNullable<NonNullable<VirtualMachine['spec']['template']['spec']>['volumes']>[number];

/** The files of this computer behind a machine's volumes. */
export async function volumeFiles(context: EngineContext, vm: VirtualMachine): Promise<VolumeFiles> {
  const files = new Map<string, { readonly path: string; readonly format: 'qcow2' | 'raw'; readonly sizeBytes: number } | 'missing'>();
  for (const volume of vm.spec.template.spec?.volumes ?? []) {
    const path = filePath(context, vm, volume);
    if (path === undefined) continue;
    const fact = path === 'missing' ? undefined : await context.host.disks.inspectVolume(path.file, { writable: false });
    if (path === 'missing' || fact?.state !== 'ready') files.set(volume.name, 'missing');
    else files.set(volume.name, { path: fact.path, format: path.format ?? fact.format, sizeBytes: fact.virtualSizeBytes });
  }
  return files;
}

function filePath(
  { store }: EngineContext,
  { metadata: { namespace = 'default' } }: VirtualMachine,
  volume: Volume,
): { readonly file: string; readonly format?: 'qcow2' | 'raw' } | 'missing' | undefined {
  if (volume.hostDisk !== undefined) return { file: volume.hostDisk.path };
  const name = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
  if (name === undefined) return undefined;
  const claim = read(store, { resource: resources.persistentVolumeClaims, namespace, name });
  const file = claim?.status?.phase === 'Bound' ? diskPathOf(claim) : undefined;
  return claim === undefined || file === undefined ? 'missing' : { file, format: diskFormatOf(claim) };
}

export async function foundThere(remote: Remote, references: readonly Reference[]): Promise<Found> {
  const paths = [...new Set(references.map(({ path }) => path))];
  const answers = await Promise.all(paths.map(async (path) => [path, await remote.has(path)] as const));
  return new Map(answers.flatMap(([path, is]) => (is === undefined ? [] : [[path, is]])));
}

const localKinds: Readonly<Record<string, ResourceId>> = {
  Secret: resources.secrets,
  ConfigMap: resources.configMaps,
  NetworkAttachmentDefinition: resources.networkAttachmentDefinitions,
  VirtualMachineInstancetype: resources.instancetypes,
  VirtualMachineClusterInstancetype: resources.clusterInstancetypes,
  VirtualMachinePreference: resources.preferences,
  VirtualMachineClusterPreference: resources.clusterPreferences,
  PriorityClass: resources.priorityClasses,
};

export function foundHere({ store }: EngineContext, references: readonly Reference[]): Found {
  return new Map(
    references.flatMap(({ kind, name, namespace, path }) => {
      const resource = localKinds[kind];
      if (resource === undefined) return [];
      return [[path, store.get({ resource, name, ...(namespace === undefined ? {} : { namespace }) }) !== undefined] as const];
    }),
  );
}

/** Sizes of the claims of a machine of the cluster; undefined for one that is not there, or not bound. */
export async function claimSizes(remote: Remote, vm: VirtualMachine, namespace: string): Promise<ReadonlyMap<string, number | undefined>> {
  const names = (vm.spec.template.spec?.volumes ?? []).flatMap(
    ({ dataVolume, persistentVolumeClaim }) => dataVolume?.name ?? persistentVolumeClaim?.claimName ?? [],
  );
  const sizes = await Promise.all(
    [...new Set(names)].map(async (name) => {
      const claim = await remote.get(`${claimsPath(namespace)}/${encodeURIComponent(name)}`);
      const isBound = textAt(claim, 'status', 'phase') === 'Bound';
      return [name, isBound ? bytesOf(textAt(claim, 'status', 'capacity', 'storage')) : undefined] as const;
    }),
  );
  return new Map(sizes);
}

/** Names that a disk cannot have here. */
export function takenClaims({ store }: EngineContext, namespace: string): ReadonlySet<string> {
  const claims = readAll(store, resources.persistentVolumeClaims, namespace);
  const volumes = readAll(store, resources.dataVolumes, namespace);
  return new Set([...claims, ...volumes].map(({ metadata }) => metadata.name));
}

/** Whether the machine has an instance that has not ended. */
export async function runsThere(remote: Remote, namespace: string, name: string): Promise<boolean> {
  const vmi = await remote.get(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstances/${encodeURIComponent(name)}`);
  if (!isObject(vmi)) return false;
  return !['Succeeded', 'Failed'].includes(textAt(vmi, 'status', 'phase') ?? '');
}

export function machinesPath(namespace: string): string {
  return `/apis/kubevirt.io/v1/namespaces/${encodeURIComponent(namespace)}/virtualmachines`;
}

export function dataVolumesPath(namespace: string): string {
  return `/apis/cdi.kubevirt.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/datavolumes`;
}

export function claimsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/persistentvolumeclaims`;
}
