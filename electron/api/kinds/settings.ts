// Owns Settings: what the user chose for this computer. Cluster-scoped, one object named `default`.
// Must not hold state of the window (sizes, open tabs); the window keeps that itself.
import { z } from 'zod';
import type { KubeObject } from '../object.ts';
import { ageColumn, fieldColumn, nameColumn } from './columns.ts';
import type { Kind } from './kind.ts';

export const settingsSpecSchema = z.strictObject({
  language: z.enum(['auto', 'en', 'zh-CN']).default('auto').describe('Language of the window.'),
  theme: z.enum(['auto', 'light', 'dark']).default('auto').describe('Colours of the window.'),
  accelerator: z.enum(['auto', 'kvm', 'tcg']).default('auto').describe('auto uses KVM when its self-test passes, else emulation.'),
  closeToTray: z.enum(['ask', 'always', 'never']).default('ask').describe('What closing the window does while machines run.'),
});
export type SettingsSpec = z.infer<typeof settingsSpecSchema>;
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
