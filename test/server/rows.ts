// Owns what the tables of requests are written in.
// Must not hold rows.
import type { Asking } from './carriers.ts';

export const api = '/apis/kubevirt.io/v1';
export const vms = `${api}/namespaces/default/virtualmachines`;
export const subresources = '/apis/subresources.kubevirt.io/v1/namespaces/default';
export const own = '/apis/virtdeck.io/v1alpha1';
export const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export interface Row {
  readonly name: string;
  readonly path: string;
  readonly asking?: Asking;
  readonly status: number;
  /** Compared as far as it goes; a string is the whole text. */
  readonly body?: object | string;
  /** Paths that the answer must not have. */
  readonly absent?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = { 'content-type': 'application/json' };
export const merge = { 'content-type': 'application/merge-patch+json' };
export const operations = { 'content-type': 'application/json-patch+json' };

export function failure(code: number, reason: string, message: string): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message };
}

/** A refusal whose causes name these fields. */
export function naming(refusal: object, fields: readonly string[]): object {
  return { ...refusal, details: { causes: fields.map((field) => ({ field })) } };
}

export function posted(value: object): Asking {
  return { method: 'POST', headers: json, body: JSON.stringify(value) };
}

export const notFound = failure(404, 'NotFound', 'the server could not find the requested resource');
