// Owns the promise that a crowd of watches loses nothing, for a few seconds; `npm run bench wire` holds it for a minute.
// Must not assert how fast it is.
import { Agent } from 'node:http';
import { expect, test } from 'vitest';
import { startCore } from '../bench/core-process.ts';
import { loadOn } from '../bench/wire.ts';
import { watchLoad } from '../bench/watch-load.ts';

test('200 watches and 50 writes a second lose nothing, keep the order and the memory', { timeout: 120_000 }, async () => {
  const core = await startCore();
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  try {
    const { writes, lost, disordered, latenciesMs, memoryBytes } = await watchLoad(loadOn(core), {
      watches: 200,
      writesPerSecond: 50,
      seconds: 5,
      agent,
    });
    expect({ writes, lost, disordered, complete: latenciesMs.length }).toEqual({ writes: 250, lost: 0, disordered: 0, complete: 250 });
    // 25,000 events passed in between, a kilobyte each: what is kept of them would show.
    expect(memoryBytes.after - memoryBytes.middle).toBeLessThan(48 * 1024 * 1024);
  } finally {
    agent.destroy();
    await core.end();
    core.remove();
  }
});
