// Owns the difference of one file, line by line, as text that can be read aloud and printed.
// Must not know why it changes.
import { useTranslation } from 'react-i18next';
import { type DiffLine, lineDiff } from '../../../electron/api/line-diff.ts';

export interface FileDiffProps {
  readonly path: string;
  /** Absent: there is no such file. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

const classes: Readonly<Record<DiffLine['mark'], string>> = { '+': 'vd-diff-added', '-': 'vd-diff-removed', ' ': '', gap: 'vd-diff-gap' };

export function FileDiff({ path, before, after }: FileDiffProps) {
  const { t } = useTranslation('devices');
  const note = before === undefined ? t('diff.new') : after === undefined ? t('diff.gone') : t('diff.changed');
  return (
    <figure className="vd-diff" aria-label={t('diff.label', { path })}>
      <figcaption>
        <code>{path}</code> <span className="vd-subtle">{note}</span>
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {lineDiff(before, after).map(({ mark, text }, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- lines have no other name, and never move
          <span key={index} className={classes[mark]}>
            {mark === 'gap' ? '⋯' : `${mark} ${text}`}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  );
}
