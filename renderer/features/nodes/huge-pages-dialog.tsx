// Owns editing the pools of huge pages of a node: how many there are now, and how many at each start of the computer.
// Must not judge a number beyond its form; the core does.
import { Alert, Content, FormGroup, FormHelperText, HelperText, HelperTextItem, Skeleton, TextInput } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HugePagePoolReport } from '../../../electron/api/huge-pages.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { useFormats } from '../../ui/formats-context.tsx';
import { draftOf, pageChanges, pagesIn, type PoolDraft, poolId } from './page-draft.ts';

export interface HugePagesDialogProps {
  readonly name: string;
  readonly numaNodes: readonly number[];
  readonly onClose: () => void;
}

export function HugePagesDialog({ name, numaNodes, onClose }: HugePagesDialogProps) {
  const { t } = useTranslation('nodes');
  const client = useClient();
  const load = useCallback((signal: AbortSignal) => client.hugePages(signal), [client]);
  const loaded = useLoaded(load);
  const { value } = loaded;
  const error = loaded.phase === 'failed' ? loaded.error : undefined;
  const [drafts, setDrafts] = useState<Readonly<Record<string, PoolDraft>>>({});
  const pools = value?.items.filter(({ numaNode }) => numaNodes.includes(numaNode)) ?? [];
  const changes = pageChanges(pools, drafts);
  const send = async (): Promise<void> => {
    for (const change of changes ?? []) await client.changeHugePages(change);
  };
  return (
    <FormDialog
      id="pages-edit"
      title={t('pages.title', { name })}
      note={t('pages.note')}
      variant="medium"
      button={t('save', { ns: 'words' })}
      failed={t('notSaved')}
      isReady={changes !== undefined && changes.length > 0}
      send={send}
      onClose={onClose}
    >
      {error !== undefined && (
        <Alert isInline variant="danger" component="p" title={t('pages.failed')}>
          {error.message}
        </Alert>
      )}
      {pools.length > 0 && value?.privilege === 'password' && (
        <Alert isInline isPlain variant="info" component="p" title={t('pages.password')} />
      )}
      {pools.length > 0 && value?.privilege === 'none' && <Alert isInline variant="warning" component="p" title={t('pages.nobody')} />}
      {value === undefined && error === undefined && <Skeleton height="8rem" screenreaderText={t('loading', { ns: 'words' })} />}
      {value !== undefined && pools.length === 0 && <Content component="p">{t('pages.none')}</Content>}
      {pools.length > 0 && (
        <Table variant="compact" aria-label={t('pages.pools')} borders={false}>
          <Thead>
            <Tr>
              <Th>{t('pages.size')}</Th>
              <Th>{t('pages.inUse')}</Th>
              <Th>{t('pages.now')}</Th>
              <Th>{t('pages.boot')}</Th>
            </Tr>
          </Thead>
          <Tbody>
            {pools.map((pool) => (
              <PoolRow
                key={poolId(pool)}
                pool={pool}
                draft={drafts[poolId(pool)] ?? draftOf(pool)}
                onChange={(draft) => setDrafts({ ...drafts, [poolId(pool)]: draft })}
              />
            ))}
          </Tbody>
        </Table>
      )}
      {pools.length > 0 && <Content component="small">{t('pages.bootNote')}</Content>}
    </FormDialog>
  );
}

interface PoolRowProps {
  readonly pool: HugePagePoolReport;
  readonly draft: PoolDraft;
  readonly onChange: (draft: PoolDraft) => void;
}

function PoolRow({ pool, draft, onChange }: PoolRowProps) {
  const { t } = useTranslation('nodes');
  const { numaNode, pageSize, total, free } = pool;
  return (
    <Tr>
      <Td dataLabel={t('pages.size')}>{t('pages.sizeOf', { pageSize, node: numaNode })}</Td>
      <Td dataLabel={t('pages.inUse')}>{t('pages.inUseOf', { used: total - free, total })}</Td>
      <Td dataLabel={t('pages.now')}>
        <PagesField {...{ pool, id: 'now', value: draft.now }} onChange={(now) => onChange({ ...draft, now })} />
      </Td>
      <Td dataLabel={t('pages.boot')}>
        <PagesField {...{ pool, id: 'boot', value: draft.boot }} onChange={(boot) => onChange({ ...draft, boot })} />
      </Td>
    </Tr>
  );
}

interface PagesFieldProps {
  readonly pool: HugePagePoolReport;
  readonly id: 'now' | 'boot';
  readonly value: string;
  readonly onChange: (text: string) => void;
}

function PagesField({ pool, id, value, onChange }: PagesFieldProps) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const pages = pagesIn(value);
  const fieldId = `pages-${id}-${poolId(pool)}`;
  return (
    <FormGroup fieldId={fieldId}>
      <TextInput
        id={fieldId}
        inputMode="numeric"
        value={value}
        aria-label={t(id === 'now' ? 'pages.nowOf' : 'pages.bootOf', { pageSize: pool.pageSize, node: pool.numaNode })}
        aria-describedby={`${fieldId}-size`}
        validated={pages === undefined ? 'error' : 'default'}
        onChange={(_event, text) => onChange(text)}
      />
      <FormHelperText>
        <HelperText id={`${fieldId}-size`}>
          <HelperTextItem variant={pages === undefined ? 'error' : 'default'}>
            {pages === undefined ? t('pages.notNumber') : formats.mebibytes(pages * pool.pageMiB)}
          </HelperTextItem>
        </HelperText>
      </FormHelperText>
    </FormGroup>
  );
}
