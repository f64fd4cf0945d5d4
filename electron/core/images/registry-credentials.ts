// Owns reading a Secret as what opens a registry: Kubernetes' dockerconfigjson, or CDI's user and password.
// Must not write it anywhere.
import { base64OfText } from '../defaults/base64.ts';

/** The text of an auth file in Docker's format; undefined when the Secret holds none. */
export function registryCredentials(secret: Readonly<Record<string, string>>, registry: string): string | undefined {
  const config = secret['.dockerconfigjson'];
  if (config !== undefined) return hasAuths(config) ? config : undefined;
  // The older form is what stands below `auths`.
  const older = secret['.dockercfg'];
  if (older !== undefined) return isObject(parsed(older)) ? `{"auths":${older}}` : undefined;
  const { accessKeyId, secretKey } = secret;
  if (accessKeyId === undefined || secretKey === undefined) return undefined;
  return JSON.stringify({ auths: { [authKey(registry)]: { auth: base64OfText(`${accessKeyId}:${secretKey}`) } } });
}

/** Docker Hub is known by an address of its own. */
function authKey(registry: string): string {
  return registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
}

function hasAuths(text: string): boolean {
  const config = parsed(text);
  return isObject(config) && 'auths' in config && isObject(config.auths);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is the same as JSON of the wrong shape: the caller says so.
    return undefined;
  }
}
