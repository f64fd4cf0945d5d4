// Owns the rows of the console's small decisions: what is shown, what is asked before pasting, what is kept.
// Must not need a browser.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { consoleScene, detachedConsole, hasRun, readView, savedName, viewFor } from '../../../renderer/features/console/console-model.ts';
import { createLineTimes, type LineMarker } from '../../../renderer/features/console/line-times.ts';
import { pasteRisk } from '../../../renderer/features/console/paste-guard.ts';

const metadata = { name: 'web', uid: 'u1', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };

function machine(printableStatus: string): VirtualMachine {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { template: { spec: { domain: { devices: {} } } } },
    status: { printableStatus },
  };
}
function instance(phase: string, devices: object = {}): VirtualMachineInstance {
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata, spec: { domain: { devices } }, status: { phase } };
}

describe('consoleScene', () => {
  test.each([
    { name: 'nothing', got: consoleScene(undefined, undefined), want: { type: 'missing' } },
    { name: 'stopped', got: consoleScene(machine('Stopped'), undefined), want: { type: 'off' } },
    { name: 'starting without an instance yet', got: consoleScene(machine('Starting'), undefined), want: { type: 'starting' } },
    { name: 'scheduled', got: consoleScene(machine('Starting'), instance('Scheduled')), want: { type: 'starting' } },
    {
      name: 'running',
      got: consoleScene(machine('Running'), instance('Running')),
      want: { type: 'live', uid: 'u1', graphics: true, serial: true },
    },
    {
      name: 'paused, headless',
      got: consoleScene(machine('Paused'), instance('Running', { autoattachGraphicsDevice: false })),
      want: { type: 'live', uid: 'u1', graphics: false, serial: true },
    },
    {
      name: 'an instance without a machine',
      got: consoleScene(undefined, instance('Running')),
      want: { type: 'live', uid: 'u1', graphics: true, serial: true },
    },
    { name: 'ended', got: consoleScene(machine('Stopped'), instance('Succeeded')), want: { type: 'off' } },
  ])('$name', ({ got, want }) => {
    expect(got).toEqual(want);
  });
});

test.each([
  ['both', { graphics: true, serial: true }, 'both'],
  ['both', { graphics: true, serial: false }, 'graphics'],
  ['graphics', { graphics: false, serial: true }, 'serial'],
] as const)('asked for %s of %j shows %s', (asked, has, want) => {
  expect(viewFor(asked, has)).toBe(want);
});

test.each([
  { machine: undefined, want: false },
  { machine: { status: { printableStatus: 'Stopped' } }, want: false },
  { machine: { status: { runStrategy: 'Manual' } }, want: true },
])('hasRun $machine', ({ machine: given, want }) => {
  expect(hasRun(given)).toBe(want);
});

test('the detached window is named by machine and view, its address reads back', () => {
  const { path, window } = detachedConsole({ namespace: 'a b', name: 'web' }, 'serial');
  expect([path, window, readView(path.slice(path.indexOf('?'))), readView('?view=x')]).toEqual([
    '/console/a%20b/web?view=serial',
    'console-a b-web-serial',
    'serial',
    'graphics',
  ]);
});

test('saved files have names that every file system takes', () => {
  expect(savedName('web', 'png', new Date('2026-11-23T14:03:27.512Z'))).toBe('web-2026-11-23T14-03-27.png');
});

describe('pasteRisk', () => {
  test.each([
    { text: 'ls -l', want: undefined },
    { text: 'a\tb', want: undefined },
    { text: 'ls\n', want: { lines: 1, controls: false, preview: 'ls\n' } },
    { text: 'a\r\nb\rc', want: { lines: 3, controls: false, preview: 'a\nb\nc' } },
    { text: '\u001b[31m', want: { lines: 1, controls: true, preview: '␛[31m' } },
    { text: 'x\u009b', want: { lines: 1, controls: true, preview: 'x␛' } },
    {
      text: 'y'.repeat(130).concat('\n', 'z\n'.repeat(9)),
      want: { lines: 10, controls: false, preview: `${'y'.repeat(120)}…\n${'z\n'.repeat(7)}`.trimEnd() },
    },
  ])('$text', ({ text, want }) => {
    expect(pasteRisk(text)).toEqual(want);
  });
});

test('times follow their lines; replayed lines have none, cut lines are forgotten', () => {
  const marker = (line: number): LineMarker & { line: number; isDisposed: boolean } => ({
    line,
    isDisposed: false,
    dispose() {
      this.isDisposed = true;
    },
  });
  const times = createLineTimes();
  const markers = [marker(0), marker(1), marker(2), marker(3)];
  times.begin(markers[0]!, undefined);
  for (const [index, each] of markers.slice(1).entries()) times.begin(each, 100 + index);
  markers[1]!.dispose();
  markers[2]!.line = 1;
  markers[3]!.line = 2;
  const seen = times.visible(0, 4);
  times.clear();
  expect([seen, times.visible(0, 4), markers.map(({ isDisposed }) => isDisposed)]).toEqual([
    [undefined, 101, 102, undefined],
    [undefined, undefined, undefined, undefined],
    [true, true, true, true],
  ]);
});
