// Owns the rules of accessCredentials: keys and passwords handed to the guest.
// Must not read any Secret.
import type { Cause } from '../../../api/errors.ts';
import { invalid } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

export const accessCredentials: SpecRule = (spec, path) => {
  const volumes = spec.volumes ?? [];
  const drives = {
    noCloud: volumes.some(({ cloudInitNoCloud }) => cloudInitNoCloud !== undefined),
    configDrive: volumes.some(({ cloudInitConfigDrive }) => cloudInitConfigDrive !== undefined),
  };
  return (spec.accessCredentials ?? []).flatMap(({ sshPublicKey, userPassword }, index): Cause[] => {
    const field = `${path}.accessCredentials[${index}]`;
    const kinds = [sshPublicKey, userPassword].filter((kind) => kind !== undefined);
    return [
      ...(sshPublicKey === undefined ? [] : keyCauses(sshPublicKey, drives, field)),
      ...(userPassword === undefined ? [] : passwordCauses(userPassword, field)),
      ...(kinds.length === 1
        ? []
        : [invalid(field, `${field} must have exactly one access credential type set`, 'Set sshPublicKey or userPassword.')]),
    ];
  });
};

interface Credential {
  readonly source?: { readonly secret?: unknown };
  readonly propagationMethod?: {
    readonly noCloud?: unknown;
    readonly configDrive?: unknown;
    readonly qemuGuestAgent?: { readonly users?: readonly string[] };
  };
}

function keyCauses(key: Credential, drives: Readonly<Record<'noCloud' | 'configDrive', boolean>>, field: string): Cause[] {
  const method = key.propagationMethod ?? {};
  const where = `${field}.sshPublicKey.propagationMethod`;
  const missing = (['noCloud', 'configDrive'] as const).filter((drive) => method[drive] !== undefined && !drives[drive]);
  return [
    ...missing.map((drive) =>
      invalid(
        where,
        `${field} requires a ${drive} volume to exist when the ${drive} propagationMethod is in use.`,
        `Add a cloudInit${drive === 'noCloud' ? 'NoCloud' : 'ConfigDrive'} volume.`,
      ),
    ),
    ...(method.qemuGuestAgent !== undefined && (method.qemuGuestAgent.users ?? []).length === 0
      ? [
          invalid(
            `${where}.qemuGuestAgent.users`,
            `${field} requires at least one user to be present in the users list`,
            'Name a user of the guest.',
          ),
        ]
      : []),
    ...exactlyOne(key, `${field}.sshPublicKey`, field),
  ];
}

function passwordCauses(password: Credential, field: string): Cause[] {
  return exactlyOne(password, `${field}.userPassword`, field);
}

function exactlyOne({ source, propagationMethod = {} }: Credential, where: string, field: string): Cause[] {
  const methods = Object.values(propagationMethod).filter((method) => method !== undefined);
  return [
    ...(source?.secret === undefined ? [invalid(`${where}.source`, `${field} must have exactly one source set`, 'Name a Secret.')] : []),
    ...(methods.length === 1
      ? []
      : [invalid(`${where}.propagationMethod`, `${field} must have exactly one propagationMethod set`, 'Keep one of them.')]),
  ];
}
