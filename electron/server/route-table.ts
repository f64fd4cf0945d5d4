// Owns finding the route of a path, and refusing paths that play tricks.
// Must not know any route.
import { AppError } from '../api/errors.ts';
import type { Method, Route } from './exchange.ts';

export interface Found {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

export interface RouteTable {
  /** Throws NotFound, MethodNotAllowed, or BadRequest for a segment that cannot be a name. */
  find(method: string, path: string): Found;
}

interface Compiled {
  readonly route: Route;
  readonly segments: readonly string[];
}

/** The first route that fits wins, so that literal segments stand before braces. */
export function routeTable(routes: readonly Route[]): RouteTable {
  const byLength = new Map<number, Compiled[]>();
  for (const route of routes) {
    const segments = route.path.slice(1).split('/');
    const row = byLength.get(segments.length) ?? [];
    row.push({ route, segments });
    byLength.set(segments.length, row);
  }
  return {
    find(method, path) {
      const segments = path
        .replace(/(?<=.)\/$/, '')
        .slice(1)
        .split('/')
        .map(decodeSegment);
      const fitting = (byLength.get(segments.length) ?? []).filter((row) => fits(row.segments, segments));
      const found = fitting.find(({ route }) => route.method === method);
      if (found !== undefined) return { route: found.route, params: paramsOf(found.segments, segments) };
      if (fitting.length === 0) throw notFound(path);
      throw notAllowed(
        method,
        fitting.map(({ route }) => route.method),
      );
    },
  };
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]));
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Readonly<Record<string, string>> {
  const pairs = pattern.flatMap((part, index): (readonly [string, string])[] =>
    part.startsWith('{') ? [[part.slice(1, -1), segments[index] ?? '']] : [],
  );
  return Object.fromEntries(pairs);
}

const maxNameLength = 253;

/** A decoded segment with a slash, a dot path or a control character never names an object: it aims at something else. */
function decodeSegment(raw: string): string {
  let name: string;
  try {
    name = decodeURIComponent(raw);
  } catch {
    throw badSegment(raw);
  }
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (name === '.' || name === '..' || name.length > maxNameLength || /[/\\%\u0000-\u001f\u007f]/.test(name)) throw badSegment(raw);
  return name;
}

function badSegment(raw: string): AppError {
  const message = `the path segment ${JSON.stringify(raw.slice(0, 80))} cannot be a name`;
  return new AppError('BadRequest', message, {
    causes: [{ reason: 'FieldValueInvalid', field: 'metadata.name', message, fix: 'Use lower case letters, digits, "-" and ".".' }],
  });
}

function notFound(path: string): AppError {
  return new AppError('NotFound', 'the server could not find the requested resource', {
    causes: [{ reason: 'UnexpectedServerResponse', field: 'path', message: `nothing is served at ${path.slice(0, 200)}` }],
  });
}

function notAllowed(method: string, allowed: readonly Method[]): AppError {
  return new AppError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {
    causes: [
      {
        reason: 'MethodNotAllowed',
        field: 'method',
        message: `${method} is not served here`,
        fix: `Use ${[...new Set(allowed)].join(' or ')}.`,
      },
    ],
  });
}
