// Owns what the lab shows of itself and the short story of handed-over devices, in one outer machine: its start is half of the time.
// Must not judge either; the test does.
import { startCore } from '../../bench/core-process.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';
import { shortStory } from './passthrough-short.ts';
import surroundings from './surroundings.ts';

const main: LabProgramMain = async (lab) => {
  await surroundings(lab);
  const core = await startCore();
  await shortStory(lab, core);
  await core.end();
};

export default main;
