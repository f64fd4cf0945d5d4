// Owns what a machine of this computer becomes on a cluster: its manifest, its disks, and a remark for every field that is not the same there.
// Must not send anything.
import { annotations } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';
import type { Remark, TransferSpec } from '../../api/kinds/transfer.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../api/object.ts';
import { formatBytes } from '../../api/quantity.ts';
import { type Found, type Reference, referencesOf } from './references.ts';
import { fittedNetworks, type MachineSpec, withoutOwnNodes } from './fitting.ts';

/** A disk of this computer that goes along. */
export interface OutgoingDisk {
  readonly volume: string;
  /** Name of the claim, here and there. */
  readonly claim: string;
  /** Of the file here. */
  readonly path: string;
  readonly format: 'qcow2' | 'raw';
  readonly sizeBytes: number;
  /** With containerdisk: what the machine pulls it as. */
  readonly image?: string;
}

/** What is behind a volume of the machine, by the volume's name. Absent: it needs no file of this computer. */
export type VolumeFiles = ReadonlyMap<
  string,
  { readonly path: string; readonly format: 'qcow2' | 'raw'; readonly sizeBytes: number } | 'missing'
>;

export interface OutgoingFacts {
  readonly spec: TransferSpec;
  /** Project on the cluster. */
  readonly namespace: string;
  readonly running: boolean;
  readonly hostname: string;
  readonly files: VolumeFiles;
  /** By path of the reference. */
  readonly found: Found;
}

export interface Outgoing {
  readonly causes: readonly Cause[];
  readonly remarks: readonly Remark[];
  readonly disks: readonly OutgoingDisk[];
  /** Made before their bytes are sent. */
  readonly dataVolumes: readonly DraftObject[];
  readonly machine: DraftObject;
}

/** Told to a cluster that the object came by this transfer: after an interruption its own are known again. */
export const transferLabel = 'virtdeck.io/transfer';

export function outgoing(vm: VirtualMachine, uid: string, facts: OutgoingFacts): Outgoing {
  const { spec, namespace } = facts;
  const name = spec.newName ?? vm.metadata.name;
  const template = vm.spec.template;
  const disks = disksOf(vm, name, facts);
  const nodes = withoutOwnNodes(template.spec ?? { domain: { devices: {} } }, facts.hostname);
  const networks = fittedNetworks(nodes.spec, (index) => facts.found.get(networkPath(vm, namespace, index)) === false);
  const body: MachineSpec = { ...networks.spec, volumes: volumesThere(networks.spec, disks.disks, spec) };
  const own = annotationsThere(vm.metadata.annotations, 'metadata');
  const templateOwn = annotationsThere(template.metadata?.annotations, 'spec.template.metadata');
  const { dataVolumeTemplates: _made, running: _running, runStrategy, instancetype, preference, ...rest } = vm.spec;
  const machine: DraftObject = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace, labels: { ...vm.metadata.labels, [transferLabel]: uid }, ...own.annotations },
    spec: {
      ...rest,
      // The names of kept revisions mean nothing there.
      ...(instancetype === undefined ? {} : { instancetype: { ...instancetype, revisionName: undefined } }),
      ...(preference === undefined ? {} : { preference: { ...preference, revisionName: undefined } }),
      runStrategy: runStrategy === 'Manual' ? 'Manual' : 'Halted',
      template: { ...template, metadata: { ...template.metadata, ...templateOwn.annotations }, spec: body },
    },
  };
  return {
    causes: [...runningCauses(facts), ...disks.causes],
    remarks: [
      ...own.remarks,
      ...templateOwn.remarks,
      ...strategyRemarks(runStrategy),
      ...disks.remarks,
      ...nodes.remarks,
      ...networks.remarks,
      ...deviceRemarks(body),
      ...referenceRemarks(vm, facts),
    ],
    disks: disks.disks,
    dataVolumes: spec.disks === 'upload' ? disks.disks.map((disk) => dataVolumeOf(disk, uid, facts)) : [],
    machine,
  };
}

