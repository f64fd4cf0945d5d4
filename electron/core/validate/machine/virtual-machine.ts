// Owns the rules of a VirtualMachine: when it runs, its template, the disks made with it.
// Must not ask for memory: a definition may leave it to its instance.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachine } from '../../../api/kinds/virtual-machine.ts';
import { runStrategies } from '../../../api/lifecycle.ts';
import type { DraftObject } from '../../../api/object.ts';
import { templateAsRun } from '../../defaults/virtual-machine-instance.ts';
import { annotationCauses, labelCauses } from '../metadata.ts';
import { portForwardCauses } from '../network/ports.ts';
import { type Rule, invalid, required } from '../rule.ts';
import { dataVolumeSpecCauses } from '../storage/data-volume.ts';
import { ownAnnotationCauses } from './own-annotations.ts';
import { specCauses } from './spec-rules.ts';

export type MachineDraft = Pick<VirtualMachine, 'spec'> & Pick<DraftObject, 'metadata'>;

const runStrategy: Rule<MachineDraft> = ({ spec }, path) => {
  const { running, runStrategy: strategy } = spec;
  if (running !== undefined && strategy !== undefined) {
    const message = 'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead';
    return [invalid(`${path}.running`, message, 'Remove running.')];
  }
  if (running === undefined && strategy === undefined) {
    return [invalid(`${path}.runStrategy`, 'RunStrategy must be specified', `Use one of ${runStrategies.join(', ')}.`)];
  }
  if (strategy === undefined || runStrategies.some((known) => known === strategy)) return [];
  return [invalid(`${path}.runStrategy`, `Invalid RunStrategy (${strategy})`, `Use one of ${runStrategies.join(', ')}.`)];
};

const template: Rule<MachineDraft> = ({ spec, metadata }, path) => {
  const { template: made } = spec;
  const field = `${path}.template`;
  if (made.spec === undefined) return [required(`${field}.spec`, `${field}.spec is required`, 'Describe the machine.')];
  return [
    ...labelCauses(made.metadata?.labels ?? {}, `${field}.metadata`),
    ...annotationCauses(made.metadata?.annotations ?? {}, `${field}.metadata`),
    ...portForwardCauses(metadata.annotations ?? {}, 'metadata'),
    ...ownAnnotationCauses(metadata.annotations ?? {}, 'metadata'),
    ...ownAnnotationCauses(made.metadata?.annotations ?? {}, `${field}.metadata`),
    ...portForwardCauses(made.metadata?.annotations ?? {}, `${field}.metadata`),
    ...specCauses(templateAsRun(made.spec), `${field}.spec`),
  ];
};

const dataVolumeTemplates: Rule<MachineDraft> = ({ spec }, path) => {
  const used = new Set(
    (spec.template.spec?.volumes ?? []).flatMap(({ dataVolume, persistentVolumeClaim }) => [
      dataVolume?.name,
      persistentVolumeClaim?.claimName,
    ]),
  );
  return (spec.dataVolumeTemplates ?? []).flatMap(({ metadata, spec: made }, index): Cause[] => {
    const field = `${path}.dataVolumeTemplates[${index}]`;
    const name = metadata?.name ?? '';
    return [
      ...(name === ''
        ? [required(`${field}.metadata.name`, `'name' field must not be empty for DataVolumeTemplate entry ${field}.`, 'Name it.')]
        : []),
      ...(name === '' || used.has(name)
        ? []
        : [
            invalid(
              field,
              `DataVolumeTemplate entry ${field} must be referenced in the VMI template's 'volumes' list`,
              `Add a volume with dataVolume.name ${name}.`,
            ),
          ]),
      ...dataVolumeSpecCauses(made, `${field}.spec`),
    ];
  });
};

export const machineRules: readonly Rule<MachineDraft>[] = [runStrategy, template, dataVolumeTemplates];
