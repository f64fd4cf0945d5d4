// Owns how the end-to-end suite runs: the window in the system's Chromium over `serve`, one user task a file.
// Must not hold any test.
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  testMatch: '*.spec.ts',
  outputDir: '../../test-results',
  // Each test has a core and folders of its own: while a guest boots on one processor, another test has the other. Times out at
  // four times what was measured.
  workers: 2,
  // A second try, which the report names as flaky.
  retries: 1,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  forbidOnly: process.env['CI'] !== undefined,
  use: {
    viewport: { width: 1280, height: 860 },
    // Of the second try: recording each first one takes a quarter of the time.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['VIRTDECK_CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
