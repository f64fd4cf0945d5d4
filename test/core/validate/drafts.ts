// Owns the objects that the tests of the rules judge, and how a judgement is read.
// Must not hold a rule.
import { expect } from 'vitest';
import type { Cause } from '../../../electron/api/errors.ts';
import type { DraftObject } from '../../../electron/api/object.ts';

export function draft(body: object, metadata: DraftObject['metadata'] = {}): DraftObject {
  return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'web', ...metadata }, ...body };
}

/** `field | message`, and that every cause says what to do. */
export function said(causes: readonly Cause[]): readonly string[] {
  expect(causes.filter(({ fix }) => fix === undefined || fix === '')).toEqual([]);
  return causes.map(({ field, message }) => `${field} | ${message}`);
}

export function machine(spec: object, metadata: DraftObject['metadata'] = {}): DraftObject {
  return draft({ spec: { runStrategy: 'Halted', template: { spec: { domain: { devices: {} } } }, ...spec } }, metadata);
}

export function withDomain(domain: object, more: object = {}): DraftObject {
  return machine({ template: { spec: { domain: { devices: {}, ...domain }, ...more } } });
}

export type Row = readonly [string, DraftObject, readonly string[]];

export const subdomainRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
