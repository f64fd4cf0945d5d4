// Owns the rows of the frame's decisions: commands, tasks, language, preferences, announcements.
// Must not test drawing.
import { describe, expect, test } from 'vitest';
import type { DataVolume } from '../../../electron/api/kinds/data-volume.ts';
import { type Command, findCommands } from '../../../renderer/app/commands.ts';
import { chooseLanguage } from '../../../renderer/app/language.ts';
import { keepPreferences, readPreferences } from '../../../renderer/app/preferences.ts';
import { changedStates } from '../../../renderer/app/state-announcer.tsx';
import { tasksOf } from '../../../renderer/app/tasks.ts';
import { runningView, stoppedView } from '../machines/machines.ts';

describe('findCommands', () => {
  const command = (label: string, group: Command['group'], disabledReason?: string): Command => ({
    id: label,
    label,
    group,
    disabledReason,
    run: () => undefined,
  });
  const commands = [
    command('Create a machine', 'pages'),
    command('Go to Disks', 'pages'),
    command('Start: web', 'actions', 'It is on.'),
    command('Shut down: web', 'actions'),
    command('Open web', 'machines'),
    command('Open webmail', 'machines'),
  ];
  test.each([
    { query: '', want: ['Open web', 'Open webmail', 'Shut down: web', 'Start: web', 'Create a machine', 'Go to Disks'] },
    { query: 'web', want: ['Open web', 'Open webmail', 'Shut down: web', 'Start: web'] },
    { query: 'DOWN web', want: ['Shut down: web'] },
    { query: 'disk', want: ['Go to Disks'] },
    { query: 'nothing of this', want: [] },
  ])('“$query”', ({ query, want }) => {
    expect(findCommands(commands, query, 10).map(({ label }) => label)).toEqual(want);
  });
  test('shows no more than asked', () => {
    expect(findCommands(commands, 'web', 2)).toHaveLength(2);
  });
});

describe('tasksOf', () => {
  const volume = (name: string, phase: string | undefined, progress?: string): DataVolume => ({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...(progress === undefined ? {} : { annotations: { 'virtdeck.io/progress': progress } }),
    },
    spec: {},
    ...(phase === undefined ? {} : { status: { phase } }),
  });
  test('what is under way, with its progress', () => {
    const tasks = tasksOf([
      volume('done', 'Succeeded'),
      volume('failed', 'Failed'),
      volume('new', undefined),
      volume('half', 'ImportInProgress', '{"percent":50,"doneBytes":1,"totalBytes":2}'),
      volume('odd', 'ImportInProgress', '{half'),
    ]);
    expect(tasks).toEqual([
      { id: 'default/new', type: 'disk', name: 'new', phase: 'Pending', progress: undefined },
      { id: 'default/half', type: 'disk', name: 'half', phase: 'ImportInProgress', progress: { percent: 50, doneBytes: 1, totalBytes: 2 } },
      { id: 'default/odd', type: 'disk', name: 'odd', phase: 'ImportInProgress', progress: undefined },
    ]);
  });
});

test.each([
  { setting: 'auto', wanted: ['zh-Hans-CN', 'en'], want: 'zh-CN' },
  { setting: 'auto', wanted: ['de', 'zh'], want: 'zh-CN' },
  { setting: 'auto', wanted: ['de', 'fr'], want: 'en' },
  { setting: 'auto', wanted: ['en-GB', 'zh-CN'], want: 'en' },
  { setting: 'en', wanted: ['zh-CN'], want: 'en' },
] as const)('language $setting of $wanted', ({ setting, wanted, want }) => {
  expect(chooseLanguage(setting, wanted)).toBe(want);
});

describe('preferences', () => {
  const storage = (text?: string): Storage => {
    const values = new Map(text === undefined ? [] : [['virtdeck.preferences', text]]);
    return {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    } as unknown as Storage;
  };
  test.each([
    { name: 'nothing kept', text: undefined, want: { language: 'auto', theme: 'auto' } },
    { name: 'a part', text: '{"theme":"dark"}', want: { language: 'auto', theme: 'dark' } },
    { name: 'somebody else’s text', text: 'dark', want: { language: 'auto', theme: 'auto' } },
  ])('$name', ({ text, want }) => {
    expect(readPreferences(storage(text))).toEqual(want);
  });
  test('are read as they were kept', () => {
    const kept = storage();
    keepPreferences(kept, { language: 'zh-CN', theme: 'dark' });
    expect(readPreferences(kept)).toEqual({ language: 'zh-CN', theme: 'dark' });
  });
});

test('changedStates: machines that changed, not those that came', () => {
  const known = new Map([
    ['default/a', 'Stopped'],
    ['default/b', 'Stopped'],
    ['default/gone', 'Running'],
  ]);
  expect(changedStates(known, [runningView('a'), stoppedView('b'), runningView('c')]).map(({ name }) => name)).toEqual(['a']);
});
