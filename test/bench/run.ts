// Owns `npm run bench`: every figure from one run, beside the peers that are installed, as a table for the README.
// Must not judge by absolute time in CI: nothing calls it there.
import { cpus } from 'node:os';
import { bootFigures } from './boot.ts';
import { idleFigures } from './idle.ts';
import { markdown, type Figure } from './figures.ts';
import { placementFigures } from './placement.ts';
import { relayFigures } from './relay.ts';
import { startFigures } from './start.ts';
import { thousandFigures } from './thousand.ts';
import { wireFigures } from './wire.ts';

const groups: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  relay: relayFigures,
  thousand: thousandFigures,
  idle: idleFigures,
  start: startFigures,
  wire: wireFigures,
  boot: bootFigures,
  placement: placementFigures,
};
const wanted = process.argv.slice(2);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stderr.write(`Measuring: ${name} …\n`);
  figures.push(...(await measure()));
}
process.stdout.write(`\n${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, Node ${process.versions.node}\n\n${markdown(figures)}\n`);
process.exit(0);
