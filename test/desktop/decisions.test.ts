// Owns the rows of the shell's pure decisions: links, closing, window places, words.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { closeDecision } from '../../electron/desktop/closing.ts';
import { isForwardedPage, linkAmong, routeOfLink } from '../../electron/desktop/deep-link.ts';
import { texts, textsFor } from '../../electron/desktop/texts.ts';
import { fitted, readWindowState, writeWindowState } from '../../electron/desktop/window-state.ts';

const folder = mkdtempSync(join(tmpdir(), 'virtdeck-desktop-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  { link: 'virtdeck://machines/default/web', want: '/machines/default/web' },
  { link: 'virtdeck://machines/default/web/console', want: '/machines/default/web/console' },
  { link: 'virtdeck://machines/p-1/db.example/yaml/', want: '/machines/p-1/db.example/yaml' },
  { link: 'virtdeck://machines/default/web/shell', want: undefined },
  { link: 'virtdeck://machines/../../etc/passwd', want: undefined },
  { link: 'virtdeck://machines/default/web#/create', want: undefined },
  { link: 'https://example.org/machines/default/web', want: undefined },
  { link: '--inspect', want: undefined },
])('$link', ({ link, want }) => {
  expect(routeOfLink(link)).toBe(want);
});

test.each([
  { link: 'http://localhost:8080/', want: true },
  { link: 'https://192.168.1.5:8443/', want: true },
  { link: 'http://localhost:8080/x', want: false },
  { link: 'http://localhost.example.org:8080/', want: false },
  { link: 'http://user@localhost:8080/', want: false },
  { link: 'file:///etc/passwd', want: false },
  { link: 'https://example.org/', want: false },
])('$link goes to the browser: $want', ({ link, want }) => {
  expect(isForwardedPage(link)).toBe(want);
});

test('the first link among the arguments is taken', () => {
  expect(linkAmong(['/usr/bin/virtdeck', '--flag', 'virtdeck://machines/default/a', 'virtdeck://machines/default/b'])).toBe(
    '/machines/default/a',
  );
  expect(linkAmong(['/usr/bin/virtdeck'])).toBeUndefined();
});

test.each([
  { setting: 'ask', running: 0, want: 'quit' },
  { setting: 'ask', running: 2, want: 'ask' },
  { setting: 'always', running: 0, want: 'quit' },
  { setting: 'always', running: 1, want: 'tray' },
  { setting: 'never', running: 3, want: 'quit' },
] as const)('closing with $running running and "$setting": $want', ({ setting, running, want }) => {
  expect(closeDecision(setting, running)).toBe(want);
});

const display = { x: 0, y: 0, width: 1920, height: 1080 };
test.each([
  {
    name: 'kept',
    state: { x: 10, y: 20, width: 1000, height: 700, maximized: false },
    want: { x: 10, y: 20, width: 1000, height: 700, maximized: false },
  },
  {
    name: 'a display that is gone',
    state: { x: 3000, y: 20, width: 1000, height: 700, maximized: false },
    want: { width: 1000, height: 700, maximized: false },
  },
  {
    name: 'larger than the display',
    state: { x: 0, y: 0, width: 9000, height: 9000, maximized: true },
    want: { x: 0, y: 0, width: 1920, height: 1080, maximized: true },
  },
  {
    name: 'too small',
    state: { x: 0, y: 0, width: 10, height: 10, maximized: false },
    want: { x: 0, y: 0, width: 900, height: 600, maximized: false },
  },
])('window: $name', ({ state, want }) => {
  expect(fitted(state, [display])).toEqual(want);
});

test('the window state survives a restart and a broken file', () => {
  const file = join(folder, 'window-state.json');
  const initial = readWindowState(file);
  expect(initial).toEqual({ width: 1280, height: 860, maximized: false });
  const state = { x: 5, y: 6, width: 1111, height: 777, maximized: true };
  writeWindowState(file, state);
  expect(readWindowState(file)).toEqual(state);
  writeFileSync(file, '{"width":');
  expect(readWindowState(file)).toEqual(initial);
});

test('both languages have every text, with the same placeholders', () => {
  const placeholders = (text: string): string[] => text.match(/\{\{\w+\}\}/g) ?? [];
  expect(Object.keys(texts['zh-CN'])).toEqual(Object.keys(texts.en));
  for (const key of Object.keys(texts.en) as (keyof typeof texts.en)[])
    expect(placeholders(texts['zh-CN'][key])).toEqual(placeholders(texts.en[key]));
});

test.each([
  { language: 'auto', system: 'zh-TW', want: 'zh-CN' },
  { language: 'auto', system: 'de-AT', want: 'en' },
  { language: 'en', system: 'zh-CN', want: 'en' },
  { language: 'zh-CN', system: 'en-US', want: 'zh-CN' },
] as const)('$language on a $system system speaks $want', ({ language, system, want }) => {
  expect(textsFor(language, system)).toBe(texts[want]);
});
