// Owns the rows of get, list and their representations.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { api, asTable, failure, naming, notFound, vms, type Row } from './rows.ts';

export const readRows: readonly Row[] = [
  // Get and list.
  {
    name: 'get',
    path: `${vms}/web`,
    status: 200,
    body: { kind: 'VirtualMachine', metadata: { name: 'web', namespace: 'default', labels: { app: 'web' } } },
  },
  {
    name: 'get what is not there',
    path: `${vms}/nope`,
    status: 404,
    body: {
      ...failure(404, 'NotFound', 'virtualmachines.kubevirt.io "nope" not found'),
      details: { name: 'nope', group: 'kubevirt.io', kind: 'virtualmachines' },
    },
  },
  { name: 'get the status', path: `${vms}/web/status`, status: 200, body: { kind: 'VirtualMachine' } },
  {
    name: 'get a cluster-scoped object',
    path: '/api/v1/namespaces/default',
    status: 200,
    body: { kind: 'Namespace', metadata: { name: 'default' } },
  },
  {
    name: 'the status of a namespace is no collection',
    path: '/api/v1/namespaces/default/status',
    status: 200,
    body: { kind: 'Namespace' },
  },
  { name: 'a namespaced object without its namespace', path: `${api}/virtualmachines/web`, status: 404, body: notFound },
  { name: 'a cluster-scoped kind in a namespace', path: '/api/v1/namespaces/default/nodes', status: 404, body: notFound },
  { name: 'no such kind', path: `${api}/namespaces/default/gadgets`, status: 404, body: notFound },
  {
    name: 'list of a namespace',
    path: vms,
    status: 200,
    body: {
      kind: 'VirtualMachineList',
      apiVersion: 'kubevirt.io/v1',
      items: [{ metadata: { name: 'api' } }, { metadata: { name: 'web' } }],
    },
  },
  {
    name: 'list of everything',
    path: `${api}/virtualmachines`,
    status: 200,
    body: { items: [{ metadata: { name: 'api' } }, { metadata: { name: 'web' } }, { metadata: { name: 'other' } }] },
  },
  {
    name: 'list of nothing',
    path: `${api}/namespaces/default/virtualmachineinstances?labelSelector=none`,
    status: 200,
    body: { kind: 'VirtualMachineInstanceList', items: [] },
  },
  {
    name: 'label selector',
    path: `${api}/virtualmachines?labelSelector=${encodeURIComponent('app in (web,shop),!old')}`,
    status: 200,
    body: { items: [{ metadata: { name: 'web' } }] },
  },
  {
    name: 'field selector',
    path: `${vms}?fieldSelector=metadata.name%3Dapi`,
    status: 200,
    body: { items: [{ metadata: { name: 'api' } }] },
  },
  {
    name: 'a bad label selector',
    path: `${vms}?labelSelector=a%20b`,
    status: 400,
    body: naming(failure(400, 'BadRequest', 'unable to parse requirement: "a b"'), ['labelSelector']),
  },
  {
    name: 'a bad field selector',
    path: `${vms}?fieldSelector=spec.x%3D1`,
    status: 400,
    body: naming(failure(400, 'BadRequest', 'field label not supported: spec.x'), ['fieldSelector']),
  },
  {
    name: 'a bad limit',
    path: `${vms}?limit=few`,
    status: 400,
    body: naming(failure(400, 'BadRequest', 'limit: Invalid value: "few"'), ['limit']),
  },
  {
    name: 'a bad continue',
    path: `${vms}?continue=xyz`,
    status: 400,
    body: naming(failure(400, 'BadRequest', 'continue: Invalid value: "xyz"'), ['continue']),
  },
  { name: 'a boolean as Python writes it', path: `${vms}?watch=False&limit=1`, status: 200, body: { kind: 'VirtualMachineList' } },
  {
    name: 'a boolean that is none',
    path: `${vms}?watch=maybe`,
    status: 400,
    body: naming(failure(400, 'BadRequest', 'watch: Invalid value: "maybe"'), ['watch']),
  },
  {
    name: 'an object included by half',
    path: `${vms}?includeObject=Half`,
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['includeObject']),
  },
  { name: 'a limit of nothing is no limit', path: `${vms}?limit=0`, status: 200, body: { items: [{}, {}] } },
  { name: 'a version from the future', path: `${vms}?resourceVersion=999999`, status: 504, body: { reason: 'Timeout' } },
  {
    name: 'an exact version that is past',
    path: `${vms}?resourceVersion=1&resourceVersionMatch=Exact`,
    status: 410,
    body: { reason: 'Expired' },
  },
  {
    name: 'a match without a version',
    path: `${vms}?resourceVersionMatch=Exact`,
    status: 400,
    body: { details: { causes: [{ field: 'resourceVersionMatch' }] } },
  },

  // Representations.
  {
    name: 'a table',
    path: `${vms}/web`,
    asking: { headers: { accept: asTable } },
    status: 200,
    body: {
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      columnDefinitions: [
        { name: 'Name', type: 'string', format: 'name' },
        { name: 'Age', type: 'date' },
        { name: 'Status' },
        { name: 'Ready' },
      ],
      rows: [{ cells: ['web', '0s', 'Stopped', 'False'], object: { kind: 'PartialObjectMetadata', metadata: { name: 'web' } } }],
    },
  },
  {
    name: 'a table of a list',
    path: vms,
    asking: { headers: { accept: asTable } },
    status: 200,
    body: { kind: 'Table', rows: [{ cells: ['api', '0s', 'Stopped', 'False'] }, { cells: ['web', '0s', 'Stopped', 'False'] }] },
  },
  {
    name: 'a table with whole objects',
    path: `${vms}?includeObject=Object&limit=1`,
    asking: { headers: { accept: asTable } },
    status: 200,
    body: { rows: [{ object: { kind: 'VirtualMachine', spec: {} } }] },
  },
  {
    name: 'a table without objects',
    path: `${vms}?includeObject=None&limit=1`,
    asking: { headers: { accept: asTable } },
    status: 200,
    body: { rows: [{ object: null }] },
  },
  {
    name: 'metadata alone',
    path: `${vms}/web`,
    asking: { headers: { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' } },
    status: 200,
    body: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'web' } },
  },
  {
    name: 'metadata of a list',
    path: vms,
    asking: { headers: { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' } },
    status: 200,
    body: { kind: 'PartialObjectMetadataList', items: [{ kind: 'PartialObjectMetadata' }, { kind: 'PartialObjectMetadata' }] },
  },
  {
    name: 'YAML',
    path: '/api',
    asking: { headers: { accept: 'application/yaml' } },
    status: 200,
    headers: { 'content-type': 'application/yaml' },
    body: 'kind: APIVersions\nversions:\n  - v1\nserverAddressByClientCIDRs: []\n',
  },
  {
    name: 'protobuf first, JSON as well',
    path: `${vms}/web`,
    asking: { headers: { accept: 'application/vnd.kubernetes.protobuf, application/json' } },
    status: 200,
    body: { kind: 'VirtualMachine' },
  },
  {
    name: 'protobuf alone',
    path: `${vms}/web`,
    asking: { headers: { accept: 'application/vnd.kubernetes.protobuf' } },
    status: 406,
    body: { reason: 'NotAcceptable', details: { causes: [{ field: 'Accept' }] } },
  },
];
