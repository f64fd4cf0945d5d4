// Owns which objects a list holds: at which version, and which page of it.
// Must not encode them.
import { AppError } from '../api/errors.ts';
import { type Kind, resourceId } from '../api/kinds/kind.ts';
import type { KubeObject } from '../api/object.ts';
import type { Engine } from '../engine/engine-port.ts';
import type { ListMeta } from './encode.ts';
import { badOption, choice, wholeNumber } from './query.ts';
import type { Matches } from './selectors.ts';

export interface ListQuery {
  readonly kind: Kind;
  readonly namespace?: string;
  readonly query: URLSearchParams;
}

export interface Page {
  readonly items: readonly KubeObject[];
  readonly metadata: ListMeta;
}

/** All pages show the objects as they were at the version of the first: together they are one list, and a watch from there misses nothing. */
export function listPage(engine: Pick<Engine, 'list' | 'changesSince'>, asked: ListQuery, matches: Matches | undefined): Page {
  const { query } = asked;
  const token = readToken(query.get('continue') ?? '');
  const limit = wholeNumber(query, 'limit') ?? 0;
  const { items: all, version } = itemsAt(engine, asked, token?.version ?? exactVersion(query));
  const chosen = matches === undefined ? all : all.filter(matches);
  const from = token === undefined ? 0 : firstAfter(chosen, token.after);
  const to = limit === 0 ? chosen.length : Math.min(chosen.length, from + limit);
  const items = from === 0 && to === chosen.length ? chosen : chosen.slice(from, to);
  const last = items.at(-1);
  if (to >= chosen.length || last === undefined) return { items, metadata: { resourceVersion: String(version) } };
  const next = writeToken({ version, after: placeOf(last) });
  // With a selector Kubernetes does not count what remains.
  const remaining = matches === undefined ? { remainingItemCount: chosen.length - to } : {};
  return { items, metadata: { resourceVersion: String(version), continue: next, ...remaining } };
}

/** The version that must be it; undefined takes the newest, which is not older than any that was ever told. */
function exactVersion(query: URLSearchParams): number | undefined {
  const asked = wholeNumber(query, 'resourceVersion');
  const match = choice(query, 'resourceVersionMatch', ['Exact', 'NotOlderThan']);
  if (match !== undefined && asked === undefined) {
    throw badOption('resourceVersionMatch', match, 'Give resourceVersion too, or neither.');
  }
  return match === 'Exact' ? asked : undefined;
}

interface Items {
  readonly items: readonly KubeObject[];
  readonly version: number;
}

function itemsAt(engine: Pick<Engine, 'list' | 'changesSince'>, { kind, namespace, query }: ListQuery, wanted?: number): Items {
  const resource = resourceId(kind);
  const { items, resourceVersion } = engine.list(resource, namespace);
  const least = Math.max(wanted ?? 0, wholeNumber(query, 'resourceVersion') ?? 0);
  // Such a version can only come from another server.
  if (least > resourceVersion) throw new AppError('Timeout', `Too large resource version: ${least}, current: ${resourceVersion}`);
  if (wanted === undefined || wanted === resourceVersion) return { items, version: resourceVersion };
  const changes = engine.changesSince(wanted, resource);
  if (changes === 'expired') throw new AppError('Expired', tooOld);
  const inPlace = changes.filter(({ object }) => namespace === undefined || object.metadata.namespace === namespace);
  return { items: inPlace.length === 0 ? items : before(items, inPlace), version: wanted };
}

const tooOld =
  'The provided continue parameter is too old to display a consistent list result. ' +
  'You must start a new list without the continue parameter.';

type Changes = Exclude<ReturnType<Engine['changesSince']>, 'expired'>;

/** The list before these changes: the newest is taken back first. */
function before(items: readonly KubeObject[], changes: Changes): readonly KubeObject[] {
  const byPlace = new Map(items.map((object) => [placeOf(object).join('\u0000'), object]));
  for (const { type, object, previous } of changes.toReversed()) {
    const place = placeOf(object).join('\u0000');
    if (type === 'ADDED') byPlace.delete(place);
    else byPlace.set(place, previous ?? object);
  }
  return [...byPlace].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
}

interface Token {
  readonly version: number;
  /** The last object of the page before. */
  readonly after: Place;
}

type Place = readonly [namespace: string, name: string];

function placeOf({ metadata }: KubeObject): Place {
  return [metadata.namespace ?? '', metadata.name];
}

function firstAfter(all: readonly KubeObject[], [namespace, name]: Place): number {
  const found = all.findIndex((object) => {
    const [itsNamespace, itsName] = placeOf(object);
    return itsNamespace === namespace ? itsName > name : itsNamespace > namespace;
  });
  return found < 0 ? all.length : found;
}

function writeToken({ version, after }: Token): string {
  return Buffer.from(JSON.stringify([version, ...after])).toString('base64url');
}

function readToken(text: string): Token | undefined {
  if (text === '') return undefined;
  const bad = badOption('continue', text.slice(0, 100), 'Begin the list again without it.');
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    throw bad;
  }
  if (!Array.isArray(value) || value.length !== 3) throw bad;
  const [version, namespace, name] = value as readonly unknown[];
  if (!Number.isSafeInteger(version) || typeof namespace !== 'string' || typeof name !== 'string') throw bad;
  return { version: Number(version), after: [namespace, name] };
}
