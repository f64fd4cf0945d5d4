// Owns a machine of OpenShift's chapter 8.14 as it is printed, with what the chapter leaves out, so that it boots.
// Must not change what is printed, but for names that stand for others.
import type { DraftObject, Json } from '../../electron/api/object.ts';
import { mergePatch } from '../../electron/server/merge-patch.ts';
import { type Manifest, manifests } from '../server/chapter-manifests.ts';
import { type GuestMachine, guestMachine } from './guest-machine.ts';

type Printed = Manifest & { readonly spec?: { readonly template?: { readonly spec?: { readonly domain?: Domain } } } };
interface Domain {
  readonly devices?: { readonly watchdog?: object; readonly disks?: readonly { readonly name: string }[] };
}

/** 8.14.5 */
export function printedSecureBoot(): Printed | undefined {
  return (manifests as readonly Printed[]).find(({ metadata }) => metadata?.name === 'vm-secureboot');
}

/** 8.14.12 */
export function printedWatchdog(): Printed | undefined {
  return (manifests as readonly Printed[]).find(({ spec }) => spec?.template?.spec?.domain?.devices?.watchdog !== undefined);
}

/** Wherever both say something, what is printed holds. */
export function printedMachine(printed: Printed, name: string, { disk = '', ...guest }: GuestMachine): DraftObject {
  const names = printed.spec?.template?.spec?.domain?.devices?.disks?.map((each) => each.name) ?? ['disk'];
  const volumes = names.map((each) => ({ name: each, hostDisk: { path: disk, type: 'Disk' } }));
  const left = guestMachine(name, { disk, ...guest, spec: { ...guest.spec, volumes } });
  const { running: _, ...spec } = printed.spec as { readonly running?: boolean };
  const patch = { ...printed, metadata: { ...printed.metadata, name }, spec: { ...spec, runStrategy: null, running: true } };
  return mergePatch(left as Json, patch) as unknown as DraftObject;
}
