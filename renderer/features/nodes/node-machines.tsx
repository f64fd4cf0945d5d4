// Owns who runs on a node, and what is set aside for each.
// Must not compute charges; the core does.
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { cpuListText } from '../../../electron/api/cpu-list.ts';
import { useFormats } from '../../ui/formats-context.tsx';
import type { MachineOfNode } from './node-view.ts';

/** So many are listed; the list of machines has them all. */
const shownMachines = 12;

export function NodeMachines({ machines }: { readonly machines: readonly MachineOfNode[] }) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const left = machines.length - shownMachines;
  if (machines.length === 0) return <p className="vd-subtle">{t('noMachines')}</p>;
  return (
    <>
      <Table variant="compact" aria-label={t('machines')} borders={false}>
        <Thead>
          <Tr>
            <Th>{t('machines')}</Th>
            <Th>{t('setAsideCpus')}</Th>
            <Th>{t('setAsideMemory')}</Th>
            <Th>{t('ownCores')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {machines.slice(0, shownMachines).map(({ namespace, name, cpus, memoryMiB, ownCpus }) => (
            <Tr key={`${namespace}/${name}`}>
              <Td dataLabel={t('machines')}>
                <Link href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}>{name}</Link>
              </Td>
              <Td dataLabel={t('setAsideCpus')}>{cpus}</Td>
              <Td dataLabel={t('setAsideMemory')}>{formats.mebibytes(memoryMiB)}</Td>
              <Td dataLabel={t('ownCores')}>{ownCpus.length === 0 ? t('shares') : cpuListText(ownCpus)}</Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {left > 0 && <Link href="/machines">{t('moreMachines', { count: left })}</Link>}
    </>
  );
}
