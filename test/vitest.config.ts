// Owns which suites there are: unit (seconds), server (three transports), guests (real QEMU), lab (an outer machine).
// Must not hold any test.
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

/** They count or change what all machines of this computer share: bridges, pools of pages, groups of processes, its memory under pressure. */
const alone = ['balloon', 'bridge', 'limits', 'memory', 'network-boot', 'processor'].map((name) => `test/guests/${name}.test.ts`);
/** TCG on a loaded machine: four times the measured boot, and a second try, which the report names. */
const guests = { retry: 1, testTimeout: 300_000, hookTimeout: 600_000 };

export default defineConfig({
  root,
  test: {
    projects: [
      {
        root,
        test: {
          name: 'unit',
          include: ['test/{architecture,api,core,engine,store,host,renderer,desktop,golden,cli,setup}/**/*.test.{ts,tsx}'],
          testTimeout: 20_000,
          // No test of these leaves anything behind in its process: the modules are loaded once.
          isolate: false,
        },
      },
      { root, test: { name: 'server', include: ['test/server/**/*.test.ts'], testTimeout: 30_000 } },
      // Real clients against a served core; each takes a second of processor time now and then.
      { root, test: { name: 'clients', include: ['test/clients/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 } },
      {
        root,
        // An emulated guest has one thread: two files at a time, and no more for those with a small computer.
        test: { name: 'guests', include: ['test/guests/**/*.test.ts'], exclude: alone, maxWorkers: 2, ...guests },
      },
      {
        root,
        test: { name: 'guests-alone', include: alone, fileParallelism: false, sequence: { groupOrder: 1 }, ...guests },
      },
      {
        root,
        test: {
          name: 'lab',
          include: ['test/lab/**/*.test.ts'],
          retry: 1,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
