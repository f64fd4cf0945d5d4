// Owns a machine's charge as it is shown: its memory in one line, all of it line by line on request, and what each quota says to it.
// Must not ask for it.
import {
  Alert,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  ExpandableSection,
} from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { ChargeReport } from '../../electron/api/charge.ts';
import { useAmountText } from './amount-text.ts';
import { useFormats } from './formats-context.tsx';

export function ChargeSection({ charge }: { readonly charge: ChargeReport }) {
  const { t } = useTranslation('quotas');
  const text = useAmountText();
  return (
    <ExpandableSection toggleText={t('charge.with', { size: text('memory', charge.requests['memory'] ?? '0') })} isIndented>
      <ChargeList charge={charge} />
    </ExpandableSection>
  );
}

/** Of huge pages and devices the limit is the request: a quota knows no other name of them. */
function isLimited(name: string): boolean {
  return name === 'cpu' || name === 'memory';
}

function ChargeList({ charge }: { readonly charge: ChargeReport }) {
  const { t } = useTranslation('quotas');
  const { mebibytes } = useFormats();
  const text = useAmountText();
  const { memory, requests, limits, leftOutMiB, density, givenLimits, quotas } = charge;
  const totalMiB = memory.reduce((sum, { mib }) => sum + mib, 0);
  const rows = [
    ...memory.map(({ what, mib }) => ({ term: t(`charge.${what}`), value: mebibytes(mib) })),
    { term: t('charge.total'), value: mebibytes(totalMiB) },
    { term: t('charge.cpu'), value: text('cpu', requests['cpu'] ?? '0') },
    ...Object.entries(requests).flatMap(([name, value]) =>
      isLimited(name) ? [] : [{ term: `requests.${name}`, value: text(name, value) }],
    ),
    ...Object.entries(limits).flatMap(([name, value]) => (isLimited(name) ? [{ term: `limits.${name}`, value: text(name, value) }] : [])),
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
      {density.memoryOvercommitPercentage !== undefined && (
        <p className="vd-subtle">{t('charge.lent', { percent: density.memoryOvercommitPercentage })}</p>
      )}
      {density.cpuAllocationRatio !== undefined && <p className="vd-subtle">{t('charge.perCpu', { count: density.cpuAllocationRatio })}</p>}
      {givenLimits.length > 0 && <p className="vd-subtle">{t('charge.given', { names: givenLimits.join(', ') })}</p>}
      {leftOutMiB > 0 && <p className="vd-subtle">{t('charge.leftOut', { size: mebibytes(leftOutMiB) })}</p>}
      {quotas.map(({ quota, resource, takes, used, hard, fits }) => (
        <Alert
          component="p"
          key={`${quota} ${resource}`}
          isInline
          isPlain
          variant={fits ? 'success' : 'danger'}
          title={t(fits ? 'charge.fits' : 'charge.exceeds', {
            quota,
            resource,
            takes: text(resource, takes),
            used: text(resource, used),
            hard: text(resource, hard),
          })}
        />
      ))}
    </>
  );
}
