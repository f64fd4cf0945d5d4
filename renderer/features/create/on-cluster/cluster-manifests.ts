// Owns what becomes of the wizard's manifests on a cluster: the cluster's own sources, storage class and instance types in place of this computer's.
// Must not add what only Virtdeck has.
import { annotations } from '../../../../electron/api/annotations.ts';
import type { Manifests } from '../manifests.ts';
import type { DataVolumeTemplate } from '../media.ts';
import { type ClusterChoice, matcherOf } from './cluster-choice.ts';

/** What a window that works on the cluster shows; the others are about a workstation. */
const kept: readonly string[] = [annotations.description, annotations.guestOs, annotations.guestUser];

export function clusterManifests({ machine, ...rest }: Manifests, choice: ClusterChoice): Manifests {
  const { spec, metadata } = machine;
  const run = spec.template.spec;
  if (run === undefined) return { machine, ...rest };
  const isContainer = choice.source === 'container';
  const instancetype = matcherOf(choice.instancetype);
  const preference = matcherOf(choice.preference);
  const templates = (spec.dataVolumeTemplates ?? [])
    .filter(({ spec: { source } }) => !isContainer || !isLocal(source))
    .map((template) => onCluster(template, choice));
  const { cpu, memory, ...domain } = run.domain;
  const volumes = run.volumes?.map((volume) =>
    isContainer && volume.name === 'root' ? { name: volume.name, containerDisk: { image: choice.address } } : volume,
  );
  const { dataVolumeTemplates: _local, ...others } = spec;
  return {
    ...rest,
    machine: {
      ...machine,
      metadata: withNotes(metadata),
      spec: {
        ...others,
        ...(instancetype === undefined ? {} : { instancetype }),
        ...(preference === undefined ? {} : { preference }),
        ...(templates.length === 0 ? {} : { dataVolumeTemplates: templates }),
        template: {
          ...spec.template,
          // Beside an instance type the cluster refuses both.
          spec: {
            ...run,
            domain: instancetype === undefined ? { cpu, memory, ...domain } : domain,
            ...(volumes === undefined ? {} : { volumes }),
          },
        },
      },
    },
  };
}

function isLocal(source: DataVolumeTemplate['spec']['source']): boolean {
  return source !== undefined && 'file' in source;
}

function onCluster({ metadata, spec }: DataVolumeTemplate, { source, address, storageClass }: ClusterChoice): DataVolumeTemplate {
  const name = metadata?.name ?? '';
  const from = source === 'registry' ? { registry: { url: `docker://${address}` } } : { http: { url: address } };
  return {
    metadata: { name },
    spec: {
      ...spec,
      ...(isLocal(spec.source) ? { source: from } : {}),
      storage: { ...spec.storage, ...(storageClass === '' ? {} : { storageClassName: storageClass }) },
    },
  };
}

function withNotes<Meta extends { readonly annotations?: Readonly<Record<string, string>> }>(metadata: Meta): Meta {
  const { annotations: notes = {}, ...rest } = metadata;
  const left = Object.fromEntries(Object.entries(notes).filter(([name]) => kept.includes(name)));
  return { ...rest, ...(Object.keys(left).length === 0 ? {} : { annotations: left }) } as Meta;
}
