// Owns the rows of what counts as a definition, and what of it is kept.
// Must not prove what is done with it.
import { expect, test } from 'vitest';
import type { KubeObject } from '../../../electron/api/object.ts';
import { definitionOf, keptDefinition } from '../../../electron/core/history/definition.ts';

const stored: KubeObject = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: {
    name: 'web',
    namespace: 'default',
    uid: 'u',
    resourceVersion: '7',
    generation: 2,
    creationTimestamp: '2026-01-01T00:00:00Z',
    labels: { app: 'web' },
    annotations: { 'virtdeck.io/description': 'mine', 'virtdeck.io/progress': '{}' },
    finalizers: ['f'],
  },
  spec: { runStrategy: 'Manual' },
  status: { ready: true },
};

test('what a client may write, without status and what the core fills in', () => {
  expect(definitionOf(stored)).toEqual({
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, annotations: { 'virtdeck.io/description': 'mine' } },
    spec: { runStrategy: 'Manual' },
  });
});

test('annotations of the core alone leave none', () => {
  const { metadata } = definitionOf({ ...stored, metadata: { ...stored.metadata, annotations: { 'virtdeck.io/progress': '{}' } } });
  expect(metadata).toEqual({ name: 'web', namespace: 'default', labels: { app: 'web' } });
});

test('values of Secrets are not kept, everything else is', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque', data: { a: 'eA==' }, stringData: { b: 'x' } };
  expect([keptDefinition('secrets', secret), keptDefinition('configmaps', secret)]).toEqual([
    { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, type: 'Opaque' },
    secret,
  ]);
});
