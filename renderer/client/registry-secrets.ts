// Owns Secrets that open a registry: which of those that are there do, and a new one.
// Must not show what is in one.
import type { Secret } from '../../electron/api/kinds/secret.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { useClient, usePlace } from './context.tsx';
import { useList } from './hooks.ts';

/** Names, sorted: Docker's file, or CDI's user and password. */
export function registrySecrets(secrets: readonly Secret[]): readonly string[] {
  return secrets
    .filter(opensRegistry)
    .map(({ metadata }) => metadata.name)
    .toSorted();
}

function opensRegistry({ data = {} }: Secret): boolean {
  const has = (key: string): boolean => Object.hasOwn(data, key);
  return has('.dockerconfigjson') || has('.dockercfg') || (has('accessKeyId') && has('secretKey'));
}

interface Account {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** In CDI's keys: a cluster reads it as well. */
export function registrySecret({ name, user, password }: Account, namespace: string): DraftObject {
  const stringData = { accessKeyId: user, secretKey: password };
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type: 'Opaque', stringData };
}

interface RegistrySecrets {
  readonly names: readonly string[];
  /** Of all Secrets of the project. */
  readonly taken: readonly string[];
  readonly make: (account: Account) => Promise<void>;
}

/** Those of the project that the window is in. */
export function useRegistrySecrets(): RegistrySecrets {
  const client = useClient();
  const { namespace } = usePlace();
  const own = useList('secrets').items.filter(({ metadata }) => metadata.namespace === namespace);
  return {
    names: registrySecrets(own),
    taken: own.map(({ metadata }) => metadata.name),
    make: async (account) => {
      await client.create('secrets', registrySecret(account, namespace));
    },
  };
}
