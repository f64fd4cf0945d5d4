// Owns the rows of what the consoles remember, and of typing at a pace.
// Must not need a browser.
import { describe, expect, test } from 'vitest';
import { keepMemory, type KeyValues, ownCombinations, readMemory } from '../../../renderer/features/console/console-memory.ts';
import { strokeMs, typeStrokes } from '../../../renderer/features/console/type-strokes.ts';
import type { KeyEvent } from '../../../renderer/features/console/typing.ts';
import { fakeSchedule } from './fake-channel.ts';

function storage(text: string | null): KeyValues & { kept: () => string | null } {
  let value = text;
  return { getItem: () => value, setItem: (_key, next) => (value = next), kept: () => value };
}
const usual = { layout: 'us', deadKeys: true, combinations: [], fontSize: 14 };

describe('readMemory', () => {
  test.each([
    { name: 'nothing', text: null, languages: [], want: usual },
    { name: 'no JSON', text: '{', languages: [], want: usual },
    { name: 'another shape', text: '[1]', languages: [], want: usual },
    {
      name: 'odd values',
      text: '{"layout":"xx","deadKeys":1,"combinations":["nokey",3,"Alt+F1"],"fontSize":99}',
      languages: [],
      want: { ...usual, combinations: ['Alt+F1'] },
    },
    { name: 'the first language with a layout', text: null, languages: ['zh-CN', 'de-AT', 'fr'], want: { ...usual, layout: 'de' } },
    { name: 'a region with a layout of its own', text: null, languages: ['de-CH'], want: { ...usual, layout: 'de-ch' } },
    { name: 'British English', text: null, languages: ['en-GB'], want: { ...usual, layout: 'uk' } },
    { name: 'what was chosen before the languages', text: '{"layout":"fr"}', languages: ['de'], want: { ...usual, layout: 'fr' } },
  ])('$name', ({ text, languages, want }) => {
    expect(readMemory(storage(text), languages)).toEqual(want);
  });

  test('what is kept is read again', () => {
    const kept = storage(null);
    keepMemory(kept, { layout: 'sv', deadKeys: false, combinations: ['Ctrl+Alt+F9'], fontSize: 20 });
    const memory = readMemory(kept, []);
    expect([memory, ownCombinations(memory).map(({ label }) => label)]).toEqual([
      { layout: 'sv', deadKeys: false, combinations: ['Ctrl+Alt+F9'], fontSize: 20 },
      ['Ctrl+Alt+F9'],
    ]);
  });
});

describe('typeStrokes', () => {
  const stroke = (code: string): readonly KeyEvent[] => [
    { keysym: 0, code, down: true },
    { keysym: 0, code, down: false },
  ];
  const strokes = ['KeyA', 'KeyB', 'KeyC'].map(stroke);

  function setUp(lines: () => boolean) {
    const time = fakeSchedule();
    const sent: string[] = [];
    const progress: object[] = [];
    const stop = typeStrokes({
      strokes,
      send(events) {
        if (lines()) sent.push(events[0]!.code);
        return lines();
      },
      schedule: time.schedule,
      onProgress: (each) => progress.push(each),
    });
    return { time, sent, progress, stop };
  }

  test('one stroke at a time, at a pace', () => {
    const { time, sent, progress } = setUp(() => true);
    expect([sent, time.waiting()]).toEqual([['KeyA'], [strokeMs]]);
    time.run(strokeMs);
    time.run(strokeMs);
    time.run(strokeMs);
    expect([sent, time.waiting(), progress]).toEqual([
      ['KeyA', 'KeyB', 'KeyC'],
      [],
      [
        { sent: 1, lost: false },
        { sent: 2, lost: false },
        { sent: 3, lost: false },
      ],
    ]);
  });

  test('stopping leaves no key down and nothing waiting', () => {
    const { time, sent, stop } = setUp(() => true);
    stop();
    expect([sent, time.waiting()]).toEqual([['KeyA'], []]);
  });

  test('a lost line ends it and says so', () => {
    let up = true;
    const { time, sent, progress } = setUp(() => up);
    up = false;
    time.run(strokeMs);
    expect([sent, progress.at(-1), time.waiting()]).toEqual([['KeyA'], { sent: 1, lost: true }, []]);
  });
});
