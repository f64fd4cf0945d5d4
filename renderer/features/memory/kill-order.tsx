// Owns the table of machines in the order in which the kernel would end them, with what each has and why it stands there.
// Must not sort; the report is in order.
import { Content } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { MemoryOfMachine } from '../../../electron/api/memory.ts';
import { useFormats } from '../../ui/formats-context.tsx';

export function KillOrder({ machines }: { readonly machines: readonly MemoryOfMachine[] }) {
  const { t } = useTranslation('memory');
  if (machines.length === 0) return <p className="vd-subtle">{t('order.nobody')}</p>;
  return (
    <Table variant="compact" aria-label={t('order.title')} borders={false}>
      <Thead>
        <Tr>
          <Th modifier="nowrap">{t('order.place')}</Th>
          <Th modifier="nowrap">{t('order.machine')}</Th>
          <Th modifier="nowrap">{t('order.told')}</Th>
          <Th modifier="nowrap">{t('order.promised')}</Th>
          <Th modifier="nowrap">{t('order.has')}</Th>
          <Th modifier="nowrap">{t('order.resident')}</Th>
          <Th modifier="nowrap">{t('order.score')}</Th>
          <Th modifier="nowrap">{t('order.why')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {machines.map((machine, index) => (
          <KillRow key={`${machine.namespace}/${machine.name}`} machine={machine} place={index + 1} />
        ))}
      </Tbody>
    </Table>
  );
}

function KillRow({ machine, place }: { readonly machine: MemoryOfMachine; readonly place: number }) {
  const { t } = useTranslation('memory');
  const { mebibytes } = useFormats();
  const {
    namespace,
    name,
    guestMiB,
    requestMiB,
    currentMiB,
    residentMiB,
    swappedMiB,
    oomScore,
    oomScoreAdj,
    reason,
    noBalloon,
    isStruggling,
  } = machine;
  return (
    <Tr>
      <Td dataLabel={t('order.place')}>{place}</Td>
      <Td dataLabel={t('order.machine')}>
        <Link href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}>{name}</Link>
      </Td>
      <Td dataLabel={t('order.told')}>{mebibytes(guestMiB)}</Td>
      <Td dataLabel={t('order.promised')}>{mebibytes(requestMiB)}</Td>
      <Td dataLabel={t('order.has')}>
        {mebibytes(currentMiB)}
        <Content component="small">{t(noBalloon === undefined ? 'balloon.Lent' : `balloon.${noBalloon}`)}</Content>
        {isStruggling === true && <Content component="small">{t('order.struggling')}</Content>}
      </Td>
      <Td dataLabel={t('order.resident')}>
        {mebibytes(residentMiB)}
        {swappedMiB > 0 && <Content component="small">{t('order.swapped', { size: mebibytes(swappedMiB) })}</Content>}
      </Td>
      <Td dataLabel={t('order.score')}>{t('order.scoreOf', { score: oomScore, adj: oomScoreAdj })}</Td>
      <Td dataLabel={t('order.why')} modifier="breakWord">
        {t(`why.${reason}`)}
      </Td>
    </Tr>
  );
}
