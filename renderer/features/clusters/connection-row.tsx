// Owns one connection in the table: whether it can be used, or plainly why not, and what to do about it.
// Must not change what a kubeconfig says.
import { Label, Skeleton } from '@patternfly/react-core';
import { Td, Tr } from '@patternfly/react-table';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { ConnectionReport } from '../../../electron/api/clusters.ts';
import type { Connection } from '../../../electron/api/kinds/connection.ts';
import { useClient } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';
import { placeBase } from '../../client/place.ts';
import { CauseList } from '../../ui/cause-list.tsx';
import { RowMenu } from '../../ui/row-menu.tsx';
import { AllowDialog } from './allow-dialog.tsx';

export interface ConnectionRowProps {
  readonly connection: Connection;
  readonly onRemove: () => void;
}

export function ConnectionRow({ connection, onRemove }: ConnectionRowProps) {
  const { t } = useTranslation('clusters');
  const client = useClient();
  const [, navigate] = useLocation();
  const [isAllowing, setAllowing] = useState(false);
  const { name, resourceVersion } = connection.metadata;
  const report = useLoaded(
    useCallback((signal: AbortSignal) => client.connectionReport(name, signal), [client, name]),
    resourceVersion,
  );
  const address = `~${placeBase(name)}/machines`;
  const isBlocked = report.value?.causes.some(({ reason }) => reason === 'CommandNotAllowed') === true;
  return (
    <Tr>
      <Td dataLabel={t('column.name')} modifier="nowrap">
        <Link href={address}>{name}</Link>
        <div className="vd-subtle">{connection.spec.context}</div>
      </Td>
      <Td dataLabel={t('column.state')}>
        <State report={report} />
      </Td>
      <Td dataLabel={t('column.project')}>{report.value?.namespace ?? connection.spec.namespace ?? '–'}</Td>
      <Td dataLabel={t('column.address')} modifier="breakWord">
        {report.value?.server ?? '–'}
      </Td>
      <Td isActionCell>
        <RowMenu
          name={name}
          items={[
            { title: t('row.open'), onClick: () => navigate(address) },
            { title: t('row.check'), onClick: report.again },
            ...(isBlocked ? [{ title: t('row.allow'), onClick: () => setAllowing(true) }] : []),
            { title: t('row.remove'), isDanger: true, description: t('row.removeNote'), onClick: onRemove },
          ]}
        />
        {isAllowing && <AllowDialog connection={connection} onClose={() => setAllowing(false)} />}
      </Td>
    </Tr>
  );
}

function State({ report }: { readonly report: Loaded<ConnectionReport> }) {
  const { t } = useTranslation('clusters');
  if (report.phase === 'loading' && report.value === undefined) return <Skeleton width="60%" screenreaderText={t('state.asking')} />;
  if (report.phase === 'failed') return <CauseList causes={[{ message: report.error.message }]} />;
  if (report.value === undefined) return null;
  const { usable, causes, version, may, has } = report.value;
  if (!usable) {
    return (
      <>
        <Label isCompact status="danger">
          {t('state.unusable')}
        </Label>
        <CauseList causes={causes.map(({ message, fix }) => ({ message, ...(fix === undefined ? {} : { fix }) }))} />
      </>
    );
  }
  const lacks = (flags: Readonly<Record<string, boolean>>): readonly string[] =>
    Object.entries(flags).flatMap(([word, is]) => (is ? [] : [word]));
  const denied = lacks(may).map((word) => t(`may.${word as keyof typeof may}`));
  const missing = lacks(has).map((word) => t(`has.${word as keyof typeof has}`));
  return (
    <>
      <Label isCompact status="success">
        {version === undefined ? t('state.usable') : t('state.usableVersion', { version })}
      </Label>
      {denied.length > 0 && <div className="vd-subtle">{t('state.mayNot', { list: denied.join(', ') })}</div>}
      {missing.length > 0 && <div className="vd-subtle">{t('state.hasNot', { list: missing.join(', ') })}</div>}
    </>
  );
}
