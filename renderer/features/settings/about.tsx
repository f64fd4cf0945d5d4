// Owns what the program is: versions, licence, folders.
// Must not hold a version of its own.
import {
  Card,
  CardBody,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  Skeleton,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ComputerReport } from '../../../electron/api/computer.ts';
import type { Loaded } from '../../client/hooks.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';

export function About({ report }: { readonly report: Loaded<ComputerReport> }) {
  const { t } = useTranslation('settings');
  return (
    <Card>
      <CardTitle component="h2">{t('about.title')}</CardTitle>
      <CardBody>
        {report.phase === 'failed' && <FormFailure title={t('about.failed')} failure={failureOf(report.error)} />}
        {report.value === undefined && report.phase === 'loading' && <Skeleton height="8rem" screenreaderText={t('verdict.asking')} />}
        {report.value !== undefined && <Facts report={report.value} />}
      </CardBody>
    </Card>
  );
}

function Facts({ report }: { readonly report: ComputerReport }) {
  const { t } = useTranslation('settings');
  const rows = [
    { term: 'Virtdeck', value: report.version },
    { term: 'QEMU', value: report.qemuVersion ?? t('about.missing') },
    { term: t('about.computer'), value: `${report.hostname} · ${report.cpus.model}` },
    { term: t('about.disks'), value: report.pool.path },
    { term: t('about.licence'), value: 'Apache-2.0' },
  ];
  return (
    <>
      <DescriptionList isHorizontal isCompact>
        {rows.map(({ term, value }) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="vd-breakable">{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      <p className="vd-alerts">
        {t('about.diagnostics')}{' '}
        <CopyButton text={JSON.stringify(diagnostics(report), null, 2)} label={t('about.copy')} doneLabel={t('copied', { ns: 'words' })} />
      </p>
    </>
  );
}

/** The report without what is personal: the user's name, home and keys. */
function diagnostics({ user: _user, ...report }: ComputerReport): object {
  return report;
}
