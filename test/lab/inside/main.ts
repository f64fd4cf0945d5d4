// Owns the entry inside the lab: loads the program, hands it the result channel, and tells how it ended.
// Must not test anything: `main.ts PROGRAM.ts INPUT-JSON`, started by the lab's run script.
import { openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { LabProgramMain } from './lab-side.ts';

const [file = '', input = 'null'] = process.argv.slice(2);

/** Without udev there is no /dev/virtio-ports, and the number of the device depends on what else is there. */
function resultPort(): string {
  const folder = '/sys/class/virtio-ports';
  const name = readdirSync(folder).find((port) => readFileSync(`${folder}/${port}/name`, 'utf8').trim() === 'lab.result');
  if (name === undefined) throw new Error('The outer machine has no port named lab.result.');
  return `/dev/${name}`;
}

const channel = openSync(resultPort(), 'r+');
const tell = (line: object): void => void writeSync(channel, `${JSON.stringify(line)}\n`);

tell({ type: 'started', node: process.version });
try {
  const { default: main } = (await import(pathToFileURL(file).href)) as { readonly default: LabProgramMain };
  await main({ input: JSON.parse(input), report: (value) => tell({ type: 'result', value }) });
  tell({ type: 'done' });
} catch (error) {
  tell({ type: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
// A timer somebody forgot must not keep the lab alive.
process.exit(0);
