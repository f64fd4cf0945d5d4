// Owns showing a time: an age that stays true, with the exact value in a tooltip.
// Must not be used where the exact value is the content.
import { Tooltip } from '@patternfly/react-core';
import { useFormats } from './formats-context.tsx';
import { useNow } from './ticking.ts';

export interface MomentProps {
  /** RFC 3339. */
  readonly time: string;
  /** `ago`: "5 min. ago". `since`: "5 min", for uptimes. */
  readonly form?: 'ago' | 'since';
  /** In dense lists: the exact value as a plain title, no tooltip and no stop for Tab. */
  readonly isQuiet?: boolean;
}

export function Moment({ time, form = 'ago', isQuiet = false }: MomentProps) {
  const formats = useFormats();
  const at = Date.parse(time);
  const now = useNow();
  const text = form === 'ago' ? formats.ago(at, now) : formats.duration(now - at);
  const exact = formats.exact(at);
  if (isQuiet) {
    return (
      <time dateTime={time} title={exact}>
        {text}
      </time>
    );
  }
  return (
    <Tooltip content={exact}>
      <time dateTime={time} tabIndex={0}>
        {text}
      </time>
    </Tooltip>
  );
}
