// Owns the bar from the issue of a certificate to its end, with the point of its renewal.
// Must not be the only place where the times can be read.
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import { useNow } from '../../ui/ticking.ts';
import { type LifeView, percentOfLife } from './chain-view.ts';

export function LifeBar({ life }: { readonly life: LifeView }) {
  const { t } = useTranslation('certificates');
  const formats = useFormats();
  const now = useNow();
  const passed = percentOfLife(life, now);
  const renewal = life.renewAt === undefined ? undefined : percentOfLife(life, life.renewAt);
  return (
    <>
      <svg
        className="vd-life"
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        role="img"
        aria-label={t('life', { percent: formats.percent(passed) })}
      >
        <rect className="vd-life-whole" x="0" y="0" width="100" height="8" vectorEffect="non-scaling-stroke" />
        <rect className="vd-life-passed" x="0" y="0" width={passed} height="8" />
        {renewal !== undefined && (
          <line className="vd-life-renewal" x1={renewal} x2={renewal} y1="0" y2="8" vectorEffect="non-scaling-stroke" />
        )}
      </svg>
      <p className="vd-subtle">
        {t('from', { time: formats.exact(life.from) })} · {t('until', { time: formats.exact(life.until) })}
        {life.renewAt !== undefined && ` · ${t('renewed', { time: formats.exact(life.renewAt) })}`}
      </p>
    </>
  );
}
