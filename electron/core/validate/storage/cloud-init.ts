// Owns the rules of cloud-init volumes: at least one source of data, and not two of the same.
// Must not read the data as YAML: cloud-init takes scripts too.
import type { Cause } from '../../../api/errors.ts';
import type { VirtualMachineInstanceSpec } from '../../../api/kinds/virtual-machine-instance.ts';
import { type Rule, invalid } from '../rule.ts';

type Volume = NonNullable<VirtualMachineInstanceSpec['volumes']>[number];
type Source = NonNullable<Volume['cloudInitNoCloud']>;

/** KubeVirt's cloudInitUserMaxLen and cloudInitNetworkMaxLen, in bytes. */
const maxBytes = 2048;

export const cloudInit: Rule<Volume> = ({ cloudInitNoCloud, cloudInitConfigDrive }, path) => [
  ...(cloudInitNoCloud === undefined ? [] : sourceCauses(cloudInitNoCloud, `${path}.cloudInitNoCloud`)),
  ...(cloudInitConfigDrive === undefined ? [] : sourceCauses(cloudInitConfigDrive, `${path}.cloudInitConfigDrive`)),
];

interface DataSet {
  readonly noun: 'userdata' | 'networkdata';
  /** KubeVirt writes one of the two words apart. */
  readonly sourceNoun: string;
  readonly secretField: string;
  readonly text: string;
  readonly base64: { readonly field: string; readonly value: string };
  readonly secret: string;
}

function sourceCauses(source: Source, path: string): Cause[] {
  const sets: readonly DataSet[] = [
    {
      noun: 'userdata',
      sourceNoun: 'userdatasource',
      secretField: 'UserDataSecretRef',
      text: source.userData ?? '',
      base64: { field: 'userDataBase64', value: source.userDataBase64 ?? '' },
      secret: source.secretRef?.name ?? '',
    },
    {
      noun: 'networkdata',
      sourceNoun: 'networkdata source',
      secretField: 'NetworkDataSecretRef',
      text: source.networkData ?? '',
      base64: { field: 'networkDataBase64', value: source.networkDataBase64 ?? '' },
      secret: source.networkDataSecretRef?.name ?? '',
    },
  ];
  const none = sets.every((set) => sourcesOf(set) === 0);
  return [
    ...sets.flatMap((set) => setCauses(set, path)),
    ...(none ? [invalid(path, `${path} must have at least one userdatasource or one networkdatasource set.`, 'Fill in userData.')] : []),
  ];
}

function setCauses(set: DataSet, path: string): Cause[] {
  const { field, value } = set.base64;
  const bytes = value === '' ? utf8Length(set.text) : Math.floor((value.replace(/=+$/, '').length * 3) / 4);
  return [
    ...(isBase64(value)
      ? []
      : [
          invalid(`${path}.${field}`, `${path}.${field} is not a valid base64 value.`, `Encode it, or use ${field.replace('Base64', '')}.`),
        ]),
    ...(sourcesOf(set) > 1 ? [invalid(path, `${path} must have only one ${set.sourceNoun} set.`, 'Keep one of them.')] : []),
    ...(bytes > maxBytes
      ? [
          invalid(
            path,
            `${path} ${set.noun} exceeds ${maxBytes} byte limit. Should use ${set.secretField} for larger data.`,
            'Put the data into a Secret.',
          ),
        ]
      : []),
  ];
}

function sourcesOf({ text, base64, secret }: DataSet): number {
  return [text, base64.value, secret].filter((value) => value !== '').length;
}

/** Standard alphabet with padding; line breaks are skipped, as Go does. */
export function isBase64(text: string): boolean {
  const joined = text.replaceAll(/[\r\n]/g, '');
  return joined.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(joined);
}

function utf8Length(text: string): number {
  return encodeURIComponent(text.toWellFormed()).replaceAll(/%[0-9A-F]{2}/g, '.').length;
}
