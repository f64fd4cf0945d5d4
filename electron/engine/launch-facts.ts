// Owns gathering everything that a launch plan depends on.
// Must not change anything: the start check gathers the same.
import { annotations } from '../api/annotations.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { isFinal, phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import type { LaunchFacts, VolumeFact } from '../core/facts.ts';
import { wantedImages } from '../core/images/wanted-images.ts';
import { parseNetworkBoot } from '../core/network/network-boot-source.ts';
import { networkKey } from '../core/network/network-key.ts';
import { textOfBase64 } from '../core/qemu/secret-text.ts';
import { contentSourceOf } from '../core/qemu/content-iso.ts';
import { kernelBootFiles } from '../core/qemu/devices/kernel-boot.ts';
import { romFiles } from '../core/qemu/devices/host-devices.ts';
import { guestMemory } from '../core/qemu/devices/memory.ts';
import { wantedHostPorts } from '../core/qemu/port-forwards.ts';
import { viewerPorts } from '../core/qemu/vnc-viewers.ts';
import { stateOwnerOf } from '../core/reconcile/vmi-of-vm.ts';
import { claimsBeingReleased } from '../core/status/volume-status.ts';
import type { EngineContext } from './context.ts';
import { placedMachines } from './placed-machines.ts';
import { placementFacts } from './placement-facts.ts';
import { claimRefusals, quotaFacts } from './quota-facts.ts';
import { read } from './typed.ts';
import { unusedDisks } from './unused-disks.ts';
import { volumeContents } from './volume-contents.ts';

type Volume = NonNullable<VirtualMachineInstance['spec']['volumes']>[number];

export async function gatherLaunchFacts(context: EngineContext, vmi: VirtualMachineInstance): Promise<LaunchFacts> {
  const { host } = context;
  const volumes = vmi.spec.volumes ?? [];
  const [hostFacts, found, images, takenPorts, unreadableFiles, networkBoot] = await Promise.all([
    context.hostFacts(),
    Promise.all(volumes.map(async (volume) => [volume.name, await volumeFact(context, vmi, volume)] as const)),
    Promise.all(wantedImages(vmi).map(async (wanted) => [wanted.name, await context.pulls.fact(vmi, wanted)] as const)),
    host.computer.takenPorts([...wantedHostPorts(vmi), ...viewerPorts(vmi)]),
    host.computer.unreadableFiles([...kernelBootFiles(vmi), ...romFiles(vmi)]),
    bootFact(context, vmi),
  ]);
  return withPromises(context, vmi, {
    host: hostFacts,
    volumes: Object.fromEntries([...found, ...images].flatMap(([name, fact]) => (fact === undefined ? [] : [[name, fact]]))),
    secrets: secretTexts(context, vmi),
    attachments: attachmentConfigs(context, vmi),
    ...(networkBoot === undefined ? {} : { networkBoot }),
    contents: volumeContents(context.store, vmi),
    ...host.machines.directories(vmi.metadata.uid, stateOwnerOf(vmi)),
    takenPorts,
    vncCertificateDir: host.certificates.vncDir,
    unreadableFiles,
    placement: placementFacts(context, { others: [], host: hostFacts }),
    promisedMiB: 0,
  });
}

/** What other machines were promised in the meantime: to be read in the same turn in which the plan is made. */
export function withPromises(context: EngineContext, vmi: VirtualMachineInstance, facts: LaunchFacts): LaunchFacts {
  const { uid } = vmi.metadata;
  const others = placedMachines(context.store, uid);
  const volumes = Object.entries(facts.volumes).map(([name, fact]) => {
    const holder = fact.state === 'ready' ? context.machines.reservedBy(fact.path, uid) : undefined;
    if (holder === undefined) return [name, fact] as const;
    const other = context.machines.get(holder.uid)?.machine.vmi;
    const named = other === undefined ? {} : { holder: { namespace: other.namespace, name: other.name } };
    return [name, { ...fact, lockedBy: `the machine ${holder.name}`, ...named }] as const;
  });
  return {
    ...facts,
    volumes: Object.fromEntries(volumes),
    placement: placementFacts(context, { others, host: facts.host }),
    ...quotaFacts(context.store, vmi, others),
    promisedMiB: others.reduce((sum, other) => sum + (guestMemory(other)?.mib ?? 0), 0),
  };
}

