// Owns the list of disks.
// Must not know the machines beyond who uses what.
import {
  Alert,
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
  PageSection,
  SearchInput,
  Skeleton,
  Title,
  Toolbar,
  ToolbarContent,
  ToolbarItem,
} from '@patternfly/react-core';
import { HddIcon } from '@patternfly/react-icons/dist/esm/icons/hdd-icon';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { useProjectList } from '../../client/project.tsx';
import { CreateDiskDialog } from './create-disk-dialog.tsx';
import { DeleteDiskDialog } from './delete-disk-dialog.tsx';
import { DiskTable } from './disk-table.tsx';
import { type DiskView, diskViews, filterDisks } from './disk-view.ts';

export function DisksPage() {
  const { t } = useTranslation('disks');
  const claims = useProjectList('persistentvolumeclaims');
  const dataVolumes = useList('datavolumes.cdi.kubevirt.io').items;
  const vms = useList('virtualmachines.kubevirt.io').items;
  const [query, setQuery] = useState('');
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<DiskView>();
  const disks = useMemo(() => diskViews({ claims: claims.items, dataVolumes, vms }), [claims.items, dataVolumes, vms]);
  const shown = useMemo(() => filterDisks(disks, query), [disks, query]);
  const isEmpty = claims.phase === 'ready' && disks.length === 0;
  return (
    <PageSection isFilled>
      <Title headingLevel="h1" className="vd-page-title">
        {t('title')}
      </Title>
      {claims.phase === 'failed' && (
        <Alert component="p" isInline variant="danger" title={t('failed.list')}>
          {claims.error?.message}
        </Alert>
      )}
      {isEmpty ? (
        <NoDisks onCreate={() => setCreating(true)} />
      ) : (
        <>
          <Toolbar inset={{ default: 'insetNone' }}>
            <ToolbarContent>
              <ToolbarItem>
                <SearchInput
                  value={query}
                  onChange={(_event, text) => setQuery(text)}
                  onClear={() => setQuery('')}
                  placeholder={t('search')}
                  aria-label={t('search')}
                />
              </ToolbarItem>
              <ToolbarItem align={{ default: 'alignEnd' }}>
                <Button onClick={() => setCreating(true)}>{t('create.button')}</Button>
              </ToolbarItem>
            </ToolbarContent>
          </Toolbar>
          {claims.phase === 'loading' ? (
            <Skeleton height="16rem" screenreaderText={t('loading', { ns: 'words' })} />
          ) : (
            <DiskTable disks={shown} onDelete={setDeleting} />
          )}
        </>
      )}
      {creating && <CreateDiskDialog disks={disks} onClose={() => setCreating(false)} />}
      {deleting !== undefined && <DeleteDiskDialog disk={deleting} onClose={() => setDeleting(undefined)} />}
    </PageSection>
  );
}

function NoDisks({ onCreate }: { readonly onCreate: () => void }) {
  const { t } = useTranslation('disks');
  return (
    <EmptyState icon={HddIcon} titleText={t('emptyTitle')} headingLevel="h2">
      <EmptyStateBody>{t('emptyBody')}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button onClick={onCreate}>{t('create.button')}</Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
