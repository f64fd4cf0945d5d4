// Owns adding an existing disk to a machine.
// Must not make a disk; the page of disks does.
import { Alert, FormGroup, FormSelect, FormSelectOption, Radio } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { addDiskPatch, type DiskBus, diskBuses, pluggableBuses, pluggedDisk } from './disk-edits.ts';
import { ownedDiskNames } from './machine-disks.ts';
import type { MachineView } from './machine-view.ts';

export function AddDiskDialog({ machine, onClose }: { readonly machine: MachineView; readonly onClose: () => void }) {
  const { t } = useTranslation(['machines', 'hotplug']);
  const client = useClient();
  const choices = useFreeDisks(machine);
  const [chosen, setChosen] = useState<string>();
  const [device, setDevice] = useState<'disk' | 'cdrom'>('disk');
  const [bus, setBus] = useState<DiskBus>('virtio');
  const source = chosen ?? choices.names[0];
  const isAtOnce = machine.state.phase === 'Running' && device === 'disk' && pluggableBuses.includes(bus);
  const choose = (next: 'disk' | 'cdrom'): void => {
    setDevice(next);
    // No guest finds a virtio CD-ROM.
    setBus(next === 'cdrom' ? 'sata' : 'virtio');
  };
  const add = async (): Promise<void> => {
    if (source === undefined) return;
    const added = { source, isDataVolume: choices.dataVolumes.has(source), device, bus };
    const { namespace, name } = machine;
    if (isAtOnce) await client.plug({ namespace, name }, pluggedDisk(machine.vm, added));
    else await client.patch({ resource: 'virtualmachines.kubevirt.io', namespace, name }, addDiskPatch(machine.vm, added));
  };
  return (
    <FormDialog
      id="add-disk"
      title={t('disk.add.title')}
      note={t('disk.add.note')}
      button={t('disk.add.action')}
      failed={t('failed.save')}
      isReady={source !== undefined}
      send={add}
      onClose={onClose}
    >
      {choices.names.length === 0 && <Alert component="p" isInline variant="info" title={t('disk.add.noneFree')} />}
      <FormGroup label={t('disk.device.disk')} fieldId="add-disk-source">
        <FormSelect id="add-disk-source" value={source} onChange={(_event, value) => setChosen(value)} isDisabled={source === undefined}>
          {choices.names.map((name) => (
            <FormSelectOption key={name} value={name} label={name} />
          ))}
        </FormSelect>
      </FormGroup>
      <FormGroup role="radiogroup" isInline fieldId="add-disk-device" label={t('disk.column.drive')}>
        {(['disk', 'cdrom'] as const).map((kind) => (
          <Radio
            key={kind}
            id={`add-disk-${kind}`}
            name="add-disk-device"
            label={t(`disk.device.${kind}`)}
            isChecked={device === kind}
            onChange={() => choose(kind)}
          />
        ))}
      </FormGroup>
      <FormGroup label={t('disk.column.interface')} fieldId="add-disk-bus">
        <FormSelect id="add-disk-bus" value={bus} onChange={(_event, value) => setBus(value as DiskBus)}>
          {diskBuses
            .filter((each) => device === 'disk' || each !== 'virtio')
            .map((each) => (
              <FormSelectOption key={each} value={each} label={each} />
            ))}
        </FormSelect>
      </FormGroup>
      {machine.state.phase === 'Running' && (
        <Alert component="p" isInline isPlain variant="info" title={isAtOnce ? t('hotplug:atOnce') : t('edit.afterRestart')} />
      )}
    </FormDialog>
  );
}

/** Disks of the project that no machine has. */
function useFreeDisks({ namespace }: MachineView): { readonly names: readonly string[]; readonly dataVolumes: ReadonlySet<string> } {
  const vms = useList('virtualmachines.kubevirt.io').items;
  const claims = useList('persistentvolumeclaims').items;
  const volumes = useList('datavolumes.cdi.kubevirt.io').items;
  const here = <T extends { readonly metadata: { readonly namespace?: string } }>(items: readonly T[]): readonly T[] =>
    items.filter(({ metadata }) => metadata.namespace === namespace);
  const used = new Set(here(vms).flatMap((vm) => ownedDiskNames(vm.spec.template.spec)));
  const dataVolumes = new Set(here(volumes).map(({ metadata }) => metadata.name));
  const names = [...new Set([...here(claims).map(({ metadata }) => metadata.name), ...dataVolumes])]
    .filter((name) => !used.has(name))
    .toSorted();
  return { names, dataVolumes };
}
