// Owns who may do what: two roles, written as Kubernetes writes rules, and what a request asks for in those words.
// Must not recognise a caller; the doors do.
import type { Role } from '../api/certificates.ts';
import { AppError } from '../api/errors.ts';
import { servedKinds } from '../api/kinds/registry.ts';
import { resources as resourceIds } from '../api/resources.ts';
import { resourceId } from '../api/kinds/kind.ts';

/** What a request asks for, in the words of Kubernetes' authorization. */
export type Asked =
  | {
      readonly type: 'resource';
      /** get, list, watch, create, update, patch, delete, deletecollection. */
      readonly verb: string;
      readonly group: string;
      readonly resource: string;
      /** `start`, `vnc/screenshot`; empty for the object itself. */
      readonly subresource: string;
      /** Empty for all namespaces and for cluster-scoped kinds. */
      readonly namespace: string;
      readonly name: string;
    }
  | { readonly type: 'path'; readonly verb: string; readonly path: string };

/** RBAC's PolicyRule. `*` stands for all. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  /** `virtualmachineinstances/guestosinfo` for a subresource. */
  readonly resources?: readonly string[];
  /** `/openapi/*` takes what stands below. */
  readonly nonResourceURLs?: readonly string[];
}

const looking = ['get', 'list', 'watch'];

/** What anybody may ask who has been let in: discovery, and what he may do. */
const everybody: readonly Rule[] = [
  { verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez', '/version', '/api', '/api/*', '/apis', '/apis/*', '/openapi/*'] },
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io', 'authentication.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'selfsubjectreviews'],
  },
];

export const rulesOf: Readonly<Record<Role, readonly Rule[]>> = {
  admin: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
    { verbs: ['*'], nonResourceURLs: ['*'] },
  ],
  view: [
    ...everybody,
    ...[...new Set(servedKinds.map(({ group }) => group))].map((group) => ({
      verbs: looking,
      apiGroups: [group],
      resources: servedKinds
        .filter((kind) => kind.group === group && resourceId(kind) !== resourceIds.secrets)
        .flatMap(({ plural }) => [plural, `${plural}/status`]),
    })),
    // No pod runs here; `kubectl describe node` asks for those on it all the same.
    { verbs: looking, apiGroups: [''], resources: ['pods'] },
    {
      verbs: ['get'],
      apiGroups: ['subresources.kubevirt.io'],
      resources: ['guestosinfo', 'userlist', 'filesystemlist'].map((name) => `virtualmachineinstances/${name}`),
    },
    {
      verbs: looking,
      apiGroups: ['virtdeck.io'],
      resources: [
        'computer',
        'catalog',
        'networks',
        'host-devices',
        'device-trials',
        'hugepages',
        'memory',
        'nodemap',
        'cpuload',
        'usage',
        'revisions',
        'apiaccess',
        'connections/report',
        'virtualmachineinstances/usage',
        'virtualmachineinstances/viewers',
      ],
    },
  ],
};

export function isAllowed(role: Role, asked: Asked): boolean {
  return rulesOf[role].some((rule) => fits(rule, asked));
}

function fits(rule: Rule, asked: Asked): boolean {
  if (!holds(rule.verbs, asked.verb)) return false;
  if (asked.type === 'path') return (rule.nonResourceURLs ?? []).some((pattern) => isBelow(pattern, asked.path));
  const { group, resource, subresource } = asked;
  return holds(rule.apiGroups ?? [], group) && holds(rule.resources ?? [], subresource === '' ? resource : `${resource}/${subresource}`);
}

function holds(list: readonly string[], word: string): boolean {
  return list.includes('*') || list.includes(word);
}

function isBelow(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

/** Throws Forbidden in Kubernetes' words. */
export function checkAccess(who: { readonly role: Role; readonly user?: string }, asked: Asked): void {
  if (isAllowed(who.role, asked)) return;
  const user = JSON.stringify(who.user ?? who.role);
  const fix = 'Use the credentials of the administrator.';
  const refused = (field: string, subject: string, rest: string): AppError => {
    const message = `${subject} is forbidden: User ${user} cannot ${rest}`;
    return new AppError('Forbidden', message, { causes: [{ reason: 'Forbidden', field, message, fix }] });
  };
  if (asked.type === 'path') throw refused('path', JSON.stringify(asked.path), `${asked.verb} path ${JSON.stringify(asked.path)}`);
  const { verb, group, resource, subresource, namespace, name } = asked;
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  const subject = `${group === '' ? resource : `${resource}.${group}`}${name === '' ? '' : ` ${JSON.stringify(name)}`}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(namespace)}`;
  throw refused('verb', subject, `${verb} resource ${JSON.stringify(whole)} in API group ${JSON.stringify(group)} ${where}`);
}

const verbsOf: Readonly<Record<string, readonly [one: string, collection: string]>> = {
  GET: ['get', 'list'],
  HEAD: ['get', 'list'],
  POST: ['create', 'create'],
  PUT: ['update', 'update'],
  PATCH: ['patch', 'patch'],
  DELETE: ['delete', 'deletecollection'],
};

/** Kubernetes' RequestInfo. Segments are compared as they were decoded for the routes. */
export function askedBy(method: string, pathname: string, watch: boolean): Asked {
  const [root, first, second, ...below] = pathname.replace(/\/$/, '').slice(1).split('/').map(decodeURIComponent);
  const isCore = root === 'api' && second !== undefined;
  const isGroup = root === 'apis' && below.length > 0;
  if (!isCore && !isGroup) return { type: 'path', verb: method.toLowerCase(), path: pathname };
  const group = isCore ? '' : (first ?? '');
  const { namespace, parts } = scoped(isCore ? [second, ...below] : below);
  const [resource = '', name = '', ...rest] = parts;
  const [one, collection] = verbsOf[method] ?? ['', ''];
  const verb = name === '' ? (watch && method === 'GET' ? 'watch' : collection) : one;
  return { type: 'resource', verb, group, resource, subresource: rest.join('/'), namespace, name };
}

/** `namespaces/web/status` is about the namespace; `namespaces/web/secrets` is about what is in it. */
function scoped(parts: readonly string[]): { readonly namespace: string; readonly parts: readonly string[] } {
  const [first, namespace, resource] = parts;
  if (first !== 'namespaces' || namespace === undefined || resource === undefined || resource === 'status') {
    return { namespace: first === 'namespaces' ? (namespace ?? '') : '', parts };
  }
  return { namespace, parts: parts.slice(2) };
}
