// Owns a machine's status in a row: the look of PatternFly's compact label, without its measuring.
// Must not decide the status.
import type { StatusGroup } from './machine-status.ts';
import { statusLooks } from './status-look.tsx';

const colours = { green: ' pf-m-green', blue: ' pf-m-blue', red: ' pf-m-red', grey: '' } as const;

export function CompactStatus({ group, text }: { readonly group: StatusGroup; readonly text: string }) {
  const { color, icon } = statusLooks[group];
  return (
    <span className={`pf-v6-c-label pf-m-compact pf-m-filled${colours[color]}`}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__icon">{icon}</span>
        <span className="pf-v6-c-label__text">{text}</span>
      </span>
    </span>
  );
}
