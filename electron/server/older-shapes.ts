// Owns reading manifests that were printed for older releases, or with a slip that many have copied: fields that stand beside their place.
// Must not drop anything: what is read elsewhere is said in a warning, and what fits nowhere is left for the strict decoder.
import { apiVersionOf, type Kind } from '../api/kinds/kind.ts';
import { olderVersions } from '../api/kinds/registry.ts';
import type { Json, JsonObject } from '../api/object.ts';
import { isObject } from './json-value.ts';

export interface Reading {
  readonly value: JsonObject;
  readonly warnings: readonly string[];
}

interface Move {
  readonly from: readonly string[];
  readonly to: readonly string[];
}

const ofTemplate = ['spec', 'template', 'spec'] as const;
const ofDomain = [...ofTemplate, 'domain'] as const;

/** OpenShift's chapters on virtual machines print each of these. Whole places first, then what may be left of them. */
const moves: readonly Move[] = [
  ...['affinity', 'tolerations', 'nodeSelector', 'domain'].map((name) => ({ from: ['spec', name], to: [...ofTemplate, name] })),
  { from: ['spec', 'template', 'domain'], to: ofDomain },
  ...['resources', 'memory', 'cpu'].map((name) => ({ from: ['spec', 'template', name], to: [...ofDomain, name] })),
];

/** Kinds that hold the spec of a run, and where. */
const specPlaces: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['VirtualMachine', ofTemplate],
  ['VirtualMachineInstance', ['spec']],
]);

/** `partial`: the object is a part of a stored one, so that nothing is added. */
export function inItsPlace(kind: Kind, given: JsonObject, { partial }: { readonly partial: boolean }): Reading {
  const place = specPlaces.get(kind.kind);
  const versioned = withVersion(kind, given);
  if (kind.group !== 'kubevirt.io' || place === undefined) return versioned;
  const moved = kind.kind === 'VirtualMachine' ? moves.reduce(moveOne, versioned) : versioned;
  return partial ? moved : { ...moved, value: withDevices(moved.value, place) };
}

function withVersion(kind: Kind, given: JsonObject): Reading {
  const wanted = apiVersionOf(kind);
  const { apiversion, ...rest } = given;
  if (apiversion !== undefined && rest['apiVersion'] === undefined) {
    const again = withVersion(kind, { apiVersion: apiversion, ...rest });
    return { ...again, warnings: ['apiversion: read as apiVersion', ...again.warnings] };
  }
  const { apiVersion } = given;
  if (typeof apiVersion !== 'string' || olderVersions.get(apiVersion) !== wanted) return { value: given, warnings: [] };
  return { value: { ...given, apiVersion: wanted }, warnings: [`apiVersion: ${apiVersion} is read as ${wanted}`] };
}

/** Only to where nothing stands: two answers to one question are for their author to settle. */
function moveOne(before: Reading, { from, to }: Move): Reading {
  const value = at(before.value, from);
  if (value === undefined || at(before.value, to) !== undefined) return before;
  return {
    value: put(without(before.value, from), to, value),
    warnings: [...before.warnings, `${from.join('.')}: read as ${to.join('.')}, where it has its place`],
  };
}

/** Upstream's webhook writes both out before the schema is asked, so that a machine may come without. */
function withDevices(value: JsonObject, place: readonly string[]): JsonObject {
  const spec = at(value, place);
  if (!isObject(spec)) return value;
  const { domain = {} } = spec;
  return isObject(domain) ? put(value, place, { ...spec, domain: { devices: {}, ...domain } }) : value;
}

function at(value: Json | undefined, [step, ...rest]: readonly string[]): Json | undefined {
  if (step === undefined) return value;
  return isObject(value) && Object.hasOwn(value, step) ? at(value[step], rest) : undefined;
}

/** Steps on the way that are no objects are left as they are, with what they hide. */
function put(value: JsonObject, [step, ...rest]: readonly string[], placed: Json): JsonObject {
  if (step === undefined) return value;
  if (rest.length === 0) return { ...value, [step]: placed };
  const child = value[step] ?? {};
  return isObject(child) ? { ...value, [step]: put(child, rest, placed) } : value;
}

function without(value: JsonObject, [step, ...rest]: readonly string[]): JsonObject {
  if (step === undefined) return value;
  const { [step]: child, ...others } = value;
  return rest.length > 0 && isObject(child) ? { ...value, [step]: without(child, rest) } : others;
}