function networkPath(vm: VirtualMachine, namespace: string, index: number): string {
  const field = `spec.template.spec.networks[${index}].multus.networkName`;
  return referencesOf(vm, namespace).find((reference) => reference.field === field)?.path ?? '';
}

function runningCauses({ running }: OutgoingFacts): readonly Cause[] {
  if (!running) return [];
  const message = 'The machine runs: its disks change while they are copied.';
  return [{ reason: 'Running', field: 'spec.machine', message, fix: 'Shut it down first.' }];
}

type Volume = NonNullable<MachineSpec['volumes']>[number];

interface Disks {
  readonly disks: readonly OutgoingDisk[];
  readonly causes: readonly Cause[];
  readonly remarks: readonly Remark[];
}

function disksOf(vm: VirtualMachine, name: string, facts: OutgoingFacts): Disks {
  const causes: Cause[] = [];
  const remarks: Remark[] = [];
  const disks: OutgoingDisk[] = [];
  (vm.spec.template.spec?.volumes ?? []).forEach((volume, index) => {
    const file = facts.files.get(volume.name);
    const field = `spec.template.spec.volumes[${index}]`;
    if (file === undefined) return;
    if (file === 'missing') {
      const message = `The disk of the volume ${volume.name} is not there.`;
      causes.push({ reason: 'FieldValueNotFound', field, message, fix: 'Wait until it is made, or take the volume out.' });
      return;
    }
    const claim = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? `${name}-${volume.name}`;
    const image = imageOf(facts.spec, disks.length);
    disks.push({ volume: volume.name, claim, ...file, ...(image === undefined ? {} : { image }) });
    remarks.push({ type: 'changed', field, message: diskMessage(volume, claim, image) });
  });
  if (facts.spec.disks === 'containerdisk' && facts.spec.image === undefined && disks.length > 0) {
    const message = 'The disks become container images, but nothing says what the machine pulls them as.';
    causes.push({
      reason: 'FieldValueRequired',
      field: 'spec.image',
      message,
      fix: 'Give a name such as registry.example.com/team/web:1.',
    });
  }
  if ((vm.spec.dataVolumeTemplates ?? []).length > 0) {
    remarks.push({
      type: 'removed',
      field: 'spec.dataVolumeTemplates',
      message: 'The disks are filled already: they come with the machine.',
    });
  }
  return { disks, causes, remarks };
}

/** `web:1`, `web-2:1`. */
function imageOf({ disks, image }: TransferSpec, index: number): string | undefined {
  if (disks !== 'containerdisk' || image === undefined) return undefined;
  if (index === 0) return image;
  const [, name = image, tag = ''] = /^(.*?)(:[\w.-]+)?$/.exec(image) ?? [];
  return `${name}-${index + 1}${tag}`;
}

function diskMessage(volume: Volume, claim: string, image: string | undefined): string {
  if (image !== undefined) return `The disk becomes the container image ${image}; what the guest writes is gone when it stops.`;
  if (volume.hostDisk !== undefined) return `The file ${volume.hostDisk.path} of this computer becomes the disk ${claim}.`;
  return `The disk ${claim} is uploaded.`;
}

function volumesThere(body: MachineSpec, disks: readonly OutgoingDisk[], { disks: how }: TransferSpec): Volume[] {
  return (body.volumes ?? []).map((volume) => {
    const disk = disks.find((one) => one.volume === volume.name);
    if (disk === undefined) return volume;
    if (how === 'containerdisk') return { name: volume.name, containerDisk: { image: disk.image ?? '' } };
    return { name: volume.name, dataVolume: { name: disk.claim } };
  });
}

function dataVolumeOf({ claim, sizeBytes }: OutgoingDisk, uid: string, { namespace, spec }: OutgoingFacts): DraftObject {
  const { storageClassName } = spec;
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name: claim,
      namespace,
      labels: { [transferLabel]: uid },
      // Storage that waits for a machine to use it would wait for ever: the machine comes after its disks.
      annotations: { 'cdi.kubevirt.io/storage.bind.immediate.requested': 'true' },
    },
    spec: {
      source: { upload: {} },
      storage: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: formatBytes(sizeBytes) } },
        ...(storageClassName === undefined ? {} : { storageClassName }),
      },
    },
  };
}

