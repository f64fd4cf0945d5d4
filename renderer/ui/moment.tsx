// Owns showing a time: an age that stays true, with the exact value in a tooltip.
// Must not be used where the exact value is the content.
import { Tooltip } from '@patternfly/react-core';
import { agoText, durationText, exactText } from './time-text.ts';
import { useNow } from './ticking.ts';

export interface MomentProps {
  /** RFC 3339. */
  readonly time: string;
  readonly language: string;
  /** `ago`: "5 min. ago". `since`: "5 min", for uptimes. */
  readonly form?: 'ago' | 'since';
}

export function Moment({ time, language, form = 'ago' }: MomentProps) {
  const at = Date.parse(time);
  const now = useNow();
  return (
    <Tooltip content={exactText(at, language)}>
      <time dateTime={time} tabIndex={0}>
        {form === 'ago' ? agoText(at, now, language) : durationText(now - at, language)}
      </time>
    </Tooltip>
  );
}
