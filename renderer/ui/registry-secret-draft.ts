// Owns a Secret for a registry as it is typed in.
// Must not send it.

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
