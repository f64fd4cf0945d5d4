// Owns reading the annotation that says more of a device than KubeVirt's field can: which one, its ROM, whether it is the first screen.
// Must not look at devices.
import { annotations as names } from '../../api/annotations.ts';
import type { Cause } from '../../api/errors.ts';

export interface HostDeviceOption {
  /** PCI address, USB port or uuid: this one and no other. */
  readonly address?: string;
  /** The machine starts without it when it is not there. */
  readonly optional?: boolean;
  /** `false` hides the card's own ROM. */
  readonly romBar?: boolean;
  /** Absolute path of a file that is read in the place of the card's ROM. */
  readonly romFile?: string;
  /** It is the screen that firmware and boot loader draw on. */
  readonly primaryGpu?: boolean;
}

const fields: Readonly<Record<keyof HostDeviceOption, 'string' | 'boolean'>> = {
  address: 'string',
  optional: 'boolean',
  romBar: 'boolean',
  romFile: 'string',
  primaryGpu: 'boolean',
};

/** By name of the entry in `gpus` or `hostDevices`. */
export interface HostDeviceOptions {
  readonly options: Readonly<Record<string, HostDeviceOption>>;
  readonly causes: readonly Cause[];
}

const example = '{"gpu1":{"address":"0000:01:00.0","primaryGpu":true}}';

export function hostDeviceOptions(annotations: Readonly<Record<string, string>> | undefined): HostDeviceOptions {
  const text = annotations?.[names.hostDeviceOptions];
  if (text === undefined) return { options: {}, causes: [] };
  const value = parsed(text);
  if (!isRecord(value)) return { options: {}, causes: [refusal('is no JSON object')] };
  const causes = Object.entries(value).flatMap(([name, option]) => optionFaults(name, option));
  return causes.length > 0 ? { options: {}, causes } : { options: value as Readonly<Record<string, HostDeviceOption>>, causes: [] };
}

function optionFaults(name: string, option: unknown): readonly Cause[] {
  if (!isRecord(option)) return [refusal(`has no object for ${name}`)];
  return Object.entries(option).flatMap(([field, value]) => {
    const type = (fields as Readonly<Record<string, string>>)[field];
    if (type === undefined) return [refusal(`has ${name}.${field}, which is none of ${Object.keys(fields).join(', ')}`)];
    if (typeof value !== type) return [refusal(`has a ${name}.${field} that is no ${type}`)];
    return field === 'romFile' && !String(value).startsWith('/') ? [refusal(`has a ${name}.romFile that is no absolute path`)] : [];
  });
}

function refusal(what: string): Cause {
  return {
    reason: 'FieldValueInvalid',
    field: `metadata.annotations[${names.hostDeviceOptions}]`,
    message: `The annotation ${names.hostDeviceOptions} ${what}.`,
    fix: `Write it as ${example}.`,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
