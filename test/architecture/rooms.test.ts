// Owns the check of the walls. A failure names the line of rooms.ts to discuss.
// Must not list exceptions of its own.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { importsOf, projectFiles, root, roomOf, sourceFiles, type Import } from './imports.ts';
import { allowedDespiteBan, bannedNames, dependencies, maxLines, rooms, topLevel } from './rooms.ts';

const files = projectFiles();
const sources = sourceFiles(files);
const imports = sources.filter((file) => !file.startsWith('test/') && !file.startsWith('resources/')).flatMap(importsOf);

test('every import is an arrow of the table', () => {
  const wrong = imports.filter((each) => each.type === 'file').flatMap(forbiddenArrow);
  expect(wrong).toEqual([]);
});

test('every package is of a class its room may use', () => {
  const wrong = imports.filter((each) => each.type !== 'file').flatMap(forbiddenPackage);
  expect(wrong).toEqual([]);
});

test('every dependency of package.json is classified, and nothing else', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;
  const listed = [manifest['dependencies'], manifest['devDependencies'], manifest['optionalDependencies']].flatMap((each) =>
    Object.keys(each ?? {}),
  );
  expect(Object.keys(dependencies).toSorted()).toEqual(listed.toSorted());
});

test('no import cycles', () => {
  expect(cycles(imports)).toEqual([]);
});

test(`no file over ${maxLines} lines`, () => {
  const long = sources.map((file) => ({ file, lines: linesOf(file) })).filter(({ lines }) => lines > maxLines);
  expect(long).toEqual([]);
});

test('every file says what it owns and what it must not do', () => {
  const silent = sources
    .filter((file) => /\.(ts|tsx)$/.test(file) && /^(electron|renderer|native)\//.test(file) && !file.endsWith('.d.ts'))
    .filter((file) => !/^(#!.*\n)?\/\/ Owns [\s\S]*?\n\/\/ .*\n?/.test(readFileSync(join(root, file), 'utf8')));
  expect(silent).toEqual([]);
});

test('no drawers for odds and ends', () => {
  const parts = files.filter((file) => !file.startsWith('.') && !allowedDespiteBan.some((path) => file.startsWith(path)));
  const wrong = parts.filter((file) => file.split('/').some((part) => bannedNames.includes(basename(part).replace(/\..*$/, ''))));
  expect(wrong).toEqual([]);
});

test('the top level is fixed', () => {
  const found = new Set(files.filter((file) => !file.startsWith('.')).map((file) => file.split('/')[0]));
  expect([...found].filter((name) => !topLevel.includes(name ?? ''))).toEqual([]);
});

test('electron is named only by the shell', () => {
  const wrong = imports.filter(
    (each) => each.target === 'electron' && each.file !== 'electron/main.ts' && !each.file.startsWith('electron/desktop/'),
  );
  expect(wrong.map((each) => each.file)).toEqual([]);
});

test('features never import each other', () => {
  const feature = (path: string) => /^renderer\/features\/([^/]+)\//.exec(path)?.[1];
  const wrong = imports.filter(
    (each) => feature(each.file) !== undefined && feature(each.target) !== undefined && feature(each.file) !== feature(each.target),
  );
  expect(wrong.map((each) => `${each.file} → ${each.target}`)).toEqual([]);
});

test('the pure rooms never ask for the time', () => {
  const pure = sources.filter((file) => /^electron\/(api|core|engine)\//.test(file));
  expect(pure.filter((file) => /\bnew Date\(\s*\)|\bDate\.now\b|\bMath\.random\b/.test(readFileSync(join(root, file), 'utf8')))).toEqual(
    [],
  );
});

test('no program starts a shell', () => {
  const wrong = sources.filter(
    (file) => /\bexecSync?\(|shell:\s*true/.test(readFileSync(join(root, file), 'utf8')) && !file.startsWith('test/architecture'),
  );
  expect(wrong.filter((file) => /child_process/.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

function forbiddenArrow(each: Import): string[] {
  const from = roomOf(each.file);
  const to = roomOf(each.target);
  if (from === undefined || to === undefined || from === to || from.may.includes(to.path) || from.may.includes(each.target)) return [];
  if (each.target.startsWith('renderer/messages') || /\.(css|json|svg)$/.test(each.target)) return [];
  const types = from.mayType ?? [];
  const typed = types.some((path) => each.target === path || each.target.startsWith(`${path}/`));
  if (typed && each.typeOnly) return [];
  const arrow = `${each.file} imports ${each.target}${each.typeOnly ? ' (a type)' : ''}`;
  return [`${arrow}: discuss the line { path: '${from.path}' } of test/architecture/rooms.ts, which does not name '${to.path}'`];
}

function forbiddenPackage(each: Import): string[] {
  const from = roomOf(each.file);
  if (from === undefined) return [];
  const found = each.type === 'node' ? 'node' : dependencies[each.target];
  if (found === undefined) return [`${each.file} uses ${each.target}, which test/architecture/rooms.ts does not classify`];
  if (from.uses.includes(found) || from.packages?.includes(each.target) === true) return [];
  return [`${each.file} uses ${each.target} (${found}): discuss the line { path: '${from.path}' } of test/architecture/rooms.ts`];
}

/** Code that imports itself over others; types may point both ways. */
function cycles(all: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { file, target, type, typeOnly } of all) {
    if (type === 'file' && !typeOnly) next.set(file, [...(next.get(file) ?? []), target]);
  }
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) {
      found.push([...trail.slice(at), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...trail, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return found;
}

function linesOf(file: string): number {
  return readFileSync(join(root, file), 'utf8').split('\n').length;
}

test('the table itself has no room twice', () => {
  expect(new Set(rooms.map((room) => room.path)).size).toBe(rooms.length);
});
