// Owns what one QEMU tells: QMP events made into facts and handed on, and what the host itself needs of them.
// Must not act on any; listeners only enqueue.
import type { Clock, FactListener } from '../../engine/ports.ts';
import { textOf } from './json-lines.ts';
import type { QmpEvent } from './qmp.ts';

/** Made before the QMP session, so that no event falls between. */
export interface EventRelay {
  readonly onEvent: (event: QmpEvent) => void;
  readonly onFact: FactListener;
  readonly shutdownReason: () => string | undefined;
  /** Called at every change of a virtio-serial port. */
  readonly onPortChange: (listener: () => void) => void;
  /** Nothing is told any more. */
  readonly silence: () => void;
}

export function eventRelay(onFact: FactListener, clock: Clock): EventRelay {
  let shutdownReason: string | undefined;
  let portChange: (() => void) | undefined;
  let silent = false;
  const tell: FactListener = (fact) => {
    if (!silent) onFact(fact);
  };
  return {
    onFact: tell,
    onEvent: ({ event, data, at }) => {
      if (event === 'SHUTDOWN') shutdownReason = textOf(data['reason']);
      if (event === 'VSERPORT_CHANGE') portChange?.();
      tell({ type: 'QmpEvent', event, data, at: at ?? clock.now() });
    },
    shutdownReason: () => shutdownReason,
    onPortChange: (listener) => {
      portChange = listener;
    },
    silence: () => {
      silent = true;
    },
  };
}
