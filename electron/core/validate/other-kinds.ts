// Owns the rules of the small kinds: Secret, ConfigMap, Settings.
// Must not read what a Secret says.
import type { Cause } from '../../api/errors.ts';
import { settingsSpecSchema } from '../../api/kinds/settings-schema.ts';
import type { DraftObject } from '../../api/object.ts';
import { sameJson } from '../status/same-json.ts';
import { type Rule, invalid, required } from './rule.ts';
import { isBase64 } from './storage/cloud-init.ts';

export interface SecretDraft {
  readonly data?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly immutable?: boolean;
}

/** Kubernetes' MaxSecretSize. */
const maxSecretBytes = 1024 * 1024;

function keyCauses(field: string, entries: Readonly<Record<string, string>> = {}): Cause[] {
  return Object.keys(entries).flatMap((key) => {
    if (key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key) && key !== '.' && !key.startsWith('..')) return [];
    const message = `Invalid value: ${JSON.stringify(key)}: a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`;
    return [invalid(`${field}[${key}]`, message, "Use letters, digits, '-', '_' and '.'.")];
  });
}

const secretKeys: Rule<SecretDraft> = ({ data }) => keyCauses('data', data);

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
    ...frozenCauses('Secret', secret, old),
  ];
}

interface Freezable {
  readonly immutable?: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly binaryData?: Readonly<Record<string, string>>;
}

function frozenCauses(kind: string, object: Freezable, old: Freezable): Cause[] {
  if (old.immutable !== true) return [];
  const forbidden = (field: string): Cause => ({
    reason: 'FieldValueForbidden',
    field,
    message: 'Forbidden: field is immutable when `immutable` is set',
    fix: `Delete the ${kind} and make it anew.`,
  });
  return [
    ...(object.immutable === true ? [] : [forbidden('immutable')]),
    ...(sameJson(object.data, old.data) ? [] : [forbidden('data')]),
    ...(sameJson(object.binaryData, old.binaryData) ? [] : [forbidden('binaryData')]),
  ];
}

export type ConfigMapDraft = Freezable;

const configMapKeys: Rule<ConfigMapDraft> = ({ data = {}, binaryData = {} }) => [
  ...keyCauses('data', data),
  ...keyCauses('binaryData', binaryData),
  ...Object.keys(binaryData).flatMap((key) =>
    Object.hasOwn(data, key)
      ? [invalid(`data[${key}]`, `Invalid value: ${JSON.stringify(key)}: duplicate of key present in binaryData`, 'Keep one of them.')]
      : [],
  ),
];

const configMapValues: Rule<ConfigMapDraft> = ({ data = {}, binaryData = {} }) => {
  const bytes =
    Object.values(data).reduce((total, value) => total + value.length, 0) +
    Object.values(binaryData).reduce((total, value) => total + Math.floor((value.length * 3) / 4), 0);
  return [
    ...Object.entries(binaryData).flatMap(([key, value]) =>
      isBase64(value) ? [] : [invalid(`binaryData[${key}]`, `binaryData[${key}] is not a valid base64 value`, 'Encode it, or use data.')],
    ),
    ...(bytes > maxSecretBytes ? [invalid('data', `Too long: may not be more than ${maxSecretBytes} bytes`, 'Split the ConfigMap.')] : []),
  ];
};

export const configMapRules: readonly Rule<ConfigMapDraft>[] = [configMapKeys, configMapValues];

export function configMapUpdateCauses(configMap: ConfigMapDraft, old: ConfigMapDraft): Cause[] {
  return frozenCauses('ConfigMap', configMap, old);
}

export interface RevisionDraft {
  readonly data?: unknown;
  readonly revision?: number;
}

/** apps/v1's rules: what a revision holds is what it is for. */
export const revisionRules: readonly Rule<RevisionDraft>[] = [
  ({ data }) => (data === undefined ? [required('data', 'Required value: data is mandatory', 'Put the object in.')] : []),
  ({ revision = 0 }) => (revision < 0 ? [invalid('revision', 'Invalid value: must be non-negative', 'Count from 0.')] : []),
];

export function revisionUpdateCauses({ data }: RevisionDraft, old: RevisionDraft): Cause[] {
  if (sameJson(data, old.data)) return [];
  return [invalid('data', 'Invalid value: field is immutable', 'Make a new revision.')];
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
