// Owns failing, for the test of the lab itself.
// Must not succeed.
import type { LabProgramMain } from '../inside/lab-side.ts';

const main: LabProgramMain = () => Promise.reject(new Error('the program failed on purpose'));

export default main;