/** Names of the claims and DataVolumes (which are claims of the same name) that a machine's disks are on. */
export function claimNames({ spec }: Pick<VirtualMachineInstance, 'spec'>): readonly string[] {
  return (spec.volumes ?? []).flatMap((volume) => claimNameOf(volume) ?? []);
}

/** Names of the ConfigMaps that a machine's volumes show. */
export function configMapNames({ spec }: Pick<VirtualMachineInstance, 'spec'>): readonly string[] {
  return shownNames(spec, 'configMap');
}

function shownNames(spec: VirtualMachineInstance['spec'], type: 'configMap' | 'secret'): readonly string[] {
  return (spec.volumes ?? []).flatMap((volume) => {
    const source = contentSourceOf(volume);
    return source?.type === type ? [source.name] : [];
  });
}

/** Names of the Secrets that a machine's first boot and its TPM read, that its volumes show, and that open registries. */
export function secretNames({ metadata, spec }: Pick<VirtualMachineInstance, 'metadata' | 'spec'>): readonly string[] {
  const seeds = (spec.volumes ?? []).flatMap(({ cloudInitNoCloud, cloudInitConfigDrive }) => [cloudInitNoCloud, cloudInitConfigDrive]);
  const keys = (spec.accessCredentials ?? []).flatMap(({ sshPublicKey, userPassword }) => [
    sshPublicKey?.source.secret,
    userPassword?.source.secret,
  ]);
  return [
    ...shownNames(spec, 'secret'),
    ...wantedImages({ spec }).map(({ pullSecret }) => pullSecret),
    ...seeds.flatMap((seed) => [seed?.secretRef?.name, seed?.networkDataSecretRef?.name]),
    ...keys.map((secret) => secret?.secretName),
    metadata.annotations?.[annotations.tpmSecret],
    metadata.annotations?.[annotations.vncSecret],
  ].filter((name) => name !== undefined);
}

/** The NetworkAttachmentDefinitions that a machine is on, as `namespace/name`. */
export function attachmentNames({
  metadata,
  spec,
}: Pick<VirtualMachineInstance, 'spec'> & { readonly metadata: { readonly namespace?: string } }): readonly string[] {
  return (spec.networks ?? []).flatMap(({ multus }) => (multus === undefined ? [] : [networkKey(multus.networkName, metadata.namespace)]));
}

function attachmentConfigs({ store }: EngineContext, vmi: VirtualMachineInstance): LaunchFacts['attachments'] {
  return Object.fromEntries(
    (vmi.spec.networks ?? []).flatMap((network) => {
      if (network.multus === undefined) return [];
      const [namespace = '', name = ''] = networkKey(network.multus.networkName, vmi.metadata.namespace).split('/');
      const found = read(store, { resource: resources.networkAttachmentDefinitions, namespace, name });
      return found === undefined ? [] : [[network.name, found.spec?.config ?? '']];
    }),
  );
}

async function bootFact({ host }: EngineContext, { metadata }: VirtualMachineInstance): Promise<LaunchFacts['networkBoot']> {
  const text = metadata.annotations?.[annotations.networkBoot];
  if (text === undefined) return undefined;
  const { source } = parseNetworkBoot(text, '');
  return source === undefined ? undefined : await host.network.inspectBoot(source);
}

export function isUsedBy(vmi: VirtualMachineInstance, claim: string): boolean {
  return !isFinal(phaseOf(vmi)) && [...claimNames(vmi), ...claimsBeingReleased(vmi)].includes(claim);
}

