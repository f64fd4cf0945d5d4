// Owns short ways to write manifests in tests: `vm(named('web'), withDisk('root', { claim: 'web-root' }))`.
// Must not default anything that core defaults; a bare `vm()` is a small manifest that is accepted and starts.
import { annotations } from '../../electron/api/annotations.ts';
import type { DataVolume, LocalSources } from '../../electron/api/kinds/data-volume.ts';
import type { VirtualMachineInstanceSpec } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachineSpec } from '../../electron/api/kinds/virtual-machine.ts';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import type { ObjectMeta } from '../../electron/api/object.ts';

/** Assignable to DraftObject. */
export type Draft<Spec> = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly spec: Spec;
};
export type VmDraft = Draft<VirtualMachineSpec>;
export type VmiDraft = Draft<VirtualMachineInstanceSpec>;
export type DataVolumeDraft = Draft<DataVolume['spec']>;

/** Changes a draft of a VirtualMachine. */
export type VmPart = (draft: VmDraft) => VmDraft;
type Domain = VirtualMachineInstanceSpec['domain'];

/** Named `web`, in `default`, run strategy Halted, 256Mi, no disk, no network. */
export function vm(...parts: readonly VmPart[]): VmDraft {
  const smallest: VmDraft = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web', namespace: 'default' },
    spec: { runStrategy: 'Halted', template: { metadata: {}, spec: { domain: { memory: { guest: '256Mi' }, devices: {} } } } },
  };
  return parts.reduce((draft, part) => part(draft), smallest);
}

export function named(name: string, project = 'default'): VmPart {
  return (draft) => ({ ...draft, metadata: { ...draft.metadata, name, namespace: project } });
}

export function withMeta(meta: Partial<ObjectMeta>): VmPart {
  return (draft) => ({ ...draft, metadata: { ...draft.metadata, ...meta } });
}

export function withSpec(change: (spec: VirtualMachineSpec) => VirtualMachineSpec): VmPart {
  return (draft) => ({ ...draft, spec: change(draft.spec) });
}

export function withRunStrategy(runStrategy: RunStrategy): VmPart {
  return withSpec((spec) => ({ ...spec, runStrategy }));
}

/** Changes `spec.template.spec`. */
export function withTemplate(change: (spec: VirtualMachineInstanceSpec) => VirtualMachineInstanceSpec): VmPart {
  return withSpec((spec) => ({ ...spec, template: { ...spec.template, spec: change(templateSpec(spec)) } }));
}

/** Changes `spec.template.spec.domain`. */
export function withDomain(change: (domain: Domain) => Domain): VmPart {
  return withTemplate((spec) => ({ ...spec, domain: change(spec.domain) }));
}

export function withMemory(guest: string): VmPart {
  return withDomain((domain) => ({ ...domain, memory: { ...domain.memory, guest } }));
}

export interface DiskOptions {
  /** Name of a PersistentVolumeClaim, or of a DataVolume. Neither: an emptyDisk of 1Gi. */
  readonly claim?: string;
  readonly dataVolume?: string;
  readonly bus?: 'virtio' | 'sata' | 'scsi' | 'usb';
  readonly bootOrder?: number;
}

export function withDisk(name: string, options: DiskOptions = {}): VmPart {
  return withTemplate((spec) => ({
    ...spec,
    domain: {
      ...spec.domain,
      devices: {
        ...spec.domain.devices,
        disks: [
          ...(spec.domain.devices.disks ?? []),
          {
            name,
            disk: { bus: options.bus ?? 'virtio' },
            ...(options.bootOrder === undefined ? {} : { bootOrder: options.bootOrder }),
          },
        ],
      },
    },
    volumes: [...(spec.volumes ?? []), { name, ...volumeSource(options) }],
  }));
}

function volumeSource(options: DiskOptions): object {
  if (options.claim !== undefined) return { persistentVolumeClaim: { claimName: options.claim } };
  if (options.dataVolume !== undefined) return { dataVolume: { name: options.dataVolume } };
  return { emptyDisk: { capacity: '1Gi' } };
}

/** cloud-init user data on a NoCloud medium. */
export function withCloudInit(userData: string): VmPart {
  return withTemplate((spec) => ({ ...spec, volumes: [...(spec.volumes ?? []), { name: 'seed', cloudInitNoCloud: { userData } }] }));
}

/** The user network: masquerade to the default pod network. */
export function withUserNetwork(): VmPart {
  return withTemplate((spec) => ({
    ...spec,
    domain: { ...spec.domain, devices: { ...spec.domain.devices, interfaces: [{ name: 'default', masquerade: {} }] } },
    networks: [{ name: 'default', pod: {} }],
  }));
}

/** A dataVolumeTemplate and a disk that uses it. */
export function withDataVolumeTemplate(name: string, source: DataVolumeSource = { blank: {} }): VmPart {
  return (draft) =>
    withDisk(name, { dataVolume: name })(
      withSpec((spec) => ({
        ...spec,
        dataVolumeTemplates: [...(spec.dataVolumeTemplates ?? []), { metadata: { name }, spec: dataVolume({ name, source }).spec }],
      }))(draft),
    );
}

/** A VirtualMachineInstance that no VirtualMachine owns. */
export function vmi(...parts: readonly VmPart[]): VmiDraft {
  const machine = vm(...parts);
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata: machine.metadata, spec: templateSpec(machine.spec) };
}

export type DataVolumeSource = NonNullable<DataVolume['spec']['source']> & LocalSources;

export function dataVolume(options: {
  readonly name: string;
  readonly namespace?: string;
  readonly source?: DataVolumeSource;
  readonly size?: string;
}): DataVolumeDraft {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: options.name, namespace: options.namespace ?? 'default' },
    spec: {
      source: options.source ?? { blank: {} },
      storage: { resources: { requests: { storage: options.size ?? '1Gi' } } },
    },
  };
}

export function claim(options: {
  readonly name: string;
  readonly namespace?: string;
  readonly size?: string;
  readonly format?: 'qcow2' | 'raw';
}): Draft<object> {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: options.name,
      namespace: options.namespace ?? 'default',
      ...(options.format === undefined ? {} : { annotations: { [annotations.diskFormat]: options.format } }),
    },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: options.size ?? '1Gi' } } },
  };
}

export function secret(options: {
  readonly name: string;
  readonly namespace?: string;
  readonly stringData: Readonly<Record<string, string>>;
}): {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Partial<ObjectMeta>;
  readonly data: Readonly<Record<string, string>>;
} {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: options.name, namespace: options.namespace ?? 'default' },
    data: Object.fromEntries(Object.entries(options.stringData).map(([key, text]) => [key, Buffer.from(text).toString('base64')])),
  };
}

export function namespace(name: string): Draft<object> {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name }, spec: {} };
}

function templateSpec(spec: VirtualMachineSpec): VirtualMachineInstanceSpec {
  return spec.template.spec ?? { domain: { devices: {} } };
}