interface Annotations {
  readonly annotations: { readonly annotations?: Readonly<Record<string, string>> };
  readonly remarks: readonly Remark[];
}

/** Where the console of OpenShift looks for it. */
const descriptionThere = 'description';
/** Of this copy of the manifest, or the cluster's own business. */
const dropped = /^(?:kubectl\.kubernetes\.io\/|kubevirt\.io\/|virtdeck\.io\/)/;

function annotationsThere(all: Readonly<Record<string, string>> = {}, place: string): Annotations {
  const entries = Object.entries(all);
  const kept = entries.flatMap(([key, value]): (readonly [string, string])[] => {
    if (key === annotations.description) return [[descriptionThere, value]];
    return dropped.test(key) ? [] : [[key, value]];
  });
  const remarks = entries.flatMap(([key]): Remark[] => {
    if (!key.startsWith('virtdeck.io/')) return [];
    const field = `${place}.annotations[${key}]`;
    if (key === annotations.description) return [{ type: 'changed', field, message: 'It becomes the annotation description.' }];
    return [{ type: 'removed', field, message: ownMeanings.get(key) ?? 'It means something on this computer only.' }];
  });
  return { annotations: kept.length === 0 ? { annotations: {} } : { annotations: Object.fromEntries(kept) }, remarks };
}

const ownMeanings: ReadonlyMap<string, string> = new Map([
  [annotations.portForwards, 'A cluster has Services in place of port forwards.'],
  [annotations.kernelBoot, 'A kernel of this computer is not there: the guest boots from its disk.'],
  [annotations.networkBoot, 'Network boot comes from the network of the cluster.'],
  [annotations.bootMenu, 'A cluster does not wait for a key: start it paused, and open its screen first.'],
  [annotations.secureBootKeys, 'A cluster has the keys of its own firmware.'],
  [annotations.watchdogAction, 'KubeVirt has no such action: the one of the watchdog device holds.'],
  [annotations.panicAction, 'KubeVirt decides itself what becomes of a guest that panics.'],
  [annotations.vncListen, 'Viewers reach the screen through the API of the cluster.'],
  [annotations.tpmSecret, 'The kept state of the TPM does not go along.'],
]);

function strategyRemarks(strategy: string | undefined): readonly Remark[] {
  if (strategy === 'Halted' || strategy === 'Manual') return [];
  return [
    {
      type: 'changed',
      field: 'spec.runStrategy',
      message: 'It arrives stopped: two with the same disks and addresses should not run at once.',
    },
  ];
}

function deviceRemarks({ domain }: MachineSpec): readonly Remark[] {
  const remarks: Remark[] = [];
  for (const kind of ['hostDevices', 'gpus'] as const) {
    (domain.devices[kind] ?? []).forEach(({ deviceName }, index) => {
      const message = `A node of the cluster must offer ${deviceName}, and its administrator must permit it.`;
      remarks.push({ type: 'needed', field: `spec.template.spec.domain.devices.${kind}[${index}]`, message });
    });
  }
  if (domain.devices.tpm?.persistent === true || domain.firmware?.bootloader?.efi?.persistent === true) {
    const field = domain.devices.tpm?.persistent === true ? 'spec.template.spec.domain.devices.tpm' : 'spec.template.spec.domain.firmware';
    remarks.push({ type: 'removed', field, message: 'What the firmware and the TPM have kept stays here; they begin anew there.' });
  }
  return remarks;
}

function referenceRemarks(vm: VirtualMachine, { namespace, found }: OutgoingFacts): readonly Remark[] {
  return referencesOf(vm, namespace).flatMap((reference): Remark[] => {
    if (reference.kind === 'NetworkAttachmentDefinition' || found.get(reference.path) !== false) return [];
    return [{ type: 'needed', field: reference.field, message: neededMessage(reference) }];
  });
}

function neededMessage({ kind, name, namespace }: Reference): string {
  if (namespace === undefined) return `There is no ${kind} ${name} on the cluster: the machine does not start without it.`;
  return `There is no ${kind} ${name} in the project ${namespace} of the cluster: the machine does not start without it.`;
}
