// Owns KubeVirt's subresources: start, stop, restart, pause, …, the guest agent's answers and the screenshot.
// Must not say when an action is allowed; the engine asks the lifecycle table.
import { AppError } from '../api/errors.ts';
import type { Json, JsonObject, ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { consoleNames, type MachineVerb, type MachineVerbOptions } from '../api/verbs.ts';
import { bytes, json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Handler, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';
import { listIn, wholeIn } from './objects-delete.ts';
import { managerOf } from './write-request.ts';
import { badOption, flag, isDryRun, wholeNumber } from './query.ts';
import { subresourceGroup, subresourceVersions } from './subresource-names.ts';
import { changeVolumes, removeMemoryDump, requestMemoryDump } from './volume-options.ts';
import { startObjects } from './start-objects.ts';

type Plural = 'virtualmachines' | 'virtualmachineinstances';

export interface Subresource {
  readonly plural: Plural;
  readonly name: string;
  readonly method: 'GET' | 'PUT';
  readonly handle: Handler;
}

const machineVerbsOf = {
  virtualmachines: ['start', 'stop', 'restart'],
  virtualmachineinstances: ['pause', 'unpause', 'softreboot', 'reset'],
} as const satisfies Record<Plural, readonly MachineVerb[]>;

/** Consoles are byte channels: an ordinary request learns how to open one. */
export const subresourceTable: readonly Subresource[] = [
  ...machineVerbsOf.virtualmachines.map((verb) => actionOf('virtualmachines', verb)),
  ...machineVerbsOf.virtualmachineinstances.map((verb) => actionOf('virtualmachineinstances', verb)),
  ...(['guestosinfo', 'userlist', 'filesystemlist'] as const).map((name) => ({
    plural: 'virtualmachineinstances' as const,
    name,
    method: 'GET' as const,
    handle: async ({ engine }: Parts, { params }: Exchange) => json(await engine.guestAgent(name, instanceKey(params))),
  })),
  ...consoleNames.map((name) => ({
    plural: 'virtualmachineinstances' as const,
    name,
    method: 'GET' as const,
    handle: streamOnly(name),
  })),
  ...(['virtualmachines', 'virtualmachineinstances'] as const).flatMap((plural) =>
    ['portforward/{port}', 'portforward/{port}/{protocol}'].map((name) => ({
      plural,
      name,
      method: 'GET' as const,
      handle: streamOnly('portforward'),
    })),
  ),
  ...(['virtualmachines', 'virtualmachineinstances'] as const).flatMap((plural) =>
    (['addvolume', 'removevolume'] as const).map((verb) => ({
      plural,
      name: verb,
      method: 'PUT' as const,
      handle: (parts: Parts, exchange: Exchange) => changeVolumes(parts, exchange, { plural, verb }),
    })),
  ),
  { plural: 'virtualmachines', name: 'memorydump', method: 'PUT', handle: requestMemoryDump },
  { plural: 'virtualmachines', name: 'removememorydump', method: 'PUT', handle: removeMemoryDump },
  { plural: 'virtualmachineinstances', name: 'vnc/screenshot', method: 'GET', handle: screenshot },
];

export function subresourceRoutes(): readonly Route[] {
  return subresourceVersions.flatMap((version) =>
    subresourceTable.map(({ plural, name, method, handle }) => ({
      method,
      path: `/apis/${subresourceGroup}/${version}/namespaces/{namespace}/${plural}/{name}/${name}`,
      handle,
    })),
  );
}

export function instanceKey({ namespace = '', name = '' }: Exchange['params']): ObjectKey {
  return { resource: resources.virtualMachineInstances, namespace, name };
}

function streamOnly(name: string): Handler {
  return () => {
    throw new AppError('BadRequest', `${name} is a stream: connect with a WebSocket, protocol plain.kubevirt.io or binary`);
  };
}

function actionOf(plural: Plural, verb: MachineVerb): Subresource {
  return { plural, name: verb, method: 'PUT', handle: (parts, exchange) => act(parts, exchange, { plural, verb }) };
}

interface Action {
  readonly plural: Plural;
  readonly verb: MachineVerb;
}

/** KubeVirt answers 202 and nothing else. A rehearsed start answers with everything that would be checked, also of a machine that runs. */
async function act({ engine, schemas }: Parts, exchange: Exchange, { plural, verb }: Action): Promise<Response> {
  const { namespace = '', name = '' } = exchange.params;
  const resource = plural === 'virtualmachines' ? resources.virtualMachines : resources.virtualMachineInstances;
  const key = { resource, namespace, name };
  const body = (await readBody(exchange.request)) ?? { value: {}, duplicates: [] };
  const options = verbOptions(exchange, verb, body.value);
  if (verb === 'start' && options.dryRun === true) return json(await engine.startCheck(key, startObjects(schemas, body)));
  await engine.act(verb, key, { ...options, manager: managerOf(exchange) });
  return new Response(null, { status: 202 });
}

/** What each verb's options may hold; KubeVirt names the same thing differently for stop and restart. */
const optionFields: Readonly<Record<MachineVerb, readonly string[]>> = {
  start: ['paused', 'dryRun', 'objects', 'discardChanges'],
  stop: ['gracePeriod', 'dryRun'],
  restart: ['gracePeriodSeconds', 'dryRun'],
  pause: ['dryRun'],
  unpause: ['dryRun'],
  softreboot: [],
  reset: [],
};

function verbOptions({ query }: Exchange, verb: MachineVerb, value: Json): MachineVerbOptions {
  if (!isObject(value)) throw badOption('<root>', JSON.stringify(value).slice(0, 40), 'Send an object with options, or nothing.');
  const fields = optionFields[verb];
  const unknown = Object.keys(value).find((field) => field !== 'apiVersion' && field !== 'kind' && !fields.includes(field));
  if (unknown !== undefined) throw unknownOption(unknown, fields);
  const paused = booleanIn(value, 'paused') ?? flag(query, 'paused');
  const discardChanges = booleanIn(value, 'discardChanges');
  const graceName = verb === 'stop' ? 'gracePeriod' : 'gracePeriodSeconds';
  const grace = wholeIn(value, graceName) ?? wholeNumber(query, graceName) ?? wholeNumber(query, 'gracePeriodSeconds');
  const dryRun = isDryRun([...query.getAll('dryRun'), ...listIn(value['dryRun'])]);
  if (!dryRun && value['objects'] !== undefined)
    throw badOption('objects', '…', 'Send objects with dryRun=All alone: nothing of them is stored.');
  return {
    dryRun,
    ...(paused === undefined || verb !== 'start' ? {} : { paused }),
    ...(discardChanges === undefined || verb !== 'start' ? {} : { discardChanges }),
    ...(grace === undefined || (verb !== 'stop' && verb !== 'restart') ? {} : { gracePeriodSeconds: grace }),
  };
}

function booleanIn(options: JsonObject, name: string): boolean | undefined {
  const value = options[name];
  if (value === undefined || value === null || typeof value === 'boolean') return value ?? undefined;
  throw badOption(name, JSON.stringify(value), 'Write true or false.');
}

function unknownOption(field: string, known: readonly string[]): AppError {
  const message = `unknown field ${JSON.stringify(field)}`;
  const fix = known.length === 0 ? 'Send no options.' : `Use ${known.join(' or ')}.`;
  return new AppError('BadRequest', `strict decoding error: ${message}`, { causes: [{ reason: 'UnknownField', field, message, fix }] });
}

async function screenshot({ engine }: Parts, { params }: Exchange): Promise<Response> {
  return bytes(await engine.screenshot(instanceKey(params)), 'image/png');
}
