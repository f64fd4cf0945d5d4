// Owns a machine's charge as it is shown: memory line by line, and what each quota says to it.
// Must not ask for it.
import { Alert, DescriptionList, DescriptionListDescription, DescriptionListGroup, DescriptionListTerm } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ChargeReport } from '../../electron/api/charge.ts';
import { mebibytesText } from './size-text.ts';

export function ChargeList({ charge }: { readonly charge: ChargeReport }) {
  const { t, i18n } = useTranslation('quotas');
  const { memory, requests, limits, leftOutMiB, quotas } = charge;
  const size = (mib: number): string => mebibytesText(mib, i18n.language);
  const totalMiB = memory.reduce((sum, { mib }) => sum + mib, 0);
  const rows = [
    ...memory.map(({ what, mib }) => ({ term: t(`charge.${what}`), value: size(mib) })),
    { term: t('charge.total'), value: size(totalMiB) },
    { term: t('charge.cpu'), value: requests['cpu'] ?? '0' },
    ...Object.entries(limits).map(([name, value]) => ({ term: `limits.${name}`, value })),
  ];
  return (
    <>
      <DescriptionList isHorizontal isCompact aria-label={t('charge.title')}>
        {rows.map(({ term, value }) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription>{value}</DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      {leftOutMiB > 0 && <p className="vd-subtle">{t('charge.leftOut', { size: size(leftOutMiB) })}</p>}
      {quotas.map(({ quota, resource, takes, used, hard, fits }) => (
        <Alert
          component="p"
          key={`${quota} ${resource}`}
          isInline
          isPlain
          variant={fits ? 'success' : 'danger'}
          title={t(fits ? 'charge.fits' : 'charge.exceeds', { quota, resource, takes, used, hard })}
        />
      ))}
    </>
  );
}
