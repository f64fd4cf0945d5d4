// Owns devices of this computer while they are chosen: rows, what is wrong with them, and what they are in a definition.
// Must not know what there is; the core tells.
import { isLabelName } from './object-name.ts';

export interface HostDeviceDraft {
  /** Tells rows apart while they are edited. */
  readonly key: number;
  readonly name: string;
  readonly resourceName: string;
  readonly isGpu: boolean;
  /** Empty: any of the resource. */
  readonly address: string;
  readonly primaryGpu: boolean;
  readonly romBar: boolean;
  readonly romFile: string;
  readonly optional: boolean;
}

/** All that is chosen of devices for one machine. */
export interface HostDeviceChoice {
  readonly rows: readonly HostDeviceDraft[];
  readonly hideHypervisor: boolean;
  /** What the processor tells of its hypervisor in the place of KVM's name. Empty: nothing else. */
  readonly vendorId: string;
}

export const noHostDeviceChoice: HostDeviceChoice = { rows: [], hideHypervisor: false, vendorId: '' };

interface Entry {
  readonly name: string;
  readonly deviceName?: string;
}

/** Where the rows stand in a definition. `options` is the text of the annotation. */
export interface WrittenDevices {
  readonly gpus: readonly Entry[];
  readonly hostDevices: readonly Entry[];
  readonly options: string;
}

interface Option {
  readonly address?: string;
  readonly optional?: boolean;
  readonly romBar?: boolean;
  readonly romFile?: string;
  readonly primaryGpu?: boolean;
}

export function hostDeviceDrafts({ gpus, hostDevices, options }: WrittenDevices): readonly HostDeviceDraft[] {
  const known = parsed(options);
  const rows = [...gpus.map((entry) => ({ ...entry, isGpu: true })), ...hostDevices.map((entry) => ({ ...entry, isGpu: false }))];
  return rows.map(({ name, deviceName = '', isGpu }, key) => {
    const { address = '', primaryGpu = false, romBar = true, romFile = '', optional = false } = known[name] ?? {};
    return { key, name, resourceName: deviceName, isGpu, address, primaryGpu, romBar, romFile, optional };
  });
}

/** A new row of a resource, named after it: `hostdevices1`, `gpu1`. */
export function addedDevice(rows: readonly HostDeviceDraft[], resourceName: string, isGpu: boolean): HostDeviceDraft {
  const stem = isGpu ? 'gpu' : 'hostdevices';
  const names = new Set(rows.map(({ name }) => name));
  let number = 1;
  while (names.has(`${stem}${number}`)) number += 1;
  const key = Math.max(-1, ...rows.map((row) => row.key)) + 1;
  return { key, name: `${stem}${number}`, resourceName, isGpu, address: '', primaryGpu: false, romBar: true, romFile: '', optional: false };
}

/** Key under `passthrough:invalid`. */
export function devicesProblem({ rows, vendorId }: HostDeviceChoice): 'name' | 'twice' | 'resource' | 'romFile' | 'vendorId' | undefined {
  // Twelve bytes of CPUID; a comma would start another flag of the processor.
  if (vendorId !== '' && !/^[ -+--~]{1,12}$/.test(vendorId)) return 'vendorId';
  if (rows.some(({ resourceName }) => resourceName === '')) return 'resource';
  if (rows.some(({ name }) => !isLabelName(name))) return 'name';
  if (new Set(rows.map(({ name }) => name)).size < rows.length) return 'twice';
  return rows.some(({ romFile }) => romFile !== '' && !romFile.startsWith('/')) ? 'romFile' : undefined;
}

/** What nobody changed is not written. */
export function writtenDevices(rows: readonly HostDeviceDraft[]): WrittenDevices {
  const entries = (isGpu: boolean): readonly Entry[] =>
    rows.filter((row) => row.isGpu === isGpu).map(({ name, resourceName }) => ({ name, deviceName: resourceName }));
  const options = rows.flatMap((row): readonly (readonly [string, Option])[] => {
    const option = optionOf(row);
    return Object.keys(option).length === 0 ? [] : [[row.name, option]];
  });
  return {
    gpus: entries(true),
    hostDevices: entries(false),
    options: options.length === 0 ? '' : JSON.stringify(Object.fromEntries(options)),
  };
}

function optionOf({ address, primaryGpu, romBar, romFile, optional }: HostDeviceDraft): Option {
  return {
    ...(address === '' ? {} : { address }),
    ...(primaryGpu ? { primaryGpu } : {}),
    ...(romBar ? {} : { romBar }),
    ...(romFile === '' ? {} : { romFile }),
    ...(optional ? { optional } : {}),
  };
}

function parsed(text: string): Readonly<Record<string, Option>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, Option>>) : {};
  } catch {
    // None, or written by hand and wrong: the start check says so.
    return {};
  }
}

/** The machine's screen is plugged into the card: firmware draws on it, and drivers for screens of one's own are told of no hypervisor. */
export function asScreen(choice: HostDeviceChoice, key: number): HostDeviceChoice {
  const rows = choice.rows.map((row) => ({ ...row, primaryGpu: row.key === key }));
  return { ...choice, rows, hideHypervisor: true };
}

/** The machine computes with the card, and shows its emulated screen. */
export function forComputing(choice: HostDeviceChoice, key: number): HostDeviceChoice {
  const rows = choice.rows.map((row) => (row.key === key ? { ...row, primaryGpu: false } : row));
  return { ...choice, rows, hideHypervisor: choice.hideHypervisor && rows.some(({ primaryGpu }) => primaryGpu) };
}
