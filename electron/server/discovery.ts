// Owns discovery: which groups, versions and resources there are, in the old form and the aggregated one.
// Must not list kinds; the registry does.
import { servedKinds } from '../api/kinds/registry.ts';
import { apiVersionOf, type Kind } from '../api/kinds/kind.ts';
import { objectVerbs } from '../api/verbs.ts';
import { AppError } from '../api/errors.ts';
import { reviews } from './access-routes.ts';
import { mediaTypes } from './accept.ts';
import { json, jsonText } from './answer.ts';
import { uploadTokenResource } from './disk-carriage.ts';
import type { Exchange, Route } from './exchange.ts';
import { subresourceGroup, subresourceVersions } from './subresource-names.ts';
import { subresourceTable } from './subresources.ts';

export const discoveryRoutes: readonly Route[] = [
  { method: 'GET', path: '/api', handle: (_, exchange) => aggregatedOr(exchange, '', coreVersions()) },
  { method: 'GET', path: '/apis', handle: (_, exchange) => aggregatedOr(exchange, 'named', groupList()) },
  { method: 'GET', path: '/api/v1', handle: () => json(resourceList('', 'v1')) },
  {
    method: 'GET',
    path: '/apis/{group}',
    handle: (_, { params }) => json({ kind: 'APIGroup', apiVersion: 'v1', ...groupNamed(params['group'] ?? '') }),
  },
  {
    method: 'GET',
    path: '/apis/{group}/{version}',
    handle: (_, { params }) => json(resourceList(params['group'] ?? '', params['version'] ?? '')),
  },
];

interface GroupVersions {
  readonly name: string;
  /** The preferred one first. */
  readonly versions: readonly string[];
}

export const groups: readonly GroupVersions[] = [
  ...[...new Set(servedKinds.map(({ group }) => group))].map((name) => ({
    name,
    versions: [...new Set(servedKinds.filter(({ group }) => group === name).map(({ version }) => version))],
  })),
  { name: subresourceGroup, versions: subresourceVersions },
  ...[...new Set(reviews.map(({ group }) => group))].map((name) => ({ name, versions: ['v1'] })),
  { name: uploadTokenResource.group, versions: [uploadTokenResource.version] },
];

const named = groups.filter(({ name }) => name !== '');

function coreVersions(): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

function groupList(): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: named.map(groupBody) };
}

function groupBody({ name, versions }: GroupVersions): object {
  const listed = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: listed, preferredVersion: listed[0] };
}

function groupNamed(name: string): object {
  const found = named.find((group) => group.name === name);
  if (found === undefined) throw new AppError('NotFound', 'the server could not find the requested resource');
  return groupBody(found);
}

function resourceList(group: string, version: string): object {
  if (groups.every(({ name, versions }) => name !== group || !versions.includes(version))) {
    throw new AppError('NotFound', 'the server could not find the requested resource');
  }
  const resources = [
    ...(group === subresourceGroup ? actionResources() : []),
    ...reviews.filter((review) => review.group === group).map(reviewResource),
    ...(group === uploadTokenResource.group ? [uploadTokenResource.body] : []),
    ...servedKinds.filter((kind) => kind.group === group && kind.version === version).flatMap(kindResources),
  ];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? version : `${group}/${version}`, resources };
}

function kindResources(kind: Kind): readonly object[] {
  const { plural, singular, namespaced, shortNames, categories } = kind;
  const optional = { ...(shortNames.length > 0 ? { shortNames } : {}), ...(categories.length > 0 ? { categories } : {}) };
  return [
    { name: plural, singularName: singular, namespaced, kind: kind.kind, verbs: objectVerbs, ...optional },
    { name: `${plural}/status`, singularName: '', namespaced, kind: kind.kind, verbs: statusVerbs },
  ];
}

function reviewResource({ plural, kind }: (typeof reviews)[number]): object {
  return { name: plural, singularName: kind.toLowerCase(), namespaced: false, kind, verbs: ['create'] };
}

const statusVerbs = ['get', 'patch', 'update'];

/** No kind and no verbs, as KubeVirt lists them: kubectl then leaves them alone. */
function actionResources(): readonly object[] {
  // What comes after a parameter is no name: `portforward/{port}` is listed as `portforward`, once.
  const names = new Set(subresourceTable.map(({ plural, name }) => `${plural}/${name.replace(/\/\{.*/, '')}`));
  return [...names].map((name) => ({
    name,
    singularName: '',
    namespaced: true,
    kind: '',
    verbs: [],
  }));
}

/** kubectl 1.30 and newer ask for everything at once, by this media type; 1.28 and 1.29 for v2beta1. */
function aggregatedOr({ request }: Exchange, which: '' | 'named', plain: object): Response {
  const wanted = mediaTypes(request.headers.get('accept') ?? '').find(
    ({ parameters }) => parameters['g'] === 'apidiscovery.k8s.io' && parameters['as'] === 'APIGroupDiscoveryList',
  );
  const version = wanted?.parameters['v'];
  if (version !== 'v2' && version !== 'v2beta1') return json(plain);
  const items = (which === '' ? groups.filter(({ name }) => name === '') : named).map(groupDiscovery);
  const body = { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items };
  return jsonText(JSON.stringify(body), 200, `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`);
}

function groupDiscovery({ name, versions }: GroupVersions): object {
  return {
    metadata: { name, creationTimestamp: null },
    versions: versions.map((version) => ({ version, freshness: 'Current', resources: discovered(name, version) })),
  };
}

function discovered(group: string, version: string): readonly object[] {
  return [
    ...reviews.filter((review) => review.group === group).map(reviewDiscovery),
    ...(group === uploadTokenResource.group ? [uploadTokenDiscovery()] : []),
    ...servedKinds.filter((kind) => kind.group === group && kind.version === version).map(kindDiscovery),
  ];
}

function reviewDiscovery({ group, plural, kind }: (typeof reviews)[number]): object {
  const responseKind = { group, version: 'v1', kind };
  return { resource: plural, responseKind, scope: 'Cluster', singularResource: kind.toLowerCase(), verbs: ['create'] };
}

function uploadTokenDiscovery(): object {
  const { group, version, body } = uploadTokenResource;
  const { name, singularName, kind, verbs } = body;
  return { resource: name, responseKind: { group, version, kind }, scope: 'Namespaced', singularResource: singularName, verbs };
}

function kindDiscovery(kind: Kind): object {
  const { plural, singular, shortNames, categories, namespaced, version, group } = kind;
  const responseKind = { group, version, kind: kind.kind };
  return {
    resource: plural,
    responseKind,
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: objectVerbs,
    ...(shortNames.length > 0 ? { shortNames } : {}),
    ...(categories.length > 0 ? { categories } : {}),
    subresources: [{ subresource: 'status', responseKind, verbs: statusVerbs }],
  };
}

/** `api/v1`, `apis/kubevirt.io/v1`: the path of a kind's group and version. */
export function groupVersionPath(kind: Pick<Kind, 'group' | 'version'>): string {
  return `${kind.group === '' ? 'api' : 'apis'}/${apiVersionOf(kind)}`;
}
