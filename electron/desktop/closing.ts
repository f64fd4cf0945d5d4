// Owns what closing the window means while machines run.
// Must not close anything.

export type CloseDecision = 'quit' | 'tray' | 'ask';

/** Without a running machine there is nothing to keep in sight. */
export function closeDecision(setting: 'ask' | 'always' | 'never', running: number): CloseDecision {
  if (running === 0 || setting === 'never') return 'quit';
  return setting === 'always' ? 'tray' : 'ask';
}
