// Owns the rows of KubeVirt's end-to-end suites that no other test proves in upstream's own words, and the look that the others are proven.
// Must not repeat what another test proves.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import { vm, withDisk, withDomain, withRunStrategy } from '../fakes/builders.ts';
import { condition, printable, running, startCore } from './harness.ts';
import { checklist } from './kubevirt-checklist.ts';

describe('every row of the checklist', () => {
  test('is there once, and is proven or says why not', () => {
    expect(checklist.map(({ row }) => row)).toEqual(Array.from({ length: 44 }, (_, index) => index + 1));
    expect(checklist.filter(({ proofs, otherwise }) => proofs === undefined && otherwise === undefined)).toEqual([]);
  });

  test.each(checklist.flatMap(({ row, proofs = [] }) => proofs.map((proof) => [row, proof] as const)))('%i: %s', (_, proof) => {
    const [file = '', ...title] = proof.split(': ');
    const url = new URL(`../${file}`, import.meta.url);
    expect(existsSync(url)).toBe(true);
    if (title.length > 0) expect(readFileSync(url, 'utf8')).toContain(`'${title.join(': ')}'`);
  });
});

describe("in upstream's words", () => {
  test('after a stop: no run, not ready, Stopped', async () => {
    const core = await running('Always');
    expect([printable(core), condition(core.vm(), 'Ready'), core.vm()?.status?.created]).toEqual(['Running', 'True', true]);
    await core.act('stop', 'web', { gracePeriodSeconds: 0 });
    expect(core.vmi()).toBeUndefined();
    expect([printable(core), condition(core.vm(), 'Ready'), core.vm()?.status?.created]).toEqual(['Stopped', 'False/VMINotExists', false]);
    expect(core.vm()?.spec.runStrategy).toBe('Halted');
    expect(core.events().map((line) => line.split(':')[0])).toEqual(expect.arrayContaining(['SuccessfulCreate', 'SuccessfulDelete']));
  });

  test('a processor that this computer cannot be: ErrorUnschedulable, and said on the run', async () => {
    const core = await startCore();
    await core.made(
      vm(
        withDomain((domain) => ({ ...domain, cpu: { model: 'Nonesuch' } })),
        withRunStrategy('Always'),
      ),
    );
    expect(printable(core)).toBe('ErrorUnschedulable');
    expect(condition(core.vmi(), 'PodScheduled')).toBe('False/Unschedulable');
    expect(core.events().filter((line) => line.startsWith('FailedScheduling'))).toHaveLength(1);
  });

  test('a claim that is not there: ErrorPvcNotFound, with the event', async () => {
    const core = await startCore();
    await core.made(vm(withDisk('root', { claim: 'none' }), withRunStrategy('Always')));
    expect(printable(core)).toBe('ErrorPvcNotFound');
    expect(core.events().filter((line) => line.startsWith('FailedPvcNotFound'))).toHaveLength(1);
  });

  type End = 'powersOff' | 'crashes';
  test.each<[RunStrategy, End, phase: string | undefined, printable: string, run: 'same' | 'new' | 'none']>([
    ['Once', 'powersOff', 'Succeeded', 'Stopped', 'same'],
    ['Manual', 'powersOff', 'Succeeded', 'Stopped', 'same'],
    ['Always', 'powersOff', 'Running', 'Running', 'new'],
    ['RerunOnFailure', 'powersOff', undefined, 'Stopped', 'none'],
    ['RerunOnFailure', 'crashes', 'Running', 'Running', 'new'],
    ['Once', 'crashes', 'Failed', 'Stopped', 'same'],
  ])('%s, guest %s', async (...[strategy, ends, phase, word, run]) => {
    const core = await startCore();
    await core.made(vm(withRunStrategy(strategy)));
    if (strategy === 'Manual') await core.act('start');
    const before = core.vmi()?.metadata.uid;
    // Long enough that an end is no failed start.
    await core.clock.advance(600_000);
    if (ends === 'powersOff') core.guest().powersOff();
    else core.guest().crashes('gone');
    await core.settle();
    const now = core.vmi()?.metadata.uid;
    expect([core.vmi()?.status?.phase, printable(core), now === undefined ? 'none' : now === before ? 'same' : 'new']).toEqual([
      phase,
      word,
      run,
    ]);
  });
});
