// Owns the paths of the API as the window calls them.
// Must not send anything.
import { verbTargets } from '../../electron/api/lifecycle.ts';
import type { MachineVerb } from '../../electron/api/verbs.ts';
import { type Key, type Resource, resourceTable } from './resource-table.ts';

const subresources = '/apis/subresources.kubevirt.io/v1';
export const virtdeckRoot = '/apis/virtdeck.io/v1alpha1';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export function collectionPath(resource: Resource, namespace?: string): string {
  const { apiVersion, plural } = resourceTable[resource];
  const root = apiVersion === 'v1' ? '/api/v1' : `/apis/${apiVersion}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}

export function objectPath(key: Key): string {
  return `${collectionPath(key.resource, key.namespace)}/${encodeURIComponent(key.name)}`;
}

export function machineSubresourcePath(machine: MachineName, subresource: string): string {
  return `${subresources}${inNamespace(machine, 'virtualmachines')}/${subresource}`;
}

export function instanceSubresourcePath(machine: MachineName, subresource: string): string {
  return `${subresources}${inNamespace(machine, 'virtualmachineinstances')}/${subresource}`;
}

export function verbPath(verb: MachineVerb, machine: MachineName): string {
  return verbTargets[verb] === 'virtualmachine' ? machineSubresourcePath(machine, verb) : instanceSubresourcePath(machine, verb);
}

export function withQuery(path: string, query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

export interface MachineName {
  readonly namespace: string;
  readonly name: string;
}

function inNamespace(machine: MachineName, plural: string): string {
  return `/namespaces/${encodeURIComponent(machine.namespace)}/${plural}/${encodeURIComponent(machine.name)}`;
}
