// Owns which settings there are and what each can be; adding one is a row.
// Must not hold texts, except the names of languages, which are never translated.
import type { SettingsSpec } from '../../../electron/api/kinds/settings.ts';

export interface Choice {
  /** Settings that are one of a few words. */
  readonly field: Exclude<keyof SettingsSpec, 'apiAccess' | 'apiPort' | 'insecureRegistries' | 'placement'>;
  readonly options: readonly { readonly value: string; readonly label?: string }[];
}

const plain = (...values: readonly string[]): Choice['options'] => values.map((value) => ({ value }));

export const choices: readonly Choice[] = [
  { field: 'language', options: [{ value: 'auto' }, { value: 'en', label: 'English' }, { value: 'zh-CN', label: '简体中文' }] },
  { field: 'theme', options: plain('auto', 'light', 'dark') },
  { field: 'accelerator', options: plain('auto', 'kvm', 'tcg') },
  { field: 'hostSleep', options: plain('pause', 'ignore') },
  { field: 'closeToTray', options: plain('ask', 'always', 'never') },
];
