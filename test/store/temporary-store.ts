// Owns stores in temporary folders, and small objects to put in them.
// Must not leave anything behind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { KubeObject, ObjectKey } from '../../electron/api/object.ts';
import type { Store } from '../../electron/engine/ports.ts';
import { openStore, type StoreOptions } from '../../electron/store/store.ts';

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'virtdeck-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export function temporaryPath(): string {
  return join(temporaryDirectory(), 'data', 'virtdeck.db');
}

export function openTemporaryStore(options: Omit<StoreOptions, 'path'> = {}): Store {
  const store = openStore({ path: temporaryPath(), ...options });
  onTestFinished(() => store.close());
  return store;
}

export function configMap(name: string, namespace?: string, text = ''): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid: `uid-of-${name}`,
      resourceVersion: '',
      generation: 1,
      creationTimestamp: '2026-01-02T03:04:05Z',
    },
    spec: { text },
  };
}

export function keyOf(name: string, namespace: string): ObjectKey {
  return { resource: 'configmaps', namespace, name };
}

/** The code of the AppError that `act` throws; `none` when it throws nothing. */
export function errorCode(act: () => unknown): string {
  try {
    act();
    return 'none';
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}
