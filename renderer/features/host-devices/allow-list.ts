// Owns HyperConverged.spec.permittedHostDevices while it is edited: its entries as rows, a row as a draft, and the patch of each edit.
// Must not judge; the core refuses what is wrong, and says at which field.
import type { Cause } from '../../../electron/api/errors.ts';
import type { MdevType, PciDevice, UsbDevice } from '../../../electron/api/host-devices.ts';
import type { JsonPatchOperation } from '../../../electron/api/json-patch.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import type { JsonObject } from '../../../electron/api/object.ts';
import { suggestedResource } from './resource-name.ts';

/** `usb` is KubeVirt's own name of `usbHostDevices`: what stands there stays there. */
const allowLists = ['pciHostDevices', 'mediatedDevices', 'usbHostDevices', 'usb'] as const;
export type AllowList = (typeof allowLists)[number];

export interface AllowDraft {
  readonly list: AllowList;
  /** `10DE:1EB8`; the name of a type of mediated devices; of USB several, with commas: a machine gets one of each. */
  readonly selector: string;
  readonly resourceName: string;
  readonly externalResourceProvider: boolean;
}

export interface AllowedRow extends AllowDraft {
  readonly index: number;
}

export function allowedRows(permitted: PermittedHostDevices = {}): readonly AllowedRow[] {
  const { pciHostDevices = [], mediatedDevices = [] } = permitted;
  const usb = (['usbHostDevices', 'usb'] as const).flatMap((list) =>
    (permitted[list] ?? []).map(({ selectors = [], ...entry }, index) =>
      rowOf(list, index, { ...entry, selector: selectors.map(({ vendor, product }) => `${vendor}:${product}`).join(', ') }),
    ),
  );
  return [
    ...pciHostDevices.map((entry, index) => rowOf('pciHostDevices', index, { ...entry, selector: entry.pciDeviceSelector })),
    ...mediatedDevices.map((entry, index) => rowOf('mediatedDevices', index, { ...entry, selector: entry.mdevNameSelector })),
    ...usb,
  ];
}

interface Read {
  readonly selector: string;
  readonly resourceName: string;
  readonly externalResourceProvider?: boolean;
}

function rowOf(list: AllowList, index: number, { selector, resourceName, externalResourceProvider = false }: Read): AllowedRow {
  return { list, index, selector, resourceName, externalResourceProvider };
}

// ---------------------------------------------------------------- a device as a draft

export function pciDraft({ vendorId, deviceId, names }: Pick<PciDevice, 'vendorId' | 'deviceId' | 'names'>): AllowDraft {
  return {
    list: 'pciHostDevices',
    // As the documentation writes it.
    selector: `${vendorId}:${deviceId}`.toUpperCase(),
    resourceName: suggestedResource({ vendorId, deviceId, vendor: names.vendor, device: names.device }),
    externalResourceProvider: false,
  };
}

export function usbDraft({ vendorId, productId, names }: Pick<UsbDevice, 'vendorId' | 'productId' | 'names'>): AllowDraft {
  return {
    list: 'usbHostDevices',
    selector: `${vendorId}:${productId}`,
    resourceName: suggestedResource({ vendorId, deviceId: productId, vendor: names.vendor, device: names.product }),
    externalResourceProvider: false,
  };
}

/** `card`: what it is a part of; the kernel's own samples are part of none. */
export function mdevDraft({ id, name = id }: Pick<MdevType, 'id' | 'name'>, card?: PciDevice): AllowDraft {
  const { vendorId = '', deviceId = '', names = {} } = card ?? {};
  return {
    list: 'mediatedDevices',
    selector: name,
    resourceName: suggestedResource({ vendorId, deviceId, vendor: names.vendor, device: name }),
    externalResourceProvider: false,
  };
}

/** A device's ids may be written large or small. */
export function rowFor(rows: readonly AllowedRow[], { list, selector }: AllowDraft): AllowedRow | undefined {
  const isUsb = (name: AllowList): boolean => name === 'usb' || name === 'usbHostDevices';
  const wanted = selector.toLowerCase();
  return rows.find((row) => (row.list === list || (isUsb(row.list) && isUsb(list))) && row.selector.toLowerCase() === wanted);
}

