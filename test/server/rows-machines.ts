// Owns the rows of machine actions, this computer, and paths that play tricks.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { expect } from 'vitest';
import { api, failure, json, naming, notFound, own, subresources, vms, type Row } from './rows.ts';

export const machinesRows: readonly Row[] = [
  // Machines.
  {
    name: 'start, rehearsed',
    path: `${subresources}/virtualmachines/web/start?dryRun=All`,
    asking: { method: 'PUT' },
    status: 200,
    body: { kind: 'StartCheck', apiVersion: 'virtdeck.io/v1alpha1', allowed: true },
  },
  {
    name: 'start, rehearsed in the body',
    path: `${subresources}/virtualmachines/web/start`,
    asking: { method: 'PUT', headers: json, body: '{"dryRun":["All"],"paused":true}' },
    status: 200,
    body: { kind: 'StartCheck' },
  },
  {
    name: 'start of nothing, rehearsed',
    path: `${subresources}/virtualmachines/nope/start?dryRun=All`,
    asking: { method: 'PUT' },
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'start with objects, in earnest',
    path: `${subresources}/virtualmachines/web/start`,
    asking: { method: 'PUT', headers: json, body: '{"objects":[]}' },
    status: 400,
    body: { details: { causes: [{ field: 'objects' }] } },
  },
  {
    name: 'a reset of the firmware, rehearsed',
    path: `${own}/namespaces/default/virtualmachines/web/resetfirmware?dryRun=All`,
    asking: { method: 'PUT' },
    status: 200,
    body: { backups: [] },
  },
  {
    name: 'a reset of the firmware of nothing',
    path: `${own}/namespaces/default/virtualmachines/nope/resetfirmware`,
    asking: { method: 'PUT' },
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'viewers of nothing',
    path: `${own}/namespaces/default/virtualmachineinstances/nope/viewers?watch=true`,
    asking: {},
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'stop what does not run',
    path: `${subresources}/virtualmachines/web/stop`,
    asking: { method: 'PUT' },
    status: 409,
    body: failure(409, 'Conflict', 'Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": VM is not running'),
  },
  {
    name: 'start of nothing',
    path: `${subresources}/virtualmachines/nope/start`,
    asking: { method: 'PUT' },
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'pause of nothing',
    path: `${subresources}/virtualmachineinstances/web/pause`,
    asking: { method: 'PUT' },
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'start with an option of stop',
    path: `${subresources}/virtualmachines/web/start`,
    asking: { method: 'PUT', headers: json, body: '{"gracePeriod":1}' },
    status: 400,
    body: naming(failure(400, 'BadRequest', 'strict decoding error: unknown field "gracePeriod"'), ['gracePeriod']),
  },
  { name: 'start by GET', path: `${subresources}/virtualmachines/web/start`, status: 405, body: { reason: 'MethodNotAllowed' } },
  {
    name: 'a console without a WebSocket',
    path: `${subresources}/virtualmachineinstances/web/console`,
    status: 400,
    body: { reason: 'BadRequest' },
  },
  {
    name: 'no such subresource',
    path: `${subresources}/virtualmachineinstances/web/teleport`,
    asking: { method: 'PUT' },
    status: 404,
    body: notFound,
  },
  {
    name: 'a screenshot of nothing',
    path: `${subresources}/virtualmachineinstances/web/vnc/screenshot`,
    status: 404,
    body: { reason: 'NotFound' },
  },

  // This computer.
  { name: 'computer', path: `${own}/computer`, status: 200, body: { hostname: 'workshop', accelerator: { inUse: 'tcg' } } },
  { name: 'catalog', path: `${own}/catalog`, status: 200, body: { items: [{ id: 'debian-12' }] } },
  {
    name: 'inspect',
    path: `${own}/inspections`,
    asking: { method: 'POST', headers: json, body: '{"path":"/nope.qcow2"}' },
    status: 200,
    body: { path: '/nope.qcow2', format: 'unknown' },
  },
  {
    name: 'inspect nothing',
    path: `${own}/inspections`,
    asking: { method: 'POST', headers: json, body: '{}' },
    status: 400,
    body: { details: { causes: [{ field: 'path' }] } },
  },
  {
    name: 'inspect a relative path',
    path: `${own}/inspections`,
    asking: { method: 'POST', headers: json, body: '{"path":"../etc"}' },
    status: 400,
    body: { details: { causes: [{ field: 'path' }] } },
  },
  { name: 'a folder', path: `${own}/directories?path=/home`, status: 200, body: { path: '/home', parent: '/' } },
  { name: 'no folder', path: `${own}/directories`, status: 400, body: { details: { causes: [{ field: 'path' }] } } },
  {
    name: 'usage of a machine that was never looked at',
    path: `${own}/namespaces/default/virtualmachineinstances/web/usage`,
    status: 200,
    body: { samples: [] },
  },
  {
    name: 'no listener here',
    path: `${own}/listeners`,
    asking: { method: 'POST' },
    status: expect.any(Number) as number,
    body: { kind: 'Status', status: 'Failure' },
  },
  {
    name: 'an upload of nothing',
    path: `${own}/namespaces/default/datavolumes/disk/upload`,
    asking: { method: 'PUT' },
    status: 400,
    body: { details: { causes: [{ field: '<root>' }] } },
  },

  // Paths.
  { name: 'the root', path: '/apis/kubevirt.io/v1/', status: 200, body: { kind: 'APIResourceList' } },
  {
    name: 'nowhere',
    path: '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/web/a/b/c',
    status: 404,
    body: { ...notFound, details: { causes: [{ field: 'path' }] } },
  },
  { name: 'an empty name', path: `${api}/namespaces//virtualmachines`, status: 404, body: notFound },
  {
    name: 'a slash in a name',
    path: `${vms}/a%2Fb`,
    status: 400,
    body: { reason: 'BadRequest', details: { causes: [{ field: 'metadata.name' }] } },
  },
  { name: 'a backslash in a name', path: `${vms}/a%5Cb`, status: 400, body: { reason: 'BadRequest' } },
  { name: 'a zero in a name', path: `${vms}/a%00b`, status: 400, body: { reason: 'BadRequest' } },
  { name: 'half an escape', path: `${vms}/a%zz`, status: 400, body: { reason: 'BadRequest' } },
  { name: 'an escape of an escape', path: `${vms}/a%252Fb`, status: 400, body: { reason: 'BadRequest' } },
  { name: 'a name as long as a novel', path: `${vms}/${'a'.repeat(254)}`, status: 400, body: { reason: 'BadRequest' } },
  { name: 'an upper-case name is only not there', path: `${vms}/Web`, status: 404, body: { reason: 'NotFound' } },
];
