// Owns the list before the first answer, in the shape it will have.
// Must not be higher or lower than the list.
import { Skeleton } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { rowHeight } from './row-height.ts';

const rows = 8;

export function MachineTableSkeleton() {
  const { t } = useTranslation();
  return (
    <div className="vd-table-scroller" aria-busy="true">
      {Array.from({ length: rows }, (_row, index) => (
        <div key={index} className="vd-skeleton-row" style={{ height: rowHeight }}>
          <Skeleton width={`${90 - (index % 3) * 8}%`} screenreaderText={index === 0 ? t('loading') : ''} />
        </div>
      ))}
    </div>
  );
}
