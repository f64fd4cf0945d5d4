// Owns what the command palette offers, and how a query finds it.
// Must not run anything.

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: string;
  readonly disabledReason?: string;
  readonly run: () => void;
}

/** Every word of the query must be in the label; labels that start with the query come first. */
export function findCommands(commands: readonly Command[], query: string, limit: number): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored: { readonly command: Command; readonly score: number }[] = [];
  for (const command of commands) {
    const text = command.label.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const score = words.length === 0 ? 0 : text.startsWith(words[0]!) ? 0 : text.includes(` ${words[0]!}`) ? 1 : 2;
    scored.push({ command, score: score + (command.disabledReason === undefined ? 0 : 3) });
  }
  return scored
    .toSorted((a, b) => a.score - b.score)
    .slice(0, limit)
    .map(({ command }) => command);
}
