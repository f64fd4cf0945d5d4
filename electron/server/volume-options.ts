// Owns the bodies of addvolume, removevolume and memorydump, as virtctl and KubeVirt's clients send them.
// Must not judge them beyond shape; the engine does.
import { AppError, type Cause } from '../api/errors.ts';
import type { Json, JsonObject, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { decode } from '../api/schema.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts } from './exchange.ts';
import { isObject } from './json-value.ts';
import { listIn } from './objects-delete.ts';
import { isDryRun } from './query.ts';
import { managerOf } from './write-request.ts';

type VolumeRequest = Parameters<Parts['engine']['changeVolumes']>[1];
export type VolumePlural = 'virtualmachines' | 'virtualmachineinstances';

export async function changeVolumes(
  parts: Parts,
  exchange: Exchange,
  { plural, verb }: { readonly plural: VolumePlural; readonly verb: 'addvolume' | 'removevolume' },
): Promise<Response> {
  const { namespace = '', name = '' } = exchange.params;
  const resource = plural === 'virtualmachines' ? resources.virtualMachines : resources.virtualMachineInstances;
  const key: ObjectKey = { resource, namespace, name };
  const value = (await readBody(exchange.request))?.value;
  if (value === undefined) throw new AppError('BadRequest', 'Request with no body, a new name is expected as the request body');
  const given = isObject(value) ? withoutType(value) : {};
  const dryRun = isDryRun([...exchange.query.getAll('dryRun'), ...listIn(given['dryRun'])]);
  await parts.engine.changeVolumes(key, verb === 'addvolume' ? added(parts, given) : removed(parts, given), {
    dryRun,
    manager: managerOf(exchange),
  });
  return new Response(null, { status: 202 });
}

function added(parts: Parts, given: JsonObject): VolumeRequest {
  const { name, disk, volumeSource } = given;
  if (typeof name !== 'string' || name === '') throw new AppError('BadRequest', 'AddVolumeOptions requires name to be set');
  if (!isObject(disk ?? null)) throw new AppError('BadRequest', 'AddVolumeOptions requires disk to not be nil');
  if (!isObject(volumeSource ?? null)) throw new AppError('BadRequest', 'AddVolumeOptions requires VolumeSource to not be nil');
  // The request's name is the disk's, whatever stands in the disk.
  const complete = { ...given, disk: { ...(disk as JsonObject), name } };
  check(parts, 'V1AddVolumeOptions', complete);
  const sources = Object.keys(volumeSource as JsonObject);
  if (sources.length !== 1) throw new AppError('BadRequest', 'AddVolumeOptions requires one of dataVolume and persistentVolumeClaim');
  const { disk: checked, volumeSource: source } = complete as unknown as {
    readonly disk: Extract<VolumeRequest, { type: 'add' }>['disk'];
    readonly volumeSource: Extract<VolumeRequest, { type: 'add' }>['source'];
  };
  return { type: 'add', name, disk: checked, source };
}

function removed(parts: Parts, given: JsonObject): VolumeRequest {
  const { name } = given;
  if (typeof name !== 'string' || name === '') throw new AppError('BadRequest', 'RemoveVolumeOptions requires name to be set');
  check(parts, 'V1RemoveVolumeOptions', given);
  return { type: 'remove', name };
}

export async function requestMemoryDump({ engine }: Parts, exchange: Exchange): Promise<Response> {
  const value = (await readBody(exchange.request))?.value;
  const given = isObject(value ?? null) ? withoutType(value as JsonObject) : {};
  const unknown = Object.keys(given).find((field) => !['claimName', 'phase', 'startTimestamp', 'endTimestamp'].includes(field));
  if (unknown !== undefined) throw new AppError('BadRequest', `strict decoding error: unknown field ${JSON.stringify(unknown)}`);
  const { claimName = '' } = given;
  if (typeof claimName !== 'string') throw new AppError('BadRequest', 'claimName must be text');
  await engine.requestMemoryDump(machineKey(exchange), claimName);
  return new Response(null, { status: 202 });
}

export async function removeMemoryDump({ engine }: Parts, exchange: Exchange): Promise<Response> {
  await engine.removeMemoryDump(machineKey(exchange));
  return new Response(null, { status: 202 });
}

function machineKey({ params: { namespace = '', name = '' } }: Exchange): ObjectKey {
  return { resource: resources.virtualMachines, namespace, name };
}

function check({ schemas }: Parts, definition: string, value: Json): void {
  const causes: readonly Cause[] = decode(schemas, definition, value);
  if (causes.length === 0) return;
  throw new AppError('BadRequest', `strict decoding error: ${causes.map(({ message }) => message).join(', ')}`, { causes });
}

function withoutType({ apiVersion: _apiVersion, kind: _kind, ...rest }: JsonObject): JsonObject {
  return rest;
}
