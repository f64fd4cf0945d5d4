// Owns Event: something that happened to an object, in Kubernetes' core/v1 shape.
// Must not decide when one is emitted.
import type { KubeObject } from '../object.ts';
import { fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

function involved(object: KubeObject): string {
  const { kind, name } = (object as Event).involvedObject;
  return `${kind.toLowerCase()}/${name}`;
}

export interface InvolvedObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  readonly uid: string;
}

/** Equal events are one object with a growing `count`. Times are RFC 3339. */
export type Event = KubeObject<{
  involvedObject: InvolvedObject;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  count: number;
  firstTimestamp: string;
  lastTimestamp: string;
  source?: { readonly component?: string; readonly host?: string };
}>;

export const eventKind: Kind = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  categories: [],
  namespaced: true,
  subresources: [],
  schema: 'IoK8sApiCoreV1Event',
  columns: [
    fieldColumn('Last Seen', 'lastTimestamp', { type: 'date' }),
    fieldColumn('Type', 'type'),
    fieldColumn('Reason', 'reason'),
    { name: 'Object', type: 'string', description: 'What it happened to.', priority: 0, value: involved },
    fieldColumn('Source', 'source.component', { priority: 1 }),
    fieldColumn('Message', 'message'),
    fieldColumn('First Seen', 'firstTimestamp', { type: 'date', priority: 1 }),
    fieldColumn('Count', 'count', { type: 'integer', priority: 1 }),
    { ...nameColumn, priority: 1 },
  ],
  selectableFields: [
    'involvedObject.apiVersion',
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'reason',
    'type',
    'source.component',
  ],
};
