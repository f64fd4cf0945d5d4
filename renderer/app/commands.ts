// Owns what the command palette offers, and how a query finds it.
// Must not run anything.

/** In the order in which equally good matches are shown. */
export const commandGroups = ['machines', 'actions', 'pages'] as const;
export type CommandGroup = (typeof commandGroups)[number];

export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: CommandGroup;
  readonly disabledReason?: string;
  readonly run: () => void;
}

/** Every word of the query must be in the label. The best group comes first, and inside it the best label. */
export function findCommands(commands: readonly Command[], query: string, limit: number): readonly Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const scored: { readonly command: Command; readonly score: number }[] = [];
  for (const command of commands) {
    const text = command.label.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const score = words.length === 0 ? 0 : text.startsWith(words[0]!) ? 0 : text.includes(` ${words[0]!}`) ? 1 : 2;
    scored.push({ command, score: score + (command.disabledReason === undefined ? 0 : 3) });
  }
  const best = new Map<CommandGroup, number>();
  for (const { command, score } of scored) best.set(command.group, Math.min(score, best.get(command.group) ?? score));
  const rank = ({ group }: Command): number => best.get(group)! * commandGroups.length + commandGroups.indexOf(group);
  return scored
    .toSorted((a, b) => rank(a.command) - rank(b.command) || a.score - b.score)
    .slice(0, limit)
    .map(({ command }) => command);
}
