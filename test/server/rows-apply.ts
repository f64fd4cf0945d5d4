// Owns the rows of server-side apply, strategic merge, protobuf bodies and access reviews.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { named, vm, withRunStrategy } from '../fakes/builders.ts';
import type { Asking } from './carriers.ts';
import { json, naming, posted, type Row, vms } from './rows.ts';

const secrets = '/api/v1/namespaces/default/secrets';
const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
const rules = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';

function applying(body: object | string): Asking {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'PATCH', headers: { 'content-type': 'application/apply-patch+yaml' }, body: text };
}

function strategic(body: object): Asking {
  return { method: 'PATCH', headers: { 'content-type': 'application/strategic-merge-patch+json' }, body: JSON.stringify(body) };
}

function asking(spec: object): Asking {
  return posted({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec });
}

/** Recorded from `kubectl create secret generic typed --from-literal=user=me`, 1.36. */
const typedSecret = Buffer.from('azhzAAoMCgJ2MRIGU2VjcmV0EiUKFQoFdHlwZWQSABoAIgAqADIAOABCABIKCgR1c2VyEgJtZRoAGgAiAA==', 'base64');

export const applyRows: readonly Row[] = [
  // Server-side apply.
  {
    name: 'apply without a manager',
    path: `${vms}/web`,
    asking: applying(vm(named('web'))),
    status: 422,
    body: naming(
      { reason: 'Invalid', message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch' },
      ['fieldManager'],
    ),
  },
  {
    name: 'apply of a new object',
    path: `${vms}/fresh?fieldManager=me&dryRun=All`,
    asking: applying(
      'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nspec: {runStrategy: Halted, template: {spec: {domain: {devices: {}}}}}',
    ),
    status: 201,
    body: { metadata: { name: 'fresh', namespace: 'default' }, spec: { runStrategy: 'Halted' } },
  },
  {
    name: 'apply over an object that nobody manages',
    path: `${vms}/web?fieldManager=me&dryRun=All`,
    asking: applying({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { labels: { mine: 'yes' } } }),
    status: 200,
    body: { metadata: { name: 'web', labels: { app: 'web', mine: 'yes' } } },
  },
  {
    name: 'apply of a field that nobody knows',
    path: `${vms}/web?fieldManager=me`,
    asking: applying({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', spec: { runStrategie: 'x' } }),
    status: 400,
    body: { reason: 'BadRequest' },
  },
  {
    name: 'apply of a record of managers',
    path: `${vms}/web?fieldManager=me`,
    asking: applying({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { managedFields: [] } }),
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['metadata.managedFields']),
  },
  {
    name: 'apply to another name',
    path: `${vms}/web?fieldManager=me`,
    asking: applying(vm(named('api'))),
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['metadata.name']),
  },
  {
    name: 'apply of what cannot be',
    path: `${vms}/web?fieldManager=me&force=True`,
    asking: applying({ ...vm(named('web'), withRunStrategy('Sometimes' as 'Always')) }),
    status: 422,
    body: { reason: 'Invalid' },
  },
  {
    name: 'a manager with a name without end',
    path: `${vms}/web?fieldManager=${'x'.repeat(129)}`,
    asking: applying({ apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine' }),
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['fieldManager']),
  },

  // Strategic merge, of Kubernetes' own kinds.
  {
    name: 'strategic merge of a Secret',
    path: `${secrets}/keys?dryRun=All`,
    asking: strategic({ data: { a: null, c: 'ZA==' }, metadata: { '$setElementOrder/finalizers': ['x/y'], finalizers: ['x/y'] } }),
    status: 200,
    body: { data: { c: 'ZA==' }, metadata: { finalizers: ['x/y'] } },
    absent: ['data.a'],
  },
  {
    name: 'strategic merge that replaces',
    path: `${secrets}/keys?dryRun=All`,
    asking: strategic({ data: { $patch: 'replace', only: 'ZA==' } }),
    status: 200,
    body: { data: { only: 'ZA==' } },
    absent: ['data.a'],
  },
  {
    name: 'a directive that nobody knows',
    path: `${secrets}/keys?dryRun=All`,
    asking: strategic({ data: { $patch: 'explode' } }),
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['$patch']),
  },

  // Protobuf.
  {
    name: 'a Secret as protobuf',
    path: `${secrets}?dryRun=All`,
    asking: { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: new Uint8Array(typedSecret) },
    status: 201,
    body: { kind: 'Secret', metadata: { name: 'typed' }, data: { user: 'bWU=' }, type: 'Opaque' },
  },
  {
    name: 'protobuf that is none',
    path: secrets,
    asking: { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: 'k8s\u0000\u00ff\u00ff\u00ff' },
    status: 400,
    body: { reason: 'BadRequest' },
  },
  {
    name: 'protobuf without its mark',
    path: secrets,
    asking: { method: 'POST', headers: { 'content-type': 'application/vnd.kubernetes.protobuf' }, body: '{}' },
    status: 400,
    body: { reason: 'BadRequest' },
  },

  {
    name: 'an object of Kubernetes’ own without what the path says already',
    path: `${secrets}?dryRun=All`,
    asking: posted({ metadata: { name: 'untyped' }, stringData: { a: 'b' } }),
    status: 201,
    body: { apiVersion: 'v1', kind: 'Secret', data: { a: 'Yg==' } },
  },

  // May I?
  {
    name: 'may I',
    path: reviews,
    asking: asking({ resourceAttributes: { verb: 'create', group: 'kubevirt.io', resource: 'virtualmachines', namespace: 'default' } }),
    status: 201,
    body: { kind: 'SelfSubjectAccessReview', status: { allowed: true } },
  },
  { name: 'may I what', path: reviews, asking: asking({}), status: 422, body: { reason: 'Invalid' } },
  { name: 'may I, of another kind', path: reviews, asking: posted({ kind: 'Pod' }), status: 400, body: { reason: 'BadRequest' } },
  {
    name: 'what may I',
    path: rules,
    asking: posted({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: 'default' } }),
    status: 201,
    body: { status: { resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], incomplete: false } },
  },
  {
    name: 'who am I',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    asking: { method: 'POST', headers: json, body: '{}' },
    status: 201,
    body: { status: { userInfo: { username: 'admin' } } },
  },
  { name: 'no pods run here', path: '/api/v1/pods?fieldSelector=spec.nodeName%3Dx', status: 200, body: { kind: 'PodList', items: [] } },

  // OpenAPI v2.
  {
    name: 'OpenAPI v2 as JSON',
    path: '/openapi/v2',
    status: 200,
    body: {
      swagger: '2.0',
      definitions: {
        V1VirtualMachine: {
          'x-kubernetes-group-version-kind': [
            { group: 'kubevirt.io', version: 'v1', kind: 'VirtualMachine' },
            { group: 'kubevirt.io', version: 'v1alpha3', kind: 'VirtualMachine' },
            { group: 'kubevirt', version: 'v1alpha3', kind: 'VirtualMachine' },
          ],
        },
      },
    },
  },
  {
    name: 'OpenAPI v2 as kubectl 1.27 wants it',
    path: '/openapi/v2',
    asking: { headers: { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' } },
    status: 200,
    headers: { 'content-type': 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf' },
  },
];
