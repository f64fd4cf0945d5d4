// Owns what is offered for Secrets that are not there, or lack what is read from them.
// Must not make up what is secret: whoever presses types it.
import { annotations } from '../../../api/annotations.ts';
import type { FixAction } from '../../../api/fix-actions.ts';
import { type Asked, type FixRow, change, removed } from './fix-row.ts';

type Needed = Pick<Extract<FixAction, { type: 'FillSecret' }>, 'key' | 'holds'>;

const reasons = ['SecretMissing', 'SecretKeyMissing', 'FieldValueNotFound'];

export const secretFixes: readonly FixRow[] = [
  row(/^spec\.volumes\[\d+\]\.cloudInit\w+\.secretRef$/, { key: 'userdata', holds: 'text' }, ({ vmi, indexes: [index = 0] }) => {
    const { cloudInitNoCloud, cloudInitConfigDrive } = vmi.spec.volumes?.[index] ?? {};
    return (cloudInitNoCloud ?? cloudInitConfigDrive)?.secretRef?.name;
  }),
  row(
    /^spec\.volumes\[\d+\]\.cloudInit\w+\.networkDataSecretRef$/,
    { key: 'networkdata', holds: 'text' },
    ({ vmi, indexes: [index = 0] }) => {
      const { cloudInitNoCloud, cloudInitConfigDrive } = vmi.spec.volumes?.[index] ?? {};
      return (cloudInitNoCloud ?? cloudInitConfigDrive)?.networkDataSecretRef?.name;
    },
  ),
  row(
    /^spec\.accessCredentials\[\d+\]\.sshPublicKey\.source\.secret$/,
    { key: 'authorized_keys', holds: 'text' },
    ({ vmi, indexes: [index = 0] }) => vmi.spec.accessCredentials?.[index]?.sshPublicKey?.source.secret?.secretName,
  ),
  row(
    annotation(annotations.tpmSecret),
    { key: 'passphrase', holds: 'password' },
    ({ vmi }) => vmi.metadata.annotations?.[annotations.tpmSecret],
  ),
  row(
    annotation(annotations.vncSecret),
    { key: 'password', holds: 'password' },
    ({ vmi }) => vmi.metadata.annotations?.[annotations.vncSecret],
  ),
  {
    reason: 'NoEffect',
    field: annotation(annotations.tpmSecret),
    offer: () => [change('Leave the TPM unencrypted', removed(`/metadata/annotations/${annotations.tpmSecret.replaceAll('/', '~1')}`))],
  },
];

function annotation(name: string): RegExp {
  return new RegExp(String.raw`^metadata\.annotations\[${name.replaceAll('.', String.raw`\.`)}\]$`);
}

function row(field: RegExp, needed: Needed, nameOf: (asked: Asked) => string | undefined): FixRow {
  return {
    reason: reasons,
    field,
    offer(asked) {
      const name = nameOf(asked);
      if (name === undefined || name === '') return [];
      const isThere = asked.facts.secrets[name] !== undefined;
      return [{ type: 'FillSecret', namespace: asked.vmi.metadata.namespace ?? 'default', name, ...needed, isThere }];
    },
  };
}
