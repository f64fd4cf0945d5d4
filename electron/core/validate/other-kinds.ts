// Owns the rules of the small kinds: Secret, Namespace, Settings.
// Must not read what a Secret says.
import type { Cause } from '../../api/errors.ts';
import { settingsSpecSchema } from '../../api/kinds/settings-schema.ts';
import type { DraftObject } from '../../api/object.ts';
import { sameJson } from '../status/same-json.ts';
import { type Rule, invalid } from './rule.ts';
import { isBase64 } from './storage/cloud-init.ts';

export interface SecretDraft {
  readonly data?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly immutable?: boolean;
}

/** Kubernetes' MaxSecretSize. */
const maxSecretBytes = 1024 * 1024;

const secretKeys: Rule<SecretDraft> = ({ data = {} }) =>
  Object.keys(data).flatMap((key) => {
    if (key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..')) return [];
    const message = `Invalid value: ${JSON.stringify(key)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`;
    return [invalid(`data[${key}]`, message, "Use letters, digits, '-', '_' and '.'.")];
  });

const secretValues: Rule<SecretDraft> = ({ data = {} }) => [
  ...Object.entries(data).flatMap(([key, value]) =>
    isBase64(value) ? [] : [invalid(`data[${key}]`, `data[${key}] is not a valid base64 value`, 'Encode it, or use stringData.')],
  ),
  ...(Object.values(data).reduce((total, value) => total + Math.floor((value.length * 3) / 4), 0) > maxSecretBytes
    ? [invalid('data', `Too long: may not be more than ${maxSecretBytes} bytes`, 'Split the Secret.')]
    : []),
];

export const secretRules: readonly Rule<SecretDraft>[] = [secretKeys, secretValues];

export function secretUpdateCauses(secret: SecretDraft, old: SecretDraft): Cause[] {
  const forbidden = (field: string): Cause => ({
    reason: 'FieldValueForbidden',
    field,
    message: 'Forbidden: field is immutable when `immutable` is set',
    fix: 'Delete the Secret and make it anew.',
  });
  return [
    ...((secret.type ?? 'Opaque') === (old.type ?? 'Opaque')
      ? []
      : [
          invalid(
            'type',
            `Invalid value: ${JSON.stringify(secret.type ?? 'Opaque')}: field is immutable`,
            'Delete the Secret and make it anew.',
          ),
        ]),
    ...(old.immutable === true && secret.immutable !== true ? [forbidden('immutable')] : []),
    ...(old.immutable === true && !sameJson(secret.data, old.data) ? [forbidden('data')] : []),
  ];
}

export interface SettingsDraft extends Pick<DraftObject, 'metadata'> {
  readonly spec?: unknown;
}

const oneSettingsObject: Rule<SettingsDraft> = ({ metadata }) =>
  metadata.name === undefined || metadata.name === 'default'
    ? []
    : [
        invalid(
          'metadata.name',
          `Invalid value: ${JSON.stringify(metadata.name)}: there is one Settings object, named "default"`,
          'Edit default.',
        ),
      ];

const settingsSpec: Rule<SettingsDraft> = ({ spec }) => {
  const parsed = settingsSpecSchema.safeParse(spec ?? {});
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) =>
    invalid(['spec', ...path.map(String)].join('.'), message, 'Use one of the values listed.'),
  );
};

export const settingsRules: readonly Rule<SettingsDraft>[] = [oneSettingsObject, settingsSpec];
