// Owns the port forwards of one row of the list, in one short line: what to open, and what to copy.
// Must not show those that nothing can be done with; the machine's page does.
import { memo, useMemo } from 'react';
import type { MachineView } from './machine-view.ts';
import { forwardTarget, guestUser, portForwards } from './port-forwards.ts';

export interface RowForwardsProps {
  readonly machine: MachineView;
  /** 0 in the row that Tab reaches. */
  readonly tabIndex: number;
  /** The command that was copied a moment ago, if any was. */
  readonly copied: string | undefined;
  readonly copiedWord: string;
  readonly onCopy: (text: string) => void;
}

export const RowForwards = memo(function RowForwards(props: RowForwardsProps) {
  const {
    machine: { vm, vmi },
    tabIndex,
    copied,
    copiedWord,
    onCopy,
  } = props;
  const forwards = useMemo(
    () =>
      portForwards(vm, vmi).flatMap((forward) => {
        const target = forwardTarget(forward, guestUser(vm));
        return target === undefined ? [] : [{ target, host: forward.host }];
      }),
    [vm, vmi],
  );
  if (forwards.length === 0) return null;
  return (
    <span className="vd-row-note">
      {forwards.map(({ target, host }, index) => {
        const text = `${target.scheme}:${host}`;
        return (
          <span key={text}>
            {index > 0 && ' '}
            {target.scheme === 'ssh' ? (
              <button
                type="button"
                className="vd-row-link"
                title={target.command}
                tabIndex={tabIndex}
                onClick={() => onCopy(target.command)}
              >
                {copied === target.command ? copiedWord : text}
              </button>
            ) : (
              <a className="vd-row-link" href={target.href} title={target.href} target="_blank" rel="noreferrer" tabIndex={tabIndex}>
                {text}
              </a>
            )}
          </span>
        );
      })}
    </span>
  );
});
