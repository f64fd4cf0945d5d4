// Owns what is asked of a QEMU binary over QMP, the shape of the recorded answers, and what is read from them.
// Must not talk to QEMU: host records the conversation, and a recording kept in a file is as good.
import type { Json, JsonObject } from '../../api/object.ts';
import { featureName, isFeature } from '../cpu/feature-names.ts';
import { closestModel, type CpuDefinition, type HostModel } from '../cpu/host-model.ts';
import type { CpuModel, MachineType, QemuCapabilities } from '../facts.ts';
import type { QmpCommand } from './launch-plan.ts';
import { objectsIn } from './objects-in.ts';

/** Asked once for each accelerator of `qemu-system-x86_64 -machine none -nodefaults -display none -accel …`. */
export const probeCommands: readonly QmpCommand[] = [
  { execute: 'query-version' },
  { execute: 'query-kvm' },
  { execute: 'query-machines' },
  { execute: 'query-cpu-definitions' },
  // `max` is every feature that the accelerator can give; the keys are every feature that QEMU knows.
  { execute: 'query-cpu-model-expansion', arguments: { type: 'full', model: { name: 'max' } } },
  { execute: 'qom-list-types', arguments: { implements: 'device', abstract: false } },
  { execute: 'qom-list-types', arguments: { implements: 'user-creatable', abstract: false } },
  { execute: 'query-commands' },
];

/** No model of a processor that is made: `max` and `host` are what there is, `base` is nothing. */
const openModels: readonly string[] = ['max', 'host', 'base'];

/** Asked after them, under emulation, where the vendor of a model is its own: what each model consists of. */
export function definitionCommands(replies: QmpReplies): readonly QmpCommand[] {
  return objectsIn(replies['query-cpu-definitions'])
    .map(({ name }) => text(name))
    .filter((name) => !openModels.includes(name) && !isVersion(name))
    .map(definitionCommand);
}

/** A reply to one of them is kept short: of 400 switches those that are on, and the vendor. */
export function definitionReply(reply: Json): Json {
  const { name, props } = object(object(reply).model);
  const kept = Object.entries(object(props)).filter(([key, value]) => (value === true && isFeature(key)) || key === 'vendor');
  return { model: { name: text(name), props: Object.fromEntries(kept) } };
}

function definitionCommand(name: string): QmpCommand {
  return { execute: 'query-cpu-model-expansion', arguments: { type: 'full', model: { name } } };
}

/** `Haswell-v2`: the older and newer tellings of one model. The name without is the one that QEMU gives today. */
function isVersion(name: string): boolean {
  return /-v\d+$/.test(name);
}

/** Answers (`return` of the reply) by `recordingKey` of the command. A command that failed is absent. */
export type QmpReplies = Readonly<Record<string, Json>>;

/** A recorded QMP conversation with one binary, as it is kept in a JSON file. */
export interface QmpRecording {
  readonly binary: string;
  readonly tcg: QmpReplies;
  /** Absent when QEMU did not start with `-accel kvm`. */
  readonly kvm?: QmpReplies;
}

/** `query-version`, or `qom-list-types {"implements":"device","abstract":false}`. */
export function recordingKey({ execute, arguments: asked }: QmpCommand): string {
  return asked === undefined ? execute : `${execute} ${JSON.stringify(asked)}`;
}

/** Reads a recording. What is missing or odd in it is simply not a capability. */
export function capabilities({ binary, tcg, kvm = {} }: QmpRecording): QemuCapabilities {
  const version = object(object(tcg['query-version']).qemu);
  const definitions = cpuDefinitions(tcg);
  return {
    binary,
    version: {
      major: number(version.major),
      minor: number(version.minor),
      micro: number(version.micro),
      package: text(object(tcg['query-version']).package),
    },
    machines: objectsIn(tcg['query-machines']).map(machineType),
    cpuModels: { tcg: cpuModels(tcg), kvm: cpuModels(kvm) },
    cpuFeatures: { tcg: cpuFeatures(tcg), kvm: cpuFeatures(kvm) },
    hostModel: {
      // What emulation can do depends on QEMU alone: its `max` is a model like any other, the closest by definition.
      tcg: { name: 'max', added: [], removed: [] },
      ...withHostModel(kvm, definitions),
    },
    types: new Set([...typeNames(tcg, 'device'), ...typeNames(tcg, 'user-creatable')]),
    commands: new Set(objectsIn(tcg['query-commands']).map(({ name }) => text(name))),
  };
}

function machineType(row: JsonObject): MachineType {
  return {
    name: text(row.name),
    ...(typeof row.alias === 'string' ? { alias: row.alias } : {}),
    cpuMax: typeof row['cpu-max'] === 'number' ? row['cpu-max'] : 1,
    deprecated: row.deprecated === true,
  };
}

function cpuModels(replies: QmpReplies): readonly CpuModel[] {
  return objectsIn(replies['query-cpu-definitions']).map((row) => ({
    name: text(row.name),
    // Without the list QEMU does not know; a model that may not run is better refused by QEMU than by us.
    unavailableFeatures: Array.isArray(row['unavailable-features']) ? row['unavailable-features'].map(text) : [],
    deprecated: row.deprecated === true,
  }));
}

function cpuFeatures(replies: QmpReplies): ReadonlyMap<string, boolean> {
  const properties = Object.entries(maximum(replies));
  return new Map(properties.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean' && isFeature(entry[0])));
}

function maximum(replies: QmpReplies): JsonObject {
  return object(object(object(replies[recordingKey(definitionCommand('max'))]).model).props);
}

function featuresOn(properties: JsonObject): ReadonlySet<string> {
  return new Set(Object.entries(properties).flatMap(([name, value]) => (value === true && isFeature(name) ? [featureName(name)] : [])));
}

function cpuDefinitions(replies: QmpReplies): readonly CpuDefinition[] {
  return objectsIn(replies['query-cpu-definitions']).flatMap((row) => {
    const name = text(row.name);
    const reply = replies[recordingKey(definitionCommand(name))];
    if (reply === undefined || openModels.includes(name) || row.deprecated === true) return [];
    const properties = object(object(object(reply).model).props);
    return [{ name, vendor: text(properties.vendor), features: featuresOn(properties) }];
  });
}

function withHostModel(kvm: QmpReplies, definitions: readonly CpuDefinition[]): { readonly kvm?: HostModel } {
  const properties = maximum(kvm);
  if (properties.vendor === undefined) return {};
  const model = closestModel({ vendor: text(properties.vendor), features: featuresOn(properties) }, definitions);
  return model === undefined ? {} : { kvm: model };
}

function typeNames(replies: QmpReplies, implemented: string): readonly string[] {
  const key = recordingKey({ execute: 'qom-list-types', arguments: { implements: implemented, abstract: false } });
  return objectsIn(replies[key]).map(({ name }) => text(name));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function number(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}