// ---------------------------------------------------------------- patches

/** In the place of `row`, or at the end of its list. Refused by the core when the list is not the one that was seen. */
export function allowPatch(
  permitted: PermittedHostDevices | undefined,
  draft: AllowDraft,
  row?: AllowedRow,
): readonly JsonPatchOperation[] {
  const entries = entriesOf(permitted, draft.list);
  const old = row?.list === draft.list ? entries[row.index] : undefined;
  const entry = entryOf(draft, old);
  const next = old === undefined ? [...entries, entry] : entries.map((one, index) => (index === row?.index ? entry : one));
  const moved = row === undefined || row.list === draft.list ? {} : { [row.list]: without(permitted, row) };
  return patchOf(permitted, { ...moved, [draft.list]: next });
}

export function forbidPatch(permitted: PermittedHostDevices, row: AllowedRow): readonly JsonPatchOperation[] {
  return patchOf(permitted, { [row.list]: without(permitted, row) });
}

/** Where the core will find the draft. */
export function draftField(permitted: PermittedHostDevices | undefined, draft: AllowDraft, row?: AllowedRow): string {
  const index = row?.list === draft.list ? row.index : entriesOf(permitted, draft.list).length;
  return `spec.permittedHostDevices.${draft.list}[${index}]`;
}

export interface DraftFaults {
  readonly resourceName: readonly Cause[];
  readonly selector: readonly Cause[];
  /** Of other entries, or of no field. */
  readonly others: readonly Cause[];
}

export function draftFaults(causes: readonly Cause[], field: string): DraftFaults {
  const own = causes.filter((cause) => cause.field.startsWith(`${field}.`));
  const isName = (cause: Cause): boolean => cause.field === `${field}.resourceName`;
  return {
    resourceName: own.filter(isName),
    selector: own.filter((cause) => !isName(cause)),
    others: causes.filter((cause) => !own.includes(cause)),
  };
}

function entriesOf(permitted: PermittedHostDevices | undefined, list: AllowList): readonly JsonObject[] {
  return permitted?.[list] ?? [];
}

function without(permitted: PermittedHostDevices | undefined, row: AllowedRow): readonly JsonObject[] {
  return entriesOf(permitted, row.list).filter((_entry, index) => index !== row.index);
}

function patchOf(
  permitted: PermittedHostDevices | undefined,
  changed: Readonly<Record<string, readonly JsonObject[]>>,
): readonly JsonPatchOperation[] {
  const path = '/spec/permittedHostDevices';
  const old = permitted as unknown as JsonObject | undefined;
  // A list without entries says nothing: it goes.
  const lists = Object.entries({ ...old, ...changed }).filter(([, list]) => Array.isArray(list) && list.length > 0);
  const test: readonly JsonPatchOperation[] = old === undefined ? [] : [{ op: 'test', path, value: old }];
  return [...test, { op: 'add', path, value: Object.fromEntries(lists) }];
}

function entryOf(draft: AllowDraft, old: JsonObject | undefined): JsonObject {
  const { externalResourceProvider: _before, ...kept } = { ...old };
  return {
    ...kept,
    ...selectorOf(draft),
    resourceName: draft.resourceName.trim(),
    ...(draft.externalResourceProvider ? { externalResourceProvider: true } : {}),
  };
}

function selectorOf({ list, selector }: AllowDraft): JsonObject {
  switch (list) {
    case 'pciHostDevices':
      return { pciDeviceSelector: selector.trim() };
    case 'mediatedDevices':
      return { mdevNameSelector: selector.trim() };
    case 'usbHostDevices':
    case 'usb':
      return { selectors: selector.split(',').map(usbSelector) };
  }
}

/** All of it is sent, so that the core refuses what is too much. */
function usbSelector(text: string): JsonObject {
  const [vendor = '', ...product] = text.trim().split(':');
  return { vendor, product: product.join(':') };
}
