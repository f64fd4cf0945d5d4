// Owns the rows of a machine that come from its instance type and preference: their names, and the size that is kept of them.
// Must not offer to change the size: the instance type says it.
import { useTranslation } from 'react-i18next';
import type { InstancetypeSpec } from '../../../electron/api/kinds/instancetype.ts';
import { mebibytesOf } from '../../../electron/api/quantity.ts';
import { useObject } from '../../client/hooks.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import { Row } from './detail-row.tsx';
import type { MachineView } from './machine-view.ts';

/** Nothing for a machine that names neither. */
export function InstancetypeRows({ machine: { vm } }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const { instancetype, preference } = vm.spec;
  return (
    <>
      {instancetype !== undefined && <Row term={t('detail.instancetype')}>{instancetype.name}</Row>}
      {preference !== undefined && <Row term={t('detail.preference')}>{preference.name}</Row>}
    </>
  );
}

/** What a machine that does not run will have: read from the revision that it keeps of its instance type. */
export function KeptSize({ machine, part }: { readonly machine: MachineView; readonly part: 'cpu' | 'memory' }) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const { namespace, vm } = machine;
  const name = vm.status?.instancetypeRef?.controllerRevisionRef?.name ?? '';
  const { object } = useObject({ resource: 'controllerrevisions.apps', namespace, name });
  const spec = (object?.data as { readonly spec?: InstancetypeSpec } | undefined)?.spec;
  if (spec === undefined) return <span className="vd-subtle">–</span>;
  if (part === 'cpu') return t('detail.cpuValue', { count: spec.cpu.guest });
  const memoryMiB = mebibytesOf(spec.memory.guest);
  return memoryMiB === undefined ? spec.memory.guest : formats.mebibytes(memoryMiB);
}
