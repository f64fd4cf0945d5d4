// Owns finding a machine's instance type and preference, and keeping them as they were when the machine was made.
// Must not apply them; core does.
import type { Cause } from '../api/errors.ts';
import type { InstancetypeSpec } from '../api/kinds/instancetype.ts';
import type { PreferenceSpec } from '../api/kinds/preference.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import { clusterInstancetypeKind, instancetypeKind } from '../api/kinds/instancetype.ts';
import { clusterPreferenceKind, preferenceKind } from '../api/kinds/preference.ts';
import type { Kind } from '../api/kinds/kind.ts';
import { kindOf } from '../api/kinds/registry.ts';
import type { KubeObject, ObjectKey, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { Choice } from '../core/instancetype/choice.ts';
import { type MatcherName, matcherNames, resourceOf, unexpectedKind } from '../core/instancetype/matcher.ts';
import { keptRevision, revisionName, revisionOf, specIn, statusRef } from '../core/instancetype/revision.ts';
import type { KeptRefs } from '../core/status/vm-observed.ts';
import type { EngineContext } from './context.ts';
import { notFound } from './removal.ts';
import type { StoreReader } from './ports.ts';
import { read } from './typed.ts';

/** A machine that may not be stored yet. */
type Naming = Pick<VirtualMachine, 'spec' | 'status'> & { readonly metadata: { readonly namespace?: string } };

type Found = { readonly spec: unknown } | { readonly missing: string };

export interface Chosen {
  readonly choice: Choice;
  /** What is named and not there. */
  readonly causes: readonly Cause[];
}

export function chosenBy(reader: StoreReader, vm: Naming): Chosen {
  return matcherNames.reduce(
    (chosen: Chosen, name) => {
      if (vm.spec[name] === undefined) return chosen;
      const found = find(reader, vm, name);
      if ('missing' in found) return { ...chosen, causes: [...chosen.causes, missingCause(name, found.missing)] };
      return { ...chosen, choice: withSpec(chosen.choice, name, found.spec) };
    },
    { choice: {}, causes: [] },
  );
}

/** Specs have passed the decoder and the rules of their kind before they were stored. */
function withSpec(choice: Choice, name: MatcherName, spec: unknown): Choice {
  return name === 'instancetype'
    ? { ...choice, instancetype: spec as InstancetypeSpec }
    : { ...choice, preference: spec as PreferenceSpec };
}

function missingCause(name: MatcherName, why: string): Cause {
  const field = `spec.${name}`;
  const message = `Failure to find ${name}: ${why}`;
  return { reason: 'FieldValueNotFound', field, message, fix: `Create it first, or name one that is there in ${field}.name.` };
}

/** The revision that is kept; while there is none, the object as it is now. */
function find(reader: StoreReader, vm: Naming, name: MatcherName): Found {
  const { namespace = 'default' } = vm.metadata;
  const kept = keptRevision(vm, name);
  if (kept !== undefined) {
    const key = { resource: resources.controllerRevisions, namespace, name: kept } as const;
    const revision = read(reader, key);
    if (revision === undefined) return { missing: notFound(key).message };
    const spec = specIn(revision);
    return spec === undefined ? { missing: `controllerrevisions.apps "${kept}" holds no ${name}` } : { spec };
  }
  const live = liveObject(reader, vm, name);
  return 'missing' in live ? live : { spec: live.object.spec };
}

function liveObject(reader: StoreReader, vm: Naming, name: MatcherName): { readonly object: KubeObject } | { readonly missing: string } {
  const matcher = vm.spec[name] ?? {};
  const resource = resourceOf(name, matcher);
  if (resource === undefined) return { missing: unexpectedKind(name, matcher) };
  const key = keyIn(resource, vm, matcher.name ?? '');
  const object = reader.get(key);
  return object === undefined ? { missing: notFound(key).message } : { object };
}

function keyIn(resource: ResourceId, vm: Naming, name: string): ObjectKey {
  return kindOf(resource)?.namespaced === true ? { resource, namespace: vm.metadata.namespace ?? 'default', name } : { resource, name };
}

export interface Kept extends Chosen {
  /** For the machine's status: what was kept, of which names. */
  readonly refs: KeptRefs;
}

/** Keeps a revision of what the machine names and has no revision of yet. One that goes keeps nothing more: its project may take nothing new. */
export function keepChoice(context: EngineContext, vm: VirtualMachine): Kept {
  const refs = Object.fromEntries(
    matcherNames.flatMap((name) => {
      if (vm.spec[name] === undefined) return [];
      const isGoing = vm.metadata.deletionTimestamp !== undefined;
      const revision = keptRevision(vm, name) ?? (isGoing ? undefined : keep(context, vm, name));
      return revision === undefined ? [] : [[`${name}Ref`, statusRef(vm.spec[name] ?? {}, revision)] as const];
    }),
  );
  return { ...chosenBy(context.store, { ...vm, status: { ...vm.status, ...refs } }), refs };
}

function keep({ store, objects }: EngineContext, vm: VirtualMachine, name: MatcherName): string | undefined {
  const live = liveObject(store, vm, name);
  if ('missing' in live) return undefined;
  const { namespace = 'default' } = vm.metadata;
  const revision = revisionName(vm, live.object);
  if (store.get({ resource: resources.controllerRevisions, namespace, name: revision }) === undefined) {
    objects.create({ resource: resources.controllerRevisions, namespace }, revisionOf(vm, live.object), { byCore: true });
  }
  return revision;
}

/** The machines that name this instance type or preference. */
export function namesObject(vm: VirtualMachine, kind: Pick<Kind, 'kind'>, { name, namespace }: KubeObject['metadata']): boolean {
  const matcherName: MatcherName =
    kind.kind === instancetypeKind.kind || kind.kind === clusterInstancetypeKind.kind ? 'instancetype' : 'preference';
  const matcher = vm.spec[matcherName];
  if (matcher?.name !== name) return false;
  const isOfProject = kind.kind === instancetypeKind.kind || kind.kind === preferenceKind.kind;
  return !isOfProject || vm.metadata.namespace === namespace;
}

export const namedKinds: readonly Kind[] = [instancetypeKind, clusterInstancetypeKind, preferenceKind, clusterPreferenceKind];
