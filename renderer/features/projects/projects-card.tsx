// Owns the list of projects: what each holds, making one, deleting one.
// Must not delete anything before its name was typed.
import { Button, Card, CardBody, CardHeader, CardTitle, Content } from '@patternfly/react-core';
import { TrashIcon } from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { CreateProjectDialog } from './create-project-dialog.tsx';
import { DeleteProjectDialog } from './delete-project-dialog.tsx';
import { projectRows } from './project-rows.ts';

export function ProjectsCard() {
  const { t } = useTranslation('projects');
  const namespaces = useList('namespaces').items;
  const machines = useList('virtualmachines.kubevirt.io').items;
  const disks = useList('persistentvolumeclaims').items;
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<string>();
  const rows = projectRows(namespaces, { machines, disks });
  return (
    <Card component="section" aria-labelledby="projects-title">
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: (
            <Button variant="secondary" onClick={() => setCreating(true)}>
              {t('create.button')}
            </Button>
          ),
        }}
      >
        <CardTitle component="h2" id="projects-title">
          {t('title')}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Content component="p" className="vd-subtle">
          {t('note')}
        </Content>
        <Table variant="compact" aria-label={t('title')}>
          <Thead>
            <Tr>
              <Th>{t('name')}</Th>
              <Th>{t('machines')}</Th>
              <Th>{t('disks')}</Th>
              <Th screenReaderText={t('delete.button')} />
            </Tr>
          </Thead>
          <Tbody>
            {rows.map(({ name, machineCount, diskCount, isGoing }) => (
              <Tr key={name}>
                <Td dataLabel={t('name')}>
                  {name} {isGoing && <span className="vd-subtle">{t('going')}</span>}
                </Td>
                <Td dataLabel={t('machines')}>{machineCount}</Td>
                <Td dataLabel={t('disks')}>{diskCount}</Td>
                <Td isActionCell>
                  {name !== 'default' && !isGoing && (
                    <Button variant="plain" icon={<TrashIcon />} aria-label={t('delete.of', { name })} onClick={() => setDeleting(name)} />
                  )}
                </Td>
              </Tr>
            ))}
          </Tbody>
        </Table>
      </CardBody>
      {creating && <CreateProjectDialog taken={rows.map(({ name }) => name)} onClose={() => setCreating(false)} />}
      {deleting !== undefined && <DeleteProjectDialog name={deleting} onClose={() => setDeleting(undefined)} />}
    </Card>
  );
}
