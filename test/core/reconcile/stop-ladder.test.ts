// Owns the rows of the ladder of a stop.
// Must not climb it.
import { expect, test } from 'vitest';
import { stopLadder, type StopConditions } from '../../../electron/core/reconcile/stop-ladder.ts';

const usual: StopConditions = { graceSeconds: 30, acpi: true, agent: false, paused: false };

test.each<[string, Partial<StopConditions>, readonly (readonly [string, number])[]]>([
  [
    'the usual',
    {},
    [
      ['powerButton', 0],
      ['quit', 25_000],
      ['kill', 30_000],
    ],
  ],
  [
    'with an agent',
    { agent: true },
    [
      ['powerButton', 0],
      ['agent', 10_000],
      ['quit', 25_000],
      ['kill', 30_000],
    ],
  ],
  [
    'paused',
    { paused: true },
    [
      ['resume', 0],
      ['powerButton', 0],
      ['quit', 25_000],
      ['kill', 30_000],
    ],
  ],
  [
    'long',
    { graceSeconds: 180, agent: true },
    [
      ['powerButton', 0],
      ['agent', 10_000],
      ['quit', 175_000],
      ['kill', 180_000],
    ],
  ],
  [
    'short',
    { graceSeconds: 3, agent: true },
    [
      ['powerButton', 0],
      ['agent', 1_000],
      ['quit', 2_400],
      ['kill', 3_000],
    ],
  ],
  [
    'agent alone',
    { acpi: false, agent: true },
    [
      ['agent', 0],
      ['quit', 25_000],
      ['kill', 30_000],
    ],
  ],
  [
    'nobody to ask',
    { acpi: false },
    [
      ['quit', 0],
      ['kill', 2_000],
    ],
  ],
  [
    'nobody to ask, paused',
    { acpi: false, paused: true },
    [
      ['quit', 0],
      ['kill', 2_000],
    ],
  ],
  [
    'power cut',
    { graceSeconds: 0, agent: true, paused: true },
    [
      ['quit', 0],
      ['kill', 2_000],
    ],
  ],
  [
    'less than nothing',
    { graceSeconds: -5 },
    [
      ['quit', 0],
      ['kill', 2_000],
    ],
  ],
])('%s', (_name, change, rungs) => {
  expect(stopLadder({ ...usual, ...change }).map(({ rung, afterMs }) => [rung, afterMs])).toEqual(rungs);
});

test('it always ends with a kill within the grace period, each rung later than the one before', () => {
  for (let graceSeconds = 1; graceSeconds < 400; graceSeconds += 7) {
    for (const agent of [true, false]) {
      const ladder = stopLadder({ graceSeconds, acpi: true, agent, paused: agent });
      const times = ladder.map(({ afterMs }) => afterMs);
      expect([ladder.at(-1), times.toSorted((a, b) => a - b)]).toEqual([{ rung: 'kill', afterMs: graceSeconds * 1000 }, times]);
    }
  }
});
