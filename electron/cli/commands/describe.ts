// Owns `virtdeck describe`: an object in words, with its events.
// Must not change anything.
import type { Event } from '../../api/kinds/event.ts';
import { eventKind } from '../../api/kinds/event.ts';
import type { KubeObject } from '../../api/object.ts';
import { aligned } from '../print.ts';
import { parseNames, pathOf, type Named } from '../resource-names.ts';
import type { Session } from '../session.ts';
import { lastAppliedAnnotation } from '../three-way-merge.ts';

export async function describe(session: Session, words: readonly string[]): Promise<void> {
  const blocks: string[] = [];
  for (const named of parseNames(words)) {
    for (const object of await objectsOf(session, named)) {
      const events = await eventsOf(session, object);
      blocks.push([...fieldLines(object), ...eventLines(events)].join('\n'));
    }
  }
  session.print(blocks.join('\n\n\n'));
}

async function objectsOf(session: Session, named: Named): Promise<readonly KubeObject[]> {
  const answer = (await session.request({ path: pathOf(named, session.scope) })) as KubeObject & { readonly items?: readonly KubeObject[] };
  return answer.items ?? [answer];
}

async function eventsOf(session: Session, object: KubeObject): Promise<readonly Event[]> {
  const selector = `involvedObject.uid=${object.metadata.uid}`;
  const path = `${pathOf({ kind: eventKind }, object.metadata.namespace ?? 'default')}?fieldSelector=${encodeURIComponent(selector)}`;
  return ((await session.request({ path })) as { readonly items: readonly Event[] }).items;
}

function fieldLines(object: KubeObject): string[] {
  const { metadata, apiVersion, kind, ...body } = object;
  const { name, namespace, labels, annotations, ...others } = metadata;
  // What apply keeps for itself would hide the rest.
  const shownAnnotations = Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => key !== lastAppliedAnnotation));
  const head: [string, string][] = [
    ['Name:', name],
    ...(namespace === undefined ? [] : [['Namespace:', namespace] as [string, string]]),
    ['Labels:', pairs(labels)],
    ['Annotations:', pairs(shownAnnotations)],
    ['API Version:', apiVersion],
    ['Kind:', kind],
  ];
  const width = Math.max(...head.map(([label]) => label.length)) + 2;
  const pad = `\n${' '.repeat(width)}`;
  return [
    ...head.map(([label, text]) => label.padEnd(width) + text.replaceAll('\n', pad)),
    'Metadata:',
    ...tree(others, 1),
    ...tree(body, 0),
  ];
}

function pairs(map: Readonly<Record<string, string>> | undefined): string {
  const entries = Object.entries(map ?? {});
  return entries.length === 0 ? '<none>' : entries.map(([key, value]) => `${key}=${value}`).join('\n');
}

/** kubectl's view of any kind: `creationTimestamp` becomes `Creation Timestamp:`, lists lose their dashes. */
function tree(value: object, depth: number): string[] {
  const indent = '  '.repeat(depth);
  return Object.entries(value).flatMap(([key, child]) => {
    const label = `${indent}${title(key)}:`;
    if (child === undefined || child === null) return [];
    if (typeof child !== 'object') return [`${label}  ${String(child)}`];
    if (!Array.isArray(child)) return [label, ...tree(child as object, depth + 1)];
    return [
      label,
      ...child.flatMap((item: unknown) =>
        typeof item === 'object' && item !== null ? tree(item, depth + 1) : [`${indent}  ${String(item)}`],
      ),
    ];
  });
}

const acronyms: readonly string[] = ['api', 'uid', 'url', 'guid', 'uuid', 'cpu'];

function title(key: string): string {
  if (acronyms.includes(key)) return key.toUpperCase();
  const spaced = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

function eventLines(events: readonly Event[]): string[] {
  if (events.length === 0) return ['Events:  <none>'];
  const rows = events.map((event) => [event.type, event.reason, event.lastTimestamp, event.source?.component ?? '', event.message]);
  return ['Events:', ...aligned([['Type', 'Reason', 'Last seen', 'From', 'Message'], ...rows]).map((line) => `  ${line}`)];
}
