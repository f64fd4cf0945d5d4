// Owns Settings: what the user chose for this computer. Cluster-scoped, one object named `default`.
// Must not hold state of the window (sizes, open tabs); the window keeps that itself.
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';
import type { SettingsSpec } from './settings-schema.ts';

export type { PlacementSettings, SettingsSpec } from './settings-schema.ts';

export type Settings = KubeObject<{ spec: SettingsSpec }>;

export const settingsKind: Kind = {
  group: 'virtdeck.io',
  version: 'v1alpha1',
  kind: 'Settings',
  plural: 'settings',
  singular: 'settings',
  shortNames: [],
  categories: [],
  namespaced: false,
  subresources: [],
  schema: 'Settings',
  columns: [nameColumn, fieldColumn('Accelerator', 'spec.accelerator', { description: 'What guests are started with.' }), ageColumn],
  selectableFields: [],
};
