// Owns reading the name of a container image: registry, repository, tag, digest, and when it is asked for anew.
// Must not pull.

export interface ImageReference {
  /** `quay.io`, `localhost:5000`, `docker.io` when none is named. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` when neither tag nor digest is given. */
  readonly tag?: string;
  /** `sha256:…` */
  readonly digest?: string;
}

const pathPart = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const repositoryPattern = new RegExp(`^${pathPart}(?:/${pathPart})*$`);
const registryPattern = /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?|\[[0-9a-fA-F:]+\])(?::\d{1,5})?$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^sha256:[0-9a-f]{64}$/;

/** Undefined when it is no name of an image. `docker://` in front is CDI's way and means the same. */
export function parseImage(text: string): ImageReference | undefined {
  const [name = '', digest, ...more] = text.replace(/^docker:\/\//, '').split('@');
  if (more.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return undefined;
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  // Docker's rule: the first part is a registry when it looks like a host.
  const isHost = first === 'localhost' || /[.:]/.test(first);
  const rest = isHost ? name.slice(slash + 1) : name;
  const [path = '', tag, ...others] = rest.split(':');
  if (others.length > 0 || !repositoryPattern.test(path) || (tag !== undefined && !tagPattern.test(tag))) return undefined;
  const registry = isHost ? first : 'docker.io';
  if (!registryPattern.test(registry)) return undefined;
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (digest !== undefined) return { registry, repository, ...(tag === undefined ? {} : { tag }), digest };
  return { registry, repository, tag: tag ?? 'latest' };
}

/** Without `docker://`, as tools take it. A digest says more than a tag beside it. */
export function imageText({ registry, repository, tag, digest }: ImageReference): string {
  return digest === undefined ? `${registry}/${repository}:${tag ?? 'latest'}` : `${registry}/${repository}@${digest}`;
}

export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** Kubernetes' default: what may have moved since is asked for at every start. */
export function pullPolicyOf(asked: string | undefined, { tag, digest }: ImageReference): PullPolicy {
  if (asked === 'Always' || asked === 'IfNotPresent' || asked === 'Never') return asked;
  return digest === undefined && (tag ?? 'latest') === 'latest' ? 'Always' : 'IfNotPresent';
}
