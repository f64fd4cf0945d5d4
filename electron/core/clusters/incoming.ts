// Owns what a machine of a cluster becomes on this computer: its manifest, its disks, and a remark for every field that is not the same here.
// Must not fetch anything.
import type { Cause } from '../../api/errors.ts';
import type { Remark, TransferSpec } from '../../api/kinds/transfer.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../api/object.ts';
import { formatBytes } from '../../api/quantity.ts';
import { machineNotHonoured } from '../validate/not-honoured.ts';
import { transferLabel } from './outgoing.ts';
import { fittedNetworks, type MachineSpec } from './fitting.ts';
import type { Found } from './references.ts';
import { referencesOf } from './references.ts';

export interface IncomingDisk {
  readonly volume: string;
  /** Of the claim on the cluster. */
  readonly remote: string;
  /** Of the claim here. */
  readonly claim: string;
  readonly sizeBytes: number;
}

export interface IncomingFacts {
  readonly spec: TransferSpec;
  /** Project here. */
  readonly namespace: string;
  readonly running: boolean;
  /** Bytes of the claims on the cluster, by name; undefined: there is none, or it is not bound. */
  readonly claimBytes: ReadonlyMap<string, number | undefined>;
  /** What the machine speaks of, here: by path of the reference. */
  readonly found: Found;
  /** Names of claims that are taken here. */
  readonly taken: ReadonlySet<string>;
}

export interface Incoming {
  readonly causes: readonly Cause[];
  readonly remarks: readonly Remark[];
  readonly disks: readonly IncomingDisk[];
  readonly dataVolumes: readonly DraftObject[];
  readonly machine: DraftObject;
}

/** `vm` is the machine as the cluster has it, with instance types written out where this computer lacks them. */
export function incoming(vm: VirtualMachine, uid: string, facts: IncomingFacts): Incoming {
  const { spec, namespace } = facts;
  const name = spec.newName ?? vm.metadata.name;
  const { dataVolumeTemplates = [], running: _running, runStrategy, template, instancetype, preference, ...rest } = vm.spec;
  const found = disksOf(vm, facts);
  const references = referencesOf(vm, namespace);
  const own: MachineSpec = template.spec ?? { domain: { devices: {} } };
  const networks = fittedNetworks(own, (index) => {
    const field = `spec.template.spec.networks[${index}].multus.networkName`;
    return facts.found.get(references.find((reference) => reference.field === field)?.path ?? '') === false;
  });
  const volumes = (networks.spec.volumes ?? []).map((volume) => {
    const disk = found.disks.find((one) => one.volume === volume.name);
    return disk === undefined ? volume : { name: volume.name, dataVolume: { name: disk.claim } };
  });
  const machine: DraftObject = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, namespace, labels: { ...labelsHere(vm), [transferLabel]: uid }, ...annotationsHere(vm.metadata.annotations) },
    spec: {
      ...rest,
      ...(instancetype === undefined ? {} : { instancetype: { ...instancetype, revisionName: undefined } }),
      ...(preference === undefined ? {} : { preference: { ...preference, revisionName: undefined } }),
      runStrategy: runStrategy === 'Manual' ? 'Manual' : 'Halted',
      template: { ...template, spec: { ...networks.spec, volumes } },
    },
  };
  return {
    causes: [...runningCauses(facts), ...found.causes],
    remarks: [
      ...(runStrategy === 'Halted' || runStrategy === 'Manual'
        ? []
        : [
            {
              type: 'changed' as const,
              field: 'spec.runStrategy',
              message: 'It arrives stopped: two with the same disks and addresses should not run at once.',
            },
          ]),
      ...(dataVolumeTemplates.length === 0
        ? []
        : [
            {
              type: 'removed' as const,
              field: 'spec.dataVolumeTemplates',
              message: 'The disks are filled already: they come with the machine.',
            },
          ]),
      ...found.remarks,
      ...networks.remarks,
      ...references.flatMap((reference): Remark[] => {
        if (reference.kind === 'NetworkAttachmentDefinition' || facts.found.get(reference.path) !== false) return [];
        return [
          {
            type: 'needed',
            field: reference.field,
            message: `There is no ${reference.kind} ${reference.name} on this computer: the machine does not start without it.`,
          },
        ];
      }),
      ...machineNotHonoured({ ...vm.spec, dataVolumeTemplates: undefined, template: { ...template, spec: networks.spec } }).map(
        ({ field, message }): Remark => ({ type: 'unknown', field, message }),
      ),
    ],
    disks: found.disks,
    dataVolumes: found.disks.map((disk) => dataVolumeOf(disk, { namespace, uid })),
    machine,
  };
}

