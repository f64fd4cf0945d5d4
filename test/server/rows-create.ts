// Owns the rows of create.
// Must not depend on each other: what a row writes it writes as a rehearsal, or on an object of its own.
import { expect } from 'vitest';
import { named, vm, withDisk } from '../fakes/builders.ts';
import { api, failure, json, naming, posted, vms, type Row } from './rows.ts';

export const createRows: readonly Row[] = [
  // Create.
  {
    name: 'create, rehearsed',
    path: `${vms}?dryRun=All`,
    asking: posted(vm(named('new'))),
    status: 201,
    body: {
      metadata: { name: 'new', uid: expect.any(String) as string },
      spec: { template: { spec: { domain: { machine: { type: 'q35' } } } } },
    },
  },
  { name: 'and it was only rehearsed', path: `${vms}/new`, status: 404, body: { reason: 'NotFound' } },
  {
    name: 'create from YAML',
    path: `${vms}?dryRun=All`,
    asking: {
      method: 'POST',
      headers: { 'content-type': 'application/yaml' },
      body: 'apiVersion: kubevirt.io/v1\nkind: VirtualMachine\nmetadata: {name: new, creationTimestamp: null}\nspec:\n  running: no\n  template: {spec: {domain: {devices: {}}}}\n',
    },
    status: 201,
    body: { spec: { running: false } },
  },
  {
    name: 'create a second of that name',
    path: vms,
    asking: posted(vm(named('web'))),
    status: 409,
    body: failure(409, 'AlreadyExists', 'virtualmachines.kubevirt.io "web" already exists'),
  },
  {
    name: 'an unknown field',
    path: vms,
    asking: posted({ ...vm(named('new')), spec: { ...vm().spec, runstrategy: 'Always' } }),
    status: 400,
    body: {
      ...failure(400, 'BadRequest', 'strict decoding error: unknown field "spec.runstrategy"'),
      details: {
        causes: [
          {
            reason: 'UnknownField',
            field: 'spec.runstrategy',
            message: 'unknown field "spec.runstrategy"',
            fix: 'Did you mean "runStrategy"?',
          },
        ],
      },
    },
  },
  {
    name: 'an unknown field, only warned of',
    path: `${vms}?dryRun=All&fieldValidation=Warn`,
    asking: posted({ ...vm(named('new')), spec: { ...vm().spec, nope: 1 } }),
    status: 201,
    headers: { warning: '299 - "unknown field \\"spec.nope\\""' },
    absent: ['spec.nope'],
  },
  {
    name: 'unknown fields deep in lists, ignored',
    path: `${vms}?dryRun=All&fieldValidation=Ignore`,
    asking: posted(
      vm(named('new'), withDisk('root'), (draft) => {
        const text = JSON.stringify(draft).replaceAll('"disk":{', '"nope":[{"a":1}],"disk":{"also":{"b":2},');
        return JSON.parse(text) as typeof draft;
      }),
    ),
    status: 201,
    body: { spec: { template: { spec: { domain: { devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] } } } } } },
    absent: ['spec.template.spec.domain.devices.disks[0].nope', 'spec.template.spec.domain.devices.disks[0].disk.also'],
  },
  {
    name: 'a validation that there is not',
    path: `${vms}?fieldValidation=Lax`,
    asking: posted(vm(named('new'))),
    status: 400,
    body: naming({ reason: 'BadRequest' }, ['fieldValidation']),
  },
  {
    name: 'an unknown field, ignored',
    path: `${vms}?dryRun=All&fieldValidation=Ignore`,
    asking: posted({ ...vm(named('new')), spec: { ...vm().spec, nope: 1 } }),
    status: 201,
    absent: ['spec.nope'],
  },
  {
    name: 'a field twice',
    path: vms,
    asking: {
      method: 'POST',
      headers: json,
      body: '{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":{"name":"new"},"spec":{"running":true,"running":false,"template":{"spec":{"domain":{"devices":{}}}}}}',
    },
    status: 400,
    body: naming(failure(400, 'BadRequest', 'strict decoding error: duplicate field "spec.running"'), ['spec.running']),
  },
  {
    name: 'a field of the wrong type',
    path: vms,
    asking: posted({ ...vm(named('new')), spec: { ...vm().spec, running: 'yes' } }),
    status: 422,
    body: naming(
      failure(
        422,
        'Invalid',
        'VirtualMachine.kubevirt.io "new" is invalid: spec.running: Invalid value: "string": spec.running in body must be of type boolean: "string"',
      ),
      ['spec.running'],
    ),
  },
  {
    name: 'another kind',
    path: vms,
    asking: posted({ ...vm(), kind: 'VirtualMachineInstance' }),
    status: 400,
    body: naming(
      failure(400, 'BadRequest', 'the kind in the data ("VirtualMachineInstance") does not match the expected kind (VirtualMachine)'),
      ['kind'],
    ),
  },
  {
    name: 'another version',
    path: vms,
    asking: posted({ ...vm(), apiVersion: 'v1' }),
    status: 400,
    body: { details: { causes: [{ field: 'apiVersion' }] } },
  },
  {
    name: 'no kind',
    path: vms,
    asking: posted({ apiVersion: 'kubevirt.io/v1' }),
    status: 400,
    body: naming(failure(400, 'BadRequest', `Object 'kind' is missing`), ['kind']),
  },
  {
    name: 'another namespace',
    path: vms,
    asking: posted(vm(named('new', 'other'))),
    status: 400,
    body: { details: { causes: [{ field: 'metadata.namespace' }] } },
  },
  {
    name: 'a namespace that is not there',
    path: `${api}/namespaces/nope/virtualmachines`,
    asking: posted(vm(named('new', 'nope'))),
    status: 404,
    body: { reason: 'NotFound' },
  },
  {
    name: 'no namespace',
    path: `${api}/virtualmachines`,
    asking: posted(vm()),
    status: 400,
    body: { details: { causes: [{ field: 'metadata.namespace' }] } },
  },
  {
    name: 'no body',
    path: vms,
    asking: { method: 'POST', headers: json },
    status: 400,
    body: naming(failure(400, 'BadRequest', 'the body of the request is empty'), ['<root>']),
  },
  {
    name: 'a list for a body',
    path: vms,
    asking: { method: 'POST', headers: json, body: '[]' },
    status: 400,
    body: naming(failure(400, 'BadRequest', 'an object is expected, not a list'), ['<root>']),
  },
  {
    name: 'a dry run of half',
    path: `${vms}?dryRun=Half`,
    asking: posted(vm(named('new'))),
    status: 400,
    body: { details: { causes: [{ field: 'dryRun' }] } },
  },
  {
    name: 'a form',
    path: vms,
    asking: { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=b' },
    status: 415,
    body: { reason: 'UnsupportedMediaType', details: { causes: [{ field: 'Content-Type' }] } },
  },
  {
    name: 'compressed',
    path: vms,
    asking: { method: 'POST', headers: { ...json, 'content-encoding': 'gzip' }, body: 'x' },
    status: 415,
    body: { reason: 'UnsupportedMediaType' },
  },
  {
    name: 'a secret with text',
    path: '/api/v1/namespaces/default/secrets?dryRun=All',
    asking: posted({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { password: 'geheim' } }),
    status: 201,
    body: { data: { password: 'Z2VoZWlt' }, type: 'Opaque' },
    absent: ['stringData'],
  },
];
