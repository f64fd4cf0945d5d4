// Owns what is asked of a QEMU binary over QMP, the shape of the recorded answers, and what is read from them.
// Must not talk to QEMU: host records the conversation, and a recording kept in a file is as good.
import type { Json, JsonObject } from '../../api/object.ts';
import type { CpuModel, MachineType, QemuCapabilities } from '../facts.ts';
import type { QmpCommand } from './launch-plan.ts';

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
  return {
    binary,
    version: {
      major: number(version.major),
      minor: number(version.minor),
      micro: number(version.micro),
      package: text(object(tcg['query-version']).package),
    },
    machines: objects(tcg['query-machines']).map(machineType),
    cpuModels: { tcg: cpuModels(tcg), kvm: cpuModels(kvm) },
    cpuFeatures: { tcg: cpuFeatures(tcg), kvm: cpuFeatures(kvm) },
    types: new Set([...typeNames(tcg, 'device'), ...typeNames(tcg, 'user-creatable')]),
    commands: new Set(objects(tcg['query-commands']).map(({ name }) => text(name))),
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
  return objects(replies['query-cpu-definitions']).map((row) => ({
    name: text(row.name),
    // Without the list QEMU does not know; a model that may not run is better refused by QEMU than by us.
    unavailableFeatures: Array.isArray(row['unavailable-features']) ? row['unavailable-features'].map(text) : [],
    deprecated: row.deprecated === true,
  }));
}

// Switches of QEMU's CPU object that are not bits of the CPU: forcing them would change what `-cpu` itself does.
const notFeatures =
  /^(check|enforce|migratable|kvm|hv-.*|x-.*|kvm-pv-enforce-cpuid|fill-mtrr-mask|full-cpuid-auto-level|host-.*|hotplugg.*|realized|start-powered-off|tcg-cpuid|l3-cache|legacy-cache|vmware-cpuid-freq|cpuid-0xb|lmce)$/;

function cpuFeatures(replies: QmpReplies): ReadonlyMap<string, boolean> {
  const [, expansion] = Object.entries(replies).find(([key]) => key.startsWith('query-cpu-model-expansion')) ?? [];
  const properties = Object.entries(object(object(object(expansion).model).props));
  return new Map(properties.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean' && !notFeatures.test(entry[0])));
}

function typeNames(replies: QmpReplies, implemented: string): readonly string[] {
  const key = recordingKey({ execute: 'qom-list-types', arguments: { implements: implemented, abstract: false } });
  return objects(replies[key]).map(({ name }) => text(name));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

function objects(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.map(object) : [];
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function number(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}
