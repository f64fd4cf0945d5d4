// Owns devices of this computer while they are chosen: rows, what is wrong with them, and what they are in a definition.
// Must not know what there is; the core tells.

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
  // A card that is to be used with a screen of its own is drawn on from the beginning.
  return { key, name: `${stem}${number}`, resourceName, isGpu, address: '', primaryGpu: false, romBar: true, romFile: '', optional: false };
}

/** Key under `passthrough:invalid`. */
export function devicesProblem(rows: readonly HostDeviceDraft[]): 'name' | 'twice' | 'resource' | 'romFile' | undefined {
  if (rows.some(({ resourceName }) => resourceName === '')) return 'resource';
  if (rows.some(({ name }) => !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name))) return 'name';
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
