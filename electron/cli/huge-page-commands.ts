// Owns the commands of huge page pools.
// Must not do them; they are loaded when one is asked for.
import type { Command } from 'commander';
import type { HugePageOptions } from './commands/huge-pages.ts';
import type { Session } from './session.ts';

export function addHugePageCommands(program: Command, session: () => Session): void {
  const pages = program
    .command('hugepages')
    .description('Pools of huge pages of this computer')
    .action(async () => (await import('./commands/huge-pages.ts')).hugePages(session()));
  pages
    .command('reserve <size> [count]')
    .description('Reserve so many huge pages of a size (2Mi, 1Gi); 0 gives them back')
    .option('--more <count>', 'beside those that are there')
    .option('--node <number>', 'memory node', '0')
    .option('--boot', 'at each start of this computer, from the next one on')
    .action(async (size: string, count: string | undefined, options: HugePageOptions) =>
      (await import('./commands/huge-pages.ts')).reserveHugePages(session(), {
        size,
        ...(count === undefined ? {} : { count }),
        ...options,
      }),
    );
}
