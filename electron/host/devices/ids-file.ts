// Owns names of vendors, devices and classes from the system's pci.ids and usb.ids, and kernel modules from modules.alias.
// Must not carry a list of its own: what the system does not know has no name.
import { readFile } from 'node:fs/promises';
import { fileKey } from '../cache.ts';
import type { Sysfs } from './sysfs.ts';

export interface IdNames {
  vendor(vendor: string): string | undefined;
  device(vendor: string, device: string): string | undefined;
  subsystem(vendor: string, device: string, subsystem: string): string | undefined;
  /** Six digits, or four. */
  class(code: string): string | undefined;
}

/** Keys are the indented path of ids: `10de`, `10de 1eb8`, `10de 1eb8 10de 12a2`, `C 03`, `C 03 00`. */
export function parseIds(text: string): IdNames {
  const names = new Map<string, string>();
  let first = '';
  let second = '';
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const depth = line.startsWith('\t\t') ? 2 : line.startsWith('\t') ? 1 : 0;
    const split = line.indexOf('  ', depth);
    if (split < 0) continue;
    const id = line.slice(depth, split).toLowerCase();
    const key = depth === 0 ? id : depth === 1 ? `${first} ${id}` : `${second} ${id}`;
    if (depth === 0) first = id;
    if (depth === 1) second = key;
    names.set(key, line.slice(split + 2));
  }
  return {
    vendor: (vendor) => names.get(vendor),
    device: (vendor, device) => names.get(`${vendor} ${device}`),
    subsystem: (vendor, device, subsystem) => names.get(`${vendor} ${device} ${subsystem}`),
    class: (code) => names.get(`c ${code.slice(0, 2)} ${code.slice(2, 4)}`) ?? names.get(`c ${code.slice(0, 2)}`),
  };
}

const places = ['/usr/share/hwdata', '/usr/share/misc', '/usr/share', '/var/lib/pciutils'];

export interface NameBooks {
  pci(): Promise<IdNames>;
  usb(): Promise<IdNames>;
  /** Modules for a modalias, best first as the kernel's own file orders them. */
  modules(modalias: string): Promise<readonly string[]>;
}

/** Read once, and again when the file is another one. */
export function createNameBooks(sysfs: Sysfs): NameBooks {
  const ids = (name: string): (() => Promise<IdNames>) => {
    const cached = cachedFile(parseIds);
    return async () => {
      for (const place of places) if (await sysfs.has(`${place}/${name}`)) return cached(sysfs.outside(`${place}/${name}`));
      return parseIds('');
    };
  };
  const aliases = cachedFile(parseAliases);
  return {
    pci: ids('pci.ids'),
    usb: ids('usb.ids'),
    async modules(modalias) {
      const release = await sysfs.text('/proc/sys/kernel/osrelease');
      for (const base of ['/lib/modules', '/usr/lib/modules']) {
        const file = `${base}/${release ?? ''}/modules.alias`;
        if (await sysfs.has(file)) return (await aliases(sysfs.outside(file)))(modalias);
      }
      return [];
    },
  };
}

function cachedFile<T>(parse: (text: string) => T): (file: string) => Promise<T> {
  let known: { readonly key: string; readonly value: Promise<T> } | undefined;
  return async (file) => {
    const key = `${file} ${await fileKey(file)}`;
    if (known?.key !== key) known = { key, value: readFile(file, 'utf8').then(parse) };
    return known.value;
  };
}

/** `alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e`, many thousand of them: kept by vendor, and matched only when asked. */
function parseAliases(text: string): (modalias: string) => readonly string[] {
  const byVendor = new Map<string, (readonly [pattern: string, module: string])[]>();
  for (const line of text.split('\n')) {
    const [, pattern, module] = /^alias (pci:\S+) (\S+)$/.exec(line) ?? [];
    if (pattern === undefined || module === undefined) continue;
    const vendor = vendorOf(pattern);
    byVendor.set(vendor, [...(byVendor.get(vendor) ?? []), [pattern, module]]);
  }
  return (modalias) => {
    const rows = [...(byVendor.get(vendorOf(modalias)) ?? []), ...(byVendor.get('') ?? [])];
    return [...new Set(rows.filter(([pattern]) => fits(pattern, modalias)).map(([, module]) => module.replaceAll('-', '_')))];
  };
}

function vendorOf(alias: string): string {
  return /^pci:v([0-9A-F]{8})/.exec(alias)?.[1] ?? '';
}

function fits(pattern: string, modalias: string): boolean {
  const source = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${source.join('.*')}$`).test(modalias);
}
