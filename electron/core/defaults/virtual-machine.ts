// Owns which defaults a VirtualMachine gets: few, since KubeVirt leaves most of them to each run.
// Must not write into the template what a user would not expect to find in his YAML.
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import { type DefaultRule, applied } from './defaulting-facts.ts';
import { derivedUuid } from './derived-identity.ts';
import { architecture, machineType, withDomain, withFirmwareUuid } from './machine.ts';
import { quantitiesAsText } from './quantities.ts';

type Draft = Pick<VirtualMachine, 'spec'>;

/** Kept in the definition, so that the guest stays the same computer over restarts and renames. Not made up for a stored machine without one. */
const firmwareIdentity: DefaultRule<VirtualMachineInstanceSpec> = (spec, facts) => {
  if (facts.update === true) return spec;
  const named = withFirmwareUuid(spec, () => facts.uuid);
  const { firmware } = named.domain;
  if (firmware?.serial !== undefined && firmware.serial !== '') return named;
  return withDomain(named, { firmware: { ...firmware, serial: derivedUuid(`${firmware?.uuid ?? facts.uuid}/serial`) } });
};

const templateRules: readonly DefaultRule<VirtualMachineInstanceSpec>[] = [quantitiesAsText, architecture, machineType, firmwareIdentity];

/** Disks that are made with the machine, on the storage that its preference likes. */
const storageClasses: DefaultRule<Draft> = (vm, { preference }) => {
  const storageClassName = preference?.volumes?.preferredStorageClassName ?? '';
  const { dataVolumeTemplates } = vm.spec;
  if (storageClassName === '' || dataVolumeTemplates === undefined) return vm;
  const templates = dataVolumeTemplates.map((template) => {
    const { pvc, storage } = template.spec;
    return {
      ...template,
      spec: {
        ...template.spec,
        ...(pvc === undefined ? {} : { pvc: { storageClassName, ...pvc } }),
        ...(storage === undefined ? {} : { storage: { storageClassName, ...storage } }),
      },
    };
  });
  return { ...vm, spec: { ...vm.spec, dataVolumeTemplates: templates } };
};

export const defaultedMachine: DefaultRule<Draft> = (given, facts) => {
  const vm = storageClasses(given, facts);
  const { template } = vm.spec;
  if (template.spec === undefined) return vm;
  return { ...vm, spec: { ...vm.spec, template: { ...template, spec: applied(templateRules, template.spec, facts) } } };
};
