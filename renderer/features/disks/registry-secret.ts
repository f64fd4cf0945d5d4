// Owns Secrets that open a registry: which of those that are there do, and a new one.
// Must not send it, or show what is in one.
import type { Secret } from '../../../electron/api/kinds/secret.ts';
import type { DraftObject } from '../../../electron/api/object.ts';

/** Names, sorted: Docker's file, or CDI's user and password. */
export function registrySecrets(secrets: readonly Secret[], namespace: string): readonly string[] {
  return secrets
    .filter((secret) => secret.metadata.namespace === namespace && opensRegistry(secret))
    .map(({ metadata }) => metadata.name)
    .toSorted();
}

function opensRegistry({ data = {} }: Secret): boolean {
  const has = (key: string): boolean => Object.hasOwn(data, key);
  return has('.dockerconfigjson') || has('.dockercfg') || (has('accessKeyId') && has('secretKey'));
}

export interface RegistrySecretDraft {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

const secretName = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export function isSecretName(name: string): boolean {
  return name.length <= 253 && secretName.test(name);
}

export function isComplete({ name, user, password }: RegistrySecretDraft): boolean {
  return isSecretName(name) && user !== '' && password !== '';
}

/** In CDI's keys: a cluster reads it as well. */
export function registrySecret({ name, user, password }: RegistrySecretDraft, namespace: string): DraftObject {
  const stringData = { accessKeyId: user, secretKey: password };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', stringData };
}
