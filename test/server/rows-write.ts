// Owns the rows of update, patch and delete.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { named, vm, withMeta, withRunStrategy } from '../fakes/builders.ts';
import { api, failure, json, merge, naming, operations, vms, type Row } from './rows.ts';

export const writeRows: readonly Row[] = [
  // Update.
  {
    name: 'update, rehearsed',
    path: `${vms}/web?dryRun=All`,
    asking: { method: 'PUT', headers: json, body: JSON.stringify(vm(named('web'), withRunStrategy('Manual'))) },
    status: 200,
    body: { spec: { runStrategy: 'Manual' } },
  },
  {
    name: 'update of an old version',
    path: `${vms}/web`,
    asking: {
      method: 'PUT',
      headers: json,
      body: JSON.stringify(vm(named('web'), withMeta({ name: 'web', namespace: 'default', resourceVersion: '1' }))),
    },
    status: 409,
    body: failure(
      409,
      'Conflict',
      'Operation cannot be fulfilled on virtualmachines.kubevirt.io "web": the object has been modified; please apply your changes to the latest version and try again',
    ),
  },
  {
    name: 'update under another name',
    path: `${vms}/web`,
    asking: { method: 'PUT', headers: json, body: JSON.stringify(vm(named('api'))) },
    status: 400,
    body: {
      message: 'the name of the object (api) does not match the name on the URL (web)',
      details: { causes: [{ field: 'metadata.name' }] },
    },
  },
  {
    name: 'update of what is not there',
    path: `${vms}/nope`,
    asking: { method: 'PUT', headers: json, body: JSON.stringify(vm(named('nope'))) },
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'a method that nothing has',
    path: `${vms}/web`,
    asking: { method: 'POST', headers: json, body: '{}' },
    status: 405,
    body: { reason: 'MethodNotAllowed', details: { causes: [{ field: 'method', fix: 'Use GET or PUT or PATCH or DELETE.' }] } },
  },

  // Patch.
  {
    name: 'merge patch',
    path: `${vms}/web?dryRun=All`,
    asking: { method: 'PATCH', headers: merge, body: '{"spec":{"runStrategy":"Manual"},"metadata":{"labels":{"app":null,"new":"1"}}}' },
    status: 200,
    body: { spec: { runStrategy: 'Manual' }, metadata: { labels: { new: '1' } } },
  },
  {
    name: 'JSON patch',
    path: `${vms}/web?dryRun=All`,
    asking: {
      method: 'PATCH',
      headers: operations,
      body: '[{"op":"test","path":"/spec/runStrategy","value":"Halted"},{"op":"replace","path":"/spec/runStrategy","value":"Manual"}]',
    },
    status: 200,
    body: { spec: { runStrategy: 'Manual' } },
  },
  {
    name: 'JSON patch that does not fit',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: operations, body: '[{"op":"test","path":"/spec/runStrategy","value":"Always"}]' },
    status: 422,
    body: { reason: 'Invalid', details: { causes: [{ field: 'spec.runStrategy' }] } },
  },
  {
    name: 'JSON patch of nonsense',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: operations, body: '[{"op":"twist","path":"/a"}]' },
    status: 400,
    body: { details: { causes: [{ field: '[0].op' }] } },
  },
  {
    name: 'JSON patch that is no list',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: operations, body: '{}' },
    status: 400,
    body: { details: { causes: [{ field: '<root>' }] } },
  },
  {
    name: 'merge patch that is no object',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: merge, body: '[]' },
    status: 400,
    body: { details: { causes: [{ field: '<root>' }] } },
  },
  {
    name: 'merge patch with an unknown field',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: merge, body: '{"spec":{"nope":1}}' },
    status: 400,
    body: naming(failure(400, 'BadRequest', 'strict decoding error: unknown field "spec.nope"'), ['spec.nope']),
  },
  {
    name: 'merge patch of an old version',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: merge, body: '{"metadata":{"resourceVersion":"1","labels":{"x":"y"}}}' },
    status: 409,
    body: { reason: 'Conflict' },
  },
  {
    name: 'a patch of another object',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: merge, body: '{"metadata":{"name":"api"}}' },
    status: 400,
    body: { details: { causes: [{ field: 'metadata.name' }] } },
  },
  {
    name: 'strategic merge',
    path: `${vms}/web`,
    asking: { method: 'PATCH', headers: { 'content-type': 'application/strategic-merge-patch+json' }, body: '{}' },
    status: 415,
    body: naming(
      failure(
        415,
        'UnsupportedMediaType',
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      ),
      ['Content-Type'],
    ),
  },
  {
    name: 'a patch of what is not there',
    path: `${vms}/nope`,
    asking: { method: 'PATCH', headers: merge, body: '{}' },
    status: 404,
    body: { reason: 'NotFound' },
  },

  // Delete.
  { name: 'delete what is not there', path: `${vms}/nope`, asking: { method: 'DELETE' }, status: 404, body: { reason: 'NotFound' } },
  {
    name: 'delete, rehearsed',
    path: `${vms}/web?dryRun=All`,
    asking: { method: 'DELETE' },
    status: 200,
    body: { kind: 'VirtualMachine', metadata: { name: 'web' } },
  },
  {
    name: 'delete, rehearsed in the body',
    path: `${vms}/web`,
    asking: {
      method: 'DELETE',
      headers: json,
      body: '{"kind":"DeleteOptions","apiVersion":"v1","dryRun":["All"],"propagationPolicy":"Background"}',
    },
    status: 200,
    body: { metadata: { name: 'web' } },
  },
  {
    name: 'delete another uid',
    path: `${vms}/web`,
    asking: { method: 'DELETE', headers: json, body: '{"preconditions":{"uid":"00000000"}}' },
    status: 409,
    body: { reason: 'Conflict' },
  },
  {
    name: 'delete in an unknown manner',
    path: `${vms}/web?propagationPolicy=Sideways`,
    asking: { method: 'DELETE' },
    status: 400,
    body: { details: { causes: [{ field: 'propagationPolicy' }] } },
  },
  {
    name: 'delete with half a second',
    path: `${vms}/web`,
    asking: { method: 'DELETE', headers: json, body: '{"gracePeriodSeconds":0.5}' },
    status: 400,
    body: { details: { causes: [{ field: 'gracePeriodSeconds' }] } },
  },
  {
    name: 'delete with something else',
    path: `${vms}/web`,
    asking: { method: 'DELETE', headers: json, body: '{"kind":"Pod"}' },
    status: 400,
    body: { details: { causes: [{ field: 'kind' }] } },
  },
  {
    name: 'delete the default namespace',
    path: '/api/v1/namespaces/default',
    asking: { method: 'DELETE' },
    status: 403,
    body: { reason: 'Forbidden' },
  },
  {
    name: 'delete everything everywhere',
    path: `${api}/virtualmachines`,
    asking: { method: 'DELETE' },
    status: 405,
    body: { reason: 'MethodNotAllowed' },
  },
  {
    name: 'delete a selection, rehearsed',
    path: `${vms}?labelSelector=app%3Dweb&dryRun=All`,
    asking: { method: 'DELETE' },
    status: 200,
    body: { kind: 'VirtualMachineList', items: [{ metadata: { name: 'web' } }] },
  },
];
