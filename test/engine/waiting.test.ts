// Owns how something that only the other side can bring about is waited for: by a bell where there is one, by the clock where there is none.
import { describe, expect, test } from 'vitest';
import { type Bell, createLeave, waitFor } from '../../electron/engine/clusters/wait.ts';
import { manualClock } from '../fakes/manual-clock.ts';

function waiting() {
  const clock = manualClock();
  const leave = createLeave();
  const state = {
    looks: 0,
    value: undefined as string | undefined,
    ring: () => undefined as void,
    silent: () => undefined as void,
    stopped: 0,
  };
  const bell: Bell = (ring, silent) => {
    Object.assign(state, { ring, silent });
    return () => void (state.stopped += 1);
  };
  const look = async (): Promise<string | undefined> => {
    state.looks += 1;
    return state.value;
  };
  const outcome = waitFor({ clock, leave, bell, look, atMostMs: 600_000, late: 'It did not come.' }).catch((error: unknown) => error);
  return { clock, leave, state, outcome };
}

describe('with a bell', () => {
  test('nobody looks until it rings, and then at once', async () => {
    const { clock, state, outcome } = waiting();
    await clock.settle();
    await clock.advance(20_000);
    await clock.settle();
    expect(state.looks).toBe(1);
    state.value = 'here';
    state.ring();
    expect(await outcome).toBe('here');
    expect([state.looks, state.stopped]).toEqual([2, 1]);
  });

  test('a ring while it is looked makes one more look', async () => {
    const { state, outcome } = waiting();
    state.ring();
    state.value = 'here';
    expect(await outcome).toBe('here');
  });

  test('one that was cut off without a word is noticed in the end', async () => {
    const { clock, state, outcome } = waiting();
    await clock.settle();
    state.value = 'here';
    await clock.advance(30_000);
    expect(await outcome).toBe('here');
  });
});

test('where nobody tells of changes it is looked at each second', async () => {
  const { clock, state, outcome } = waiting();
  await clock.settle();
  state.silent();
  await clock.settle();
  const before = state.looks;
  await clock.advance(1_000);
  await clock.settle();
  await clock.advance(1_000);
  await clock.settle();
  expect(state.looks).toBe(before + 2);
  state.value = 'here';
  await clock.advance(1_000);
  expect(await outcome).toBe('here');
});

test('what never comes is said, and the bell is taken down', async () => {
  const { clock, state, outcome } = waiting();
  for (let waited = 0; waited < 600_000; waited += 30_000) {
    await clock.settle();
    await clock.advance(30_000);
  }
  expect(await outcome).toMatchObject({ code: 'Timeout', message: 'It did not come.' });
  expect(state.stopped).toBe(1);
});

test('who leaves is not kept', async () => {
  const { clock, leave, state, outcome } = waiting();
  await clock.settle();
  leave.call();
  expect(await outcome).toMatchObject({ code: 'Timeout' });
  expect(state.stopped).toBe(1);
});
