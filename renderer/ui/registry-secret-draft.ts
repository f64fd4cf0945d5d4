// Owns a Secret for a registry as it is typed in.
// Must not send it.
import { isObjectName } from './object-name.ts';

export interface RegistrySecretDraft {
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

export function isComplete({ name, user, password }: RegistrySecretDraft): boolean {
  return isObjectName(name) && user !== '' && password !== '';
}
