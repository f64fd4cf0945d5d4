// Owns the journal of what happened to objects: Kubernetes Events, equal ones counted together, the oldest forgotten.
// Must not decide what is worth telling.
import { annotations } from '../api/annotations.ts';
import type { Event } from '../api/kinds/event.ts';
import { kindNamed } from '../api/kinds/registry.ts';
import { resources } from '../api/resources.ts';
import type { KubeObject } from '../api/object.ts';
import { timestamp } from '../core/status/conditions.ts';
import type { Clock, Ids, Store, StoreWriter } from './ports.ts';
import { readAll } from './typed.ts';

export interface Happening {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase, as KubeVirt names it where it does. */
  readonly reason: string;
  readonly message: string;
  /** Id of the evidence that is kept of it. */
  readonly evidence?: string;
}

export interface EventRecorder {
  record(object: KubeObject, happening: Happening): void;
}

export interface EventParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hostname: () => string;
}

// Kubernetes keeps an hour. A person comes back after a weekend and asks what happened: count instead of age.
const kept = 2_000;
const droppedAtOnce = 200;

export function createEvents({ store, clock, ids, hostname }: EventParts): EventRecorder {
  return {
    record(object, { type, reason, message, evidence }) {
      const notes = evidence === undefined ? {} : { annotations: { [annotations.evidence]: evidence } };
      const namespace = object.metadata.namespace ?? 'default';
      const now = timestamp(clock.now());
      store.transaction((tx) => {
        const home = tx.get({ resource: resources.namespaces, name: namespace });
        // What is said in a project that is going away has nobody to read it.
        const isProject = home !== undefined && home.metadata.deletionTimestamp === undefined;
        if (!isProject && kindNamed(object.apiVersion, object.kind)?.only?.namespace !== namespace) return;
        const same = readAll(tx, resources.events, namespace).find(
          (event) =>
            event.involvedObject.uid === object.metadata.uid && event.reason === reason && event.message === message && event.type === type,
        );
        if (same !== undefined) {
          const again: Event = { ...same, metadata: { ...same.metadata, ...notes }, count: same.count + 1, lastTimestamp: now };
          tx.replace(resources.events, again);
          return;
        }
        const { name, uid } = object.metadata;
        const event: Event = {
          apiVersion: 'v1',
          kind: 'Event',
          metadata: {
            name: freeName(tx, namespace, () => `${name}.${ids.suffix()}`),
            namespace,
            uid: ids.uuid(),
            resourceVersion: '',
            generation: 1,
            creationTimestamp: now,
            ...notes,
          },
          involvedObject: {
            apiVersion: object.apiVersion,
            kind: object.kind,
            ...(object.metadata.namespace === undefined ? {} : { namespace }),
            name,
            uid,
          },
          type,
          reason,
          message,
          count: 1,
          firstTimestamp: now,
          lastTimestamp: now,
          source: { component: 'virtdeck', host: hostname() },
        };
        tx.insert(resources.events, event);
        forgetOldest(tx);
      });
    },
  };
}

function freeName(tx: StoreWriter, namespace: string, draw: () => string): string {
  let name = draw();
  while (tx.get({ resource: resources.events, namespace, name }) !== undefined) name = draw();
  return name;
}

function forgetOldest(tx: StoreWriter): void {
  if (tx.count(resources.events) <= kept) return;
  const byAge = readAll(tx, resources.events).toSorted((a, b) => a.lastTimestamp.localeCompare(b.lastTimestamp));
  for (const { metadata } of byAge.slice(0, droppedAtOnce)) {
    tx.remove({ resource: resources.events, namespace: metadata.namespace ?? 'default', name: metadata.name });
  }
}