function runningCauses({ running }: IncomingFacts): readonly Cause[] {
  if (!running) return [];
  const message = 'The machine runs on the cluster: its disks change while they are copied.';
  return [{ reason: 'Running', field: 'spec.machine', message, fix: 'Shut it down there first.' }];
}

interface Disks {
  readonly disks: readonly IncomingDisk[];
  readonly causes: readonly Cause[];
  readonly remarks: readonly Remark[];
}

function disksOf(vm: VirtualMachine, { claimBytes, taken }: IncomingFacts): Disks {
  const causes: Cause[] = [];
  const remarks: Remark[] = [];
  const disks: IncomingDisk[] = [];
  (vm.spec.template.spec?.volumes ?? []).forEach((volume, index) => {
    const field = `spec.template.spec.volumes[${index}]`;
    const remote = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
    if (volume.containerDisk !== undefined) {
      const message = `${volume.containerDisk.image} is pulled from its registry when the machine starts.`;
      remarks.push({ type: 'needed', field, message });
    }
    if (volume.hostDisk !== undefined) {
      const message = `${volume.hostDisk.path} is a file of a node of the cluster.`;
      causes.push({ reason: 'FieldValueNotSupported', field, message, fix: 'Copy it into a claim there first.' });
    }
    if (remote === undefined) return;
    const sizeBytes = claimBytes.get(remote);
    if (sizeBytes === undefined) {
      causes.push({
        reason: 'FieldValueNotFound',
        field,
        message: `The disk ${remote} is not there, or not ready.`,
        fix: 'Wait until it is, or take the volume out.',
      });
      return;
    }
    const claim = freeName(remote, taken);
    disks.push({ volume: volume.name, remote, claim, sizeBytes });
    remarks.push({
      type: 'changed',
      field,
      message:
        claim === remote ? `The disk ${remote} is downloaded.` : `The disk ${remote} is downloaded as ${claim}: that name is taken here.`,
    });
  });
  return { disks, causes, remarks };
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  return free;
}

function dataVolumeOf(
  { claim, sizeBytes }: IncomingDisk,
  { namespace, uid }: { readonly namespace: string; readonly uid: string },
): DraftObject {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: claim, namespace, labels: { [transferLabel]: uid } },
    spec: { source: { upload: {} }, storage: { resources: { requests: { storage: formatBytes(sizeBytes) } } } },
  };
}

/** Written by controllers of the cluster, about the cluster. */
const clusterOnly =
  /^(?:kubectl\.kubernetes\.io\/|kubevirt\.io\/|kubemacpool\.io\/|vm\.kubevirt\.io\/(?:validations|template)|virtdeck\.io\/transfer)/;

function annotationsHere(all: Readonly<Record<string, string>> = {}): { readonly annotations?: Readonly<Record<string, string>> } {
  const kept = Object.entries(all)
    .filter(([key]) => !clusterOnly.test(key))
    .map(([key, value]) => [key === 'description' ? 'virtdeck.io/description' : key, value] as const);
  return kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
}

function labelsHere({ metadata: { labels = {} } }: VirtualMachine): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !clusterOnly.test(key)));
}
