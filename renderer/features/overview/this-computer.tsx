// Owns the card "This computer": each line green, or the fix with a command to copy.
// Must not check anything; the core does.
import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  ClipboardCopy,
  Content,
  DataList,
  DataListCell,
  DataListItem,
  DataListItemCells,
  DataListItemRow,
  Icon,
  Skeleton,
} from '@patternfly/react-core';
import { CheckCircleIcon } from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import { ExclamationCircleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import { ExclamationTriangleIcon } from '@patternfly/react-icons/dist/esm/icons/exclamation-triangle-icon';
import { type ReactElement, useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import type { ComputerCheck, ComputerReport } from '../../../electron/api/computer.ts';
import { useClient } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';

type Status = 'success' | 'warning' | 'danger';

const looks: Readonly<Record<ComputerCheck['state'], { readonly status: Status; readonly icon: ReactElement }>> = {
  ok: { status: 'success', icon: <CheckCircleIcon /> },
  warning: { status: 'warning', icon: <ExclamationTriangleIcon /> },
  error: { status: 'danger', icon: <ExclamationCircleIcon /> },
};

/** As many as the core usually reports: the card does not grow when they arrive. */
const expectedLines = 7;

export function ThisComputer() {
  const { t } = useTranslation('overview');
  const client = useClient();
  const report = useLoaded(useCallback((signal: AbortSignal) => client.computer(signal), [client]));
  return (
    <Card isCompact className="vd-computer" component="section" aria-labelledby="this-computer">
      <CardHeader>
        <CardTitle id="this-computer" component="h2">
          {t('computer.title')}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Report report={report} />
      </CardBody>
    </Card>
  );
}

function Report({ report }: { readonly report: Loaded<ComputerReport> }) {
  const { t } = useTranslation('overview');
  if (report.value === undefined && report.phase === 'failed') {
    return <FormFailure title={t('computer.failed')} failure={failureOf(report.error)} />;
  }
  if (report.value === undefined) {
    return Array.from({ length: expectedLines }, (_line, index) => (
      <Skeleton
        key={index}
        className="vd-check-skeleton"
        width={`${70 - index * 4}%`}
        screenreaderText={index === 0 ? t('computer.asking') : ''}
      />
    ));
  }
  return (
    <>
      <Summary report={report.value} />
      <DataList isCompact aria-label={t('computer.title')} gridBreakpoint="none">
        {report.value.checks.map((check) => (
          <CheckLine key={check.id} check={check} />
        ))}
      </DataList>
    </>
  );
}

function Summary({ report }: { readonly report: ComputerReport }) {
  const { t } = useTranslation('overview');
  const formats = useFormats();
  const { cpus, memory, pool } = report;
  return (
    <Content component="p">
      {t('computer.summary', {
        threads: cpus.threads,
        model: cpus.model,
        free: formats.mebibytes(memory.availableMiB),
        total: formats.mebibytes(memory.totalMiB),
        disk: formats.bytes(pool.freeBytes),
      })}
    </Content>
  );
}

function CheckLine({ check }: { readonly check: ComputerCheck }) {
  const { t } = useTranslation('overview');
  const say = useSentences();
  const { status, icon } = looks[check.state];
  return (
    <DataListItem aria-labelledby={`check-${check.id}`}>
      <DataListItemRow>
        <DataListItemCells
          dataListCells={[
            <DataListCell key="icon" isIcon>
              <Icon status={status} iconSize="md">
                {icon}
              </Icon>
              <span className="vd-sr-only">{t(`computer.state.${check.state}`)}</span>
            </DataListCell>,
            <DataListCell key="text">
              <span id={`check-${check.id}`}>
                <strong>{t(`computer.check.${check.id}`)}</strong> · {say(check.message)}
              </span>
              {check.fix !== undefined && <Content component="p">{say(check.fix)}</Content>}
              {check.command !== undefined && (
                <ClipboardCopy isReadOnly isCode hoverTip={t('copy', { ns: 'words' })} clickTip={t('copied', { ns: 'words' })}>
                  {check.command}
                </ClipboardCopy>
              )}
            </DataListCell>,
          ]}
        />
      </DataListItemRow>
    </DataListItem>
  );
}
