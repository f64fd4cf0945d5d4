// Owns a quota as rows that are typed in, and back.
// Must not judge whether anything fits; the core does.
import { isDeviceResource } from '../../../electron/api/device-resource.ts';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { DraftObject, JsonObject } from '../../../electron/api/object.ts';
import { bytesOf, milliOf } from '../../../electron/api/quantity.ts';

export type HardRow = Readonly<Record<'resource' | 'hard' | 'used', string>>;

export const newHard: HardRow = { resource: 'requests.memory', hard: '', used: '' };

/** What machines and disks of this computer take. Others that a quota names stay as they are. */
export const countable = [
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
  'requests.hugepages-2Mi',
  'requests.hugepages-1Gi',
  'requests.storage',
  'persistentvolumeclaims',
  'pods',
  'count/virtualmachines.kubevirt.io',
] as const;

/** Names of devices that a node hands out. */
export function handedOutDevices(nodes: readonly Pick<Node, 'status'>[]): readonly string[] {
  const handedOut = nodes.flatMap(({ status }) => Object.entries(status?.capacity ?? {}).filter(([, amount]) => amount !== '0'));
  return [...new Set(handedOut.map(([name]) => name).filter(isDeviceResource))].toSorted();
}

export function hardRows({ spec, status }: ResourceQuota): readonly HardRow[] {
  return Object.entries(spec.hard ?? {}).map(([resource, hard]) => ({ resource, hard, used: status?.used?.[resource] ?? '0' }));
}

export function isAmount(resource: string, text: string): boolean {
  const amount = /(^|\.)cpu$/.test(resource) ? milliOf(text) : bytesOf(text);
  return text.trim() !== '' && amount !== undefined && amount >= 0;
}

/** The same resource twice would be one of the two by chance. */
export function areHard(rows: readonly HardRow[]): boolean {
  const names = new Set(rows.map(({ resource }) => resource));
  return rows.length > 0 && names.size === rows.length && rows.every(({ resource, hard }) => isAmount(resource, hard));
}

function hardOf(rows: readonly HardRow[]): Readonly<Record<string, string>> {
  return Object.fromEntries(rows.map(({ resource, hard }) => [resource, hard.trim()]));
}

export function quotaDraft(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  rows: readonly HardRow[],
): DraftObject {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { namespace, name }, spec: { hard: hardOf(rows) } };
}

/** A merge patch: what is gone is null. */
export function hardPatch({ spec }: ResourceQuota, rows: readonly HardRow[]): JsonObject {
  const gone = Object.fromEntries(Object.keys(spec.hard ?? {}).map((resource) => [resource, null]));
  return { spec: { hard: { ...gone, ...hardOf(rows) } } };
}
