// Owns the proof of start, stop and restart under every run strategy, from every state.
// Must not look inside the engine.
import { describe, expect, test } from 'vitest';
import type { RunStrategy } from '../../electron/api/lifecycle.ts';
import { vm, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, refusal, startCore, type TestCore } from './harness.ts';

type State = 'never ran' | 'running' | 'guest shut down' | 'crashed at once' | 'crashed later';
type Verb = 'start' | 'stop' | 'restart';
/** Refusal, or '' ; spec.runStrategy, printableStatus and run afterwards. */
type Outcome = readonly [refused: string, strategy: RunStrategy, printable: string, run: 'none' | 'same' | 'new'];

const already = 'VM is already running';
const notRunning = 'VM is not running';
const noStart = (strategy: RunStrategy): string => `${strategy} does not support manual start requests`;
const noRestart = (strategy: RunStrategy): string => `RunStrategy ${strategy} does not support manual restart requests`;
const underWay = 'unable to complete request: stop/start already underway';

interface Row extends Readonly<Record<Verb, Outcome>> {
  readonly strategy: RunStrategy;
  readonly state: State;
  /** printableStatus. */
  readonly before: string;
}

const rows: readonly Row[] = [
  {
    strategy: 'Always',
    state: 'running',
    before: 'Running',
    start: [already, 'Always', 'Running', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: ['', 'Always', 'Running', 'new'],
  },
  {
    strategy: 'Always',
    state: 'guest shut down',
    before: 'Running',
    start: [already, 'Always', 'Running', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: ['', 'Always', 'Running', 'new'],
  },
  {
    strategy: 'Always',
    state: 'crashed later',
    before: 'Running',
    start: [already, 'Always', 'Running', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: ['', 'Always', 'Running', 'new'],
  },
  {
    strategy: 'Always',
    state: 'crashed at once',
    before: 'CrashLoopBackOff',
    start: [noStart('Always'), 'Always', 'CrashLoopBackOff', 'none'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: [notRunning, 'Always', 'CrashLoopBackOff', 'none'],
  },
  {
    strategy: 'RerunOnFailure',
    state: 'running',
    before: 'Running',
    start: [already, 'RerunOnFailure', 'Running', 'same'],
    stop: ['', 'RerunOnFailure', 'Stopped', 'none'],
    restart: ['', 'RerunOnFailure', 'Running', 'new'],
  },
  {
    strategy: 'RerunOnFailure',
    state: 'guest shut down',
    before: 'Stopped',
    start: ['', 'RerunOnFailure', 'Running', 'new'],
    stop: [notRunning, 'RerunOnFailure', 'Stopped', 'none'],
    restart: [notRunning, 'RerunOnFailure', 'Stopped', 'none'],
  },
  {
    strategy: 'RerunOnFailure',
    state: 'crashed later',
    before: 'Running',
    start: [already, 'RerunOnFailure', 'Running', 'same'],
    stop: ['', 'RerunOnFailure', 'Stopped', 'none'],
    restart: ['', 'RerunOnFailure', 'Running', 'new'],
  },
  {
    strategy: 'RerunOnFailure',
    state: 'crashed at once',
    before: 'CrashLoopBackOff',
    start: [underWay, 'RerunOnFailure', 'CrashLoopBackOff', 'none'],
    stop: ['', 'RerunOnFailure', 'Stopped', 'none'],
    restart: [notRunning, 'RerunOnFailure', 'CrashLoopBackOff', 'none'],
  },
  {
    strategy: 'Manual',
    state: 'never ran',
    before: 'Stopped',
    start: ['', 'Manual', 'Running', 'new'],
    stop: [notRunning, 'Manual', 'Stopped', 'none'],
    restart: [notRunning, 'Manual', 'Stopped', 'none'],
  },
  {
    strategy: 'Manual',
    state: 'running',
    before: 'Running',
    start: [already, 'Manual', 'Running', 'same'],
    stop: ['', 'Manual', 'Stopped', 'none'],
    restart: ['', 'Manual', 'Running', 'new'],
  },
  {
    strategy: 'Manual',
    state: 'guest shut down',
    before: 'Stopped',
    start: ['', 'Manual', 'Running', 'new'],
    stop: [notRunning, 'Manual', 'Stopped', 'same'],
    restart: ['', 'Manual', 'Running', 'new'],
  },
  {
    strategy: 'Manual',
    state: 'crashed at once',
    before: 'Stopped',
    start: ['', 'Manual', 'Running', 'new'],
    stop: [notRunning, 'Manual', 'Stopped', 'same'],
    restart: ['', 'Manual', 'Running', 'new'],
  },
  {
    strategy: 'Halted',
    state: 'never ran',
    before: 'Stopped',
    start: ['', 'Always', 'Running', 'new'],
    stop: [notRunning, 'Halted', 'Stopped', 'none'],
    restart: [noRestart('Halted'), 'Halted', 'Stopped', 'none'],
  },
  {
    strategy: 'Once',
    state: 'running',
    before: 'Running',
    start: [already, 'Once', 'Running', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: [noRestart('Once'), 'Once', 'Running', 'same'],
  },
  {
    strategy: 'Once',
    state: 'guest shut down',
    before: 'Stopped',
    start: [noStart('Once'), 'Once', 'Stopped', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: [noRestart('Once'), 'Once', 'Stopped', 'same'],
  },
  {
    strategy: 'Once',
    state: 'crashed at once',
    before: 'Stopped',
    start: [noStart('Once'), 'Once', 'Stopped', 'same'],
    stop: ['', 'Halted', 'Stopped', 'none'],
    restart: [noRestart('Once'), 'Once', 'Stopped', 'same'],
  },
];

describe.each(rows)('$strategy, $state', ({ strategy, state, before: printableBefore, ...outcomes }) => {
  test.each(Object.entries(outcomes))('%s', async (verb, outcome) => {
    const core = await inState(strategy, state);
    const before = [core.vm()?.status?.printableStatus, core.vmi()?.metadata.uid] as const;
    const refused = await refusal(core.engine.act(verb as Verb, machineKey()));
    await core.settle();
    await core.clock.advance(5_000);
    const uid = core.vmi()?.metadata.uid;
    const after: Outcome = [
      refused === 'allowed' ? '' : refused.replace('Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": ', ''),
      core.vm()?.spec.runStrategy as RunStrategy,
      core.vm()?.status?.printableStatus ?? '',
      uid === undefined ? 'none' : uid === before[1] ? 'same' : 'new',
    ];
    expect([before[0], after]).toEqual([printableBefore, outcome]);
  });
});

test('a dry run answers as the verb would and changes nothing', async () => {
  const core = await inState('Manual', 'running');
  const version = core.store.resourceVersion();
  const answers = [
    await refusal(core.engine.act('start', machineKey(), { dryRun: true })),
    await refusal(core.engine.act('stop', machineKey(), { dryRun: true })),
    await refusal(core.engine.act('restart', machineKey(), { dryRun: true })),
    await refusal(core.engine.act('pause', machineKey(), { dryRun: true })),
    await refusal(core.engine.act('reset', machineKey(), { dryRun: true })),
  ];
  await core.settle();
  expect([answers, core.store.resourceVersion(), core.guest().qmpLog.map(({ execute }) => execute)]).toEqual([
    [
      'Conflict: Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is already running',
      'allowed',
      'allowed',
      'allowed',
      'allowed',
    ],
    version,
    ['cont'],
  ]);
});

test.each(['start', 'stop', 'restart', 'pause', 'unpause', 'softreboot', 'reset'] as const)('%s of nobody is NotFound', async (verb) => {
  const core = await startCore();
  expect(await refusal(core.engine.act(verb, machineKey('nobody')))).toMatch(
    /^NotFound: virtualmachine(instance)?s\.kubevirt\.io "nobody" not found$/,
  );
});

test('the deprecated spec.running stays in use where it is', async () => {
  const core = await startCore();
  const draft = vm();
  const { runStrategy: _, ...spec } = draft.spec;
  await core.made({ ...draft, spec: { ...spec, running: false } });
  await core.act('start');
  const started = [core.vm()?.spec.running, core.vm()?.spec.runStrategy, core.vm()?.status?.printableStatus];
  await core.act('stop');
  await core.clock.advance(5_000);
  expect([started, core.vm()?.spec.running, core.vm()?.status?.printableStatus]).toEqual([[true, undefined, 'Running'], false, 'Stopped']);
});

async function inState(strategy: RunStrategy, state: State): Promise<TestCore> {
  const core = await startCore();
  await core.made(vm(withRunStrategy(strategy)));
  if (state === 'never ran') return core;
  if (core.vmi() === undefined) await core.act('start');
  if (state === 'crashed later') await core.clock.advance(60_000);
  if (state === 'guest shut down') core.guest().powersOff();
  if (state === 'crashed at once' || state === 'crashed later') core.guest().crashes('qemu: fatal: lost its mind');
  await core.settle();
  return core;
}
