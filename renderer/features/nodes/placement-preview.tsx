// Owns the table of nodes that settings would make, and what goes.
// Must not ask for it.
import { Alert, Content } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { cpuListText } from '../../../electron/api/cpu-list.ts';
import type { NodeMap } from '../../../electron/api/node-map.ts';
import { useFormats } from '../../ui/formats-context.tsx';

export function PlacementPreview({ map, now }: { readonly map: NodeMap; readonly now: NodeMap | undefined }) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const names = new Set(map.nodes.map(({ name }) => name));
  const going = (now?.nodes ?? []).filter(({ name }) => !names.has(name));
  const stranded = going.flatMap(({ machines }) => machines.map(({ name }) => name));
  return (
    <>
      <Content component="h3">{t('part.preview')}</Content>
      <Table variant="compact" aria-label={t('part.preview')} borders={false}>
        <Thead>
          <Tr>
            <Th>{t('part.node')}</Th>
            <Th>{t('part.cpus')}</Th>
            <Th>{t('part.memory')}</Th>
            <Th>{t('part.kept')}</Th>
          </Tr>
        </Thead>
        <Tbody>
          {map.nodes.map(({ name, processors, memory }) => (
            <Tr key={name}>
              <Td dataLabel={t('part.node')}>{name}</Td>
              <Td dataLabel={t('part.cpus')}>{cpuListText(processors.map(({ id }) => id))}</Td>
              <Td dataLabel={t('part.memory')}>{formats.mebibytes(memory.totalMiB)}</Td>
              <Td dataLabel={t('part.kept')}>
                {t('part.keptValue', {
                  cpus: cpuListText(processors.filter(({ owner }) => owner.type === 'computer').map(({ id }) => id)) || '–',
                  memory: formats.mebibytes(memory.reservedMiB),
                })}
              </Td>
            </Tr>
          ))}
        </Tbody>
      </Table>
      {map.outside.length > 0 && (
        <Alert
          isInline
          isPlain
          variant="info"
          component="p"
          title={t('part.outside', { cpus: cpuListText(map.outside.map(({ id }) => id)) })}
        />
      )}
      {going.length > 0 && (
        <Alert isInline isPlain variant="warning" component="p" title={t('part.goes', { names: going.map(({ name }) => name).join(', ') })}>
          {stranded.length > 0 && t('part.stranded', { names: stranded.join(', ') })}
        </Alert>
      )}
    </>
  );
}