function claimNameOf(volume: Volume): string | undefined {
  return volume.persistentVolumeClaim?.claimName ?? volume.dataVolume?.name ?? volume.ephemeral?.persistentVolumeClaim?.claimName;
}

function secretTexts({ store }: EngineContext, vmi: VirtualMachineInstance): LaunchFacts['secrets'] {
  const { namespace = 'default' } = vmi.metadata;
  const found = secretNames(vmi).flatMap((name) => read(store, { resource: resources.secrets, namespace, name }) ?? []);
  return Object.fromEntries(
    found.map(({ metadata, data = {} }) => [
      metadata.name,
      Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOfBase64(value)])),
    ]),
  );
}

async function volumeFact(context: EngineContext, vmi: VirtualMachineInstance, volume: Volume): Promise<VolumeFact | undefined> {
  const { disks } = context.host;
  if (volume.hostDisk !== undefined) return disks.inspectVolume(volume.hostDisk.path, { writable: true });
  const claim = claimNameOf(volume);
  return claim === undefined ? undefined : claimFact(context, { vmi, volume, claim });
}

async function claimFact(
  context: EngineContext,
  { vmi, volume, claim }: { readonly vmi: VirtualMachineInstance; readonly volume: Volume; readonly claim: string },
): Promise<VolumeFact> {
  const { store, host, fills } = context;
  const { namespace = 'default' } = vmi.metadata;
  const dataVolume = read(store, { resource: resources.dataVolumes, namespace, name: claim });
  const why = dataVolume?.status?.conditions?.find(({ type }) => type === 'Running');
  if (dataVolume?.status?.phase === 'Failed') {
    return { state: 'failed', dataVolume: claim, message: `The disk ${claim} could not be filled. ${why?.message ?? ''}`.trim() };
  }
  if (why?.reason === 'DiskFull') {
    return {
      state: 'importing',
      reason: 'DiskFull',
      dataVolume: claim,
      unused: await unusedDisks(context),
      message: `The disk ${claim} could not be filled. ${why.message ?? ''}`.trim(),
    };
  }
  const refusals = dataVolume === undefined || why?.reason !== 'ErrExceededQuota' ? [] : claimRefusals(store, dataVolume);
  if (refusals.length > 0) {
    return {
      state: 'importing',
      reason: 'ExceededQuota',
      dataVolume: claim,
      raise: refusals.flatMap(({ actions = [] }) => actions),
      message: `The disk ${claim} is not made: ${refusals.map(({ message }) => message).join(', ')}.`,
    };
  }
  if (dataVolume !== undefined && dataVolume.status?.phase !== 'Succeeded' && why?.reason === 'Error') {
    return {
      state: 'importing',
      dataVolume: claim,
      message: `The disk ${claim} is not filled yet, and is tried again by itself. ${why.message ?? ''}`.trim(),
    };
  }
  if (dataVolume !== undefined && dataVolume.status?.phase !== 'Succeeded') {
    return { state: 'importing', message: `The disk ${claim} is still being filled (${dataVolume.status?.progress ?? 'not begun'}).` };
  }
  const stored = read(store, { resource: resources.persistentVolumeClaims, namespace, name: claim });
  if (stored === undefined) return { state: 'missing', reason: 'FailedPvcNotFound', message: `PVC ${namespace}/${claim} does not exist.` };
  const path = stored.metadata.annotations?.[annotations.diskPath];
  if (stored.status?.phase !== 'Bound' || path === undefined)
    return { state: 'importing', message: `The disk ${claim} is still being made.` };
  if (stored.metadata.deletionTimestamp !== undefined) return { state: 'failed', message: `The disk ${claim} is being deleted.` };
  if (fills.isRead(path))
    return { state: 'importing', message: `The disk ${claim} is being copied; it can be used when the copy is done.` };
  const readOnly = volume.persistentVolumeClaim?.readOnly === true || volume.ephemeral !== undefined;
  return host.disks.inspectVolume(path, { writable: !readOnly });
}
