// Owns the rows of health, version, discovery and OpenAPI.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { expect } from 'vitest';
import { notFound, type Row } from './rows.ts';

/** Each of them somewhere in a list: what other groups there are is not this table's to say. */
function containing(names: readonly string[], object: (name: string) => object): unknown {
  return expect.arrayContaining(names.map((name) => expect.objectContaining(object(name)) as unknown));
}

export const discoveryRows: readonly Row[] = [
  // Health, version, discovery.
  ...['/healthz', '/readyz', '/livez'].map((path) => ({ name: path, path, status: 200, body: 'ok' })),
  {
    name: 'version',
    path: '/version',
    status: 200,
    body: { major: '1', gitVersion: expect.stringMatching(/^v1\.\d+\.0\+virtdeck-1\.2\.3$/) as string },
  },
  { name: 'core versions', path: '/api', status: 200, body: { kind: 'APIVersions', versions: ['v1'] } },
  { name: 'a slash at the end', path: '/api/', status: 200, body: { kind: 'APIVersions' } },
  {
    name: 'groups',
    path: '/apis',
    status: 200,
    body: {
      kind: 'APIGroupList',
      groups: containing(
        [
          'kubevirt.io',
          'kubevirt',
          'cdi.kubevirt.io',
          'instancetype.kubevirt.io',
          'apps',
          'hco.kubevirt.io',
          'virtdeck.io',
          'subresources.kubevirt.io',
          'authorization.k8s.io',
        ],
        (name) => ({
          name,
        }),
      ),
    },
  },
  {
    name: 'one group',
    path: '/apis/kubevirt.io',
    status: 200,
    body: { kind: 'APIGroup', name: 'kubevirt.io', preferredVersion: { groupVersion: 'kubevirt.io/v1', version: 'v1' } },
  },
  {
    name: 'a group with a second version',
    path: '/apis/hco.kubevirt.io',
    status: 200,
    body: {
      versions: [{ version: 'v1beta1' }, { version: 'v1' }],
      preferredVersion: { groupVersion: 'hco.kubevirt.io/v1beta1', version: 'v1beta1' },
    },
  },
  {
    name: 'a group that a slip of the pen made: no short names, which would be ambiguous',
    path: '/apis/kubevirt/v1alpha3',
    status: 200,
    body: { groupVersion: 'kubevirt/v1alpha3', resources: containing(['virtualmachines'], (name) => ({ name, kind: 'VirtualMachine' })) },
  },
  { name: 'no such group', path: '/apis/nope.io', status: 404, body: notFound },
  {
    name: 'resources of a group',
    path: '/apis/cdi.kubevirt.io/v1beta1',
    status: 200,
    body: {
      kind: 'APIResourceList',
      groupVersion: 'cdi.kubevirt.io/v1beta1',
      resources: [
        { name: 'datavolumes', singularName: 'datavolume', namespaced: true, kind: 'DataVolume', shortNames: ['dv', 'dvs'] },
        { name: 'datavolumes/status', verbs: ['get', 'patch', 'update'] },
      ],
    },
  },
  { name: 'resources of the core group', path: '/api/v1', status: 200, body: { kind: 'APIResourceList', groupVersion: 'v1' } },
  {
    name: 'subresources',
    path: '/apis/subresources.kubevirt.io/v1alpha3',
    status: 200,
    body: { groupVersion: 'subresources.kubevirt.io/v1alpha3' },
  },
  { name: 'no such version', path: '/apis/kubevirt.io/v9', status: 404, body: notFound },
  {
    name: 'aggregated discovery',
    path: '/apis',
    asking: { headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' } },
    status: 200,
    headers: { 'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' },
    body: {
      kind: 'APIGroupDiscoveryList',
      apiVersion: 'apidiscovery.k8s.io/v2',
      items: containing(['kubevirt.io', 'instancetype.kubevirt.io', 'authentication.k8s.io'], (name) => ({
        metadata: expect.objectContaining({ name }) as object,
      })),
    },
  },
  {
    name: 'aggregated discovery of kubectl 1.28, core group',
    path: '/api',
    asking: { headers: { accept: 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json' } },
    status: 200,
    body: { apiVersion: 'apidiscovery.k8s.io/v2beta1', items: [{ metadata: { name: '' }, versions: [{ version: 'v1' }] }] },
  },
  {
    name: 'OpenAPI index',
    path: '/openapi/v3',
    status: 200,
    body: {
      paths: {
        'apis/kubevirt.io/v1': {
          serverRelativeURL: expect.stringMatching(/^\/openapi\/v3\/apis\/kubevirt\.io\/v1\?hash=[0-9A-F]{32}$/) as string,
        },
      },
    },
  },
  { name: 'OpenAPI of a group', path: '/openapi/v3/apis/kubevirt.io/v1', status: 200, body: { openapi: '3.0.0' } },
  {
    name: 'OpenAPI of the core group',
    path: '/openapi/v3/api/v1',
    status: 200,
    body: { components: { schemas: { IoK8sApiCoreV1Secret: { type: 'object' } } } },
  },
  { name: 'OpenAPI of nothing', path: '/openapi/v3/apis/nope.io/v1', status: 404, body: notFound },
];
