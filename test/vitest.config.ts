// Owns which suites there are: unit (seconds), server (three transports), guests (real QEMU), lab (an outer machine).
// Must not hold any test.
import { defineConfig } from 'vitest/config';

const root = new URL('..', import.meta.url).pathname;

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
        },
      },
      { root, test: { name: 'server', include: ['test/server/**/*.test.ts'], testTimeout: 30_000 } },
      // Real clients against a served core; each takes a second of processor time now and then.
      { root, test: { name: 'clients', include: ['test/clients/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 300_000 } },
      {
        root,
        test: {
          name: 'guests',
          include: ['test/guests/**/*.test.ts'],
          // TCG on a loaded machine: four times the measured boot, and a second try, which the report names.
          retry: 1,
          testTimeout: 300_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
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
