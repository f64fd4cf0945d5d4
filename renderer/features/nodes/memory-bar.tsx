// Owns the bar of a node's memory: kept for the computer, pages, promised, left; and its huge page pools.
// Must not compute promises; the map has them.
import { useTranslation } from 'react-i18next';
import type { MappedMemory } from '../../../electron/api/node-map.ts';
import { useFormats } from '../../ui/formats-context.tsx';

export function MemoryBar({ memory }: { readonly memory: MappedMemory }) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const { totalMiB, reservedMiB, pooledMiB, promisedMiB, availableMiB, numaNodes, hugePages } = memory;
  const leftMiB = Math.max(0, totalMiB - reservedMiB - pooledMiB - promisedMiB);
  const parts = [
    { id: 'reserved', mib: reservedMiB },
    { id: 'pooled', mib: pooledMiB },
    { id: 'promisedPart', mib: promisedMiB },
    { id: 'left', mib: leftMiB },
  ] as const;
  return (
    <>
      <p className="vd-map-title">
        {t('map.memory', { size: formats.mebibytes(totalMiB), nodes: numaNodes.join(', ') })}{' '}
        {t('map.available', { size: formats.mebibytes(availableMiB) })}
      </p>
      <div className="vd-memory" aria-hidden="true">
        {parts.map(({ id, mib }) => mib > 0 && <span key={id} className={`vd-memory-${id}`} style={{ flexGrow: mib }} />)}
      </div>
      <ul className="vd-map-legend" aria-label={t('map.memoryParts')}>
        {parts.map(
          ({ id, mib }) =>
            (mib > 0 || id === 'left') && (
              <li key={id}>
                <span className={`vd-map-swatch vd-memory-${id}`} /> {t(`map.${id}`, { size: formats.mebibytes(mib) })}
              </li>
            ),
        )}
        {hugePages
          .filter(({ total }) => total > 0)
          .map(({ pageSize, total, free, promised }) => (
            <li key={pageSize}>{t('map.pages', { pageSize, total, free, promised })}</li>
          ))}
      </ul>
    </>
  );
}
