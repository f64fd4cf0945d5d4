// Owns what stories of devices that come and go need of a running machine: its definition changed, its object and its guest waited for.
// Must not judge anything, nor know a story.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { requestBytes } from '../../../electron/cli/connection.ts';
import type { CoreProcess } from '../../bench/core-process.ts';
import { instancesPath, machinesPath } from '../../bench/machines.ts';
import { deviceRoot } from './device-story.ts';

const patienceMs = 240_000;

export interface NamedDevice {
  readonly name: string;
  readonly deviceName: string;
}

/** Tells on its serial port which cards come and go, drives an `edu` by DMA, and lets go when it is asked. */
export const watchingKernel = new URL('../pci-watch/pci-watch.elf', import.meta.url).pathname;

/** A machine that boots `kernel`, or nothing at all; with a USB controller, and without a screen. */
export function pluggableMachine(name: string, kernel?: string): object {
  const kernelBoot = kernel === undefined ? {} : { 'virtdeck.io/kernel-boot': JSON.stringify({ kernel }) };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: { annotations: kernelBoot },
        spec: {
          terminationGracePeriodSeconds: 0,
          domain: {
            memory: { guest: '64Mi' },
            devices: {
              autoattachGraphicsDevice: false,
              autoattachPodInterface: false,
              inputs: [{ name: 'tablet', type: 'tablet', bus: 'usb' }],
            },
          },
        },
      },
    },
  };
}

export async function setDevices(core: CoreProcess, name: string, hostDevices: readonly NamedDevice[]): Promise<void> {
  const body = { spec: { template: { spec: { domain: { devices: { hostDevices } } } } } };
  await core.request({ method: 'PATCH', path: `${machinesPath}/${name}`, body, contentType: 'application/merge-patch+json' });
}

/** By name: the devices that it has. */
export function heldOf({ metadata }: VirtualMachineInstance): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(metadata.annotations?.['virtdeck.io/host-devices'] ?? '{}') as Readonly<Record<string, readonly string[]>>;
}

export function deviceCondition({ status }: VirtualMachineInstance): { readonly reason?: string; readonly message?: string } | undefined {
  return status?.conditions?.find(({ type }) => type === 'HostDevicesChange');
}

/** The object as soon as it is as wanted; too late, what it was last says more. */
export async function awaitInstance(
  core: CoreProcess,
  name: string,
  isAsWanted: (vmi: VirtualMachineInstance) => boolean,
): Promise<VirtualMachineInstance> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), patienceMs);
  let last: VirtualMachineInstance | undefined;
  try {
    const query = `?watch=true&fieldSelector=metadata.name%3D${name}`;
    for await (const line of core.lines({ path: instancesPath + query, signal: abort.signal })) {
      last = (line as { readonly object: VirtualMachineInstance }).object;
      if (isAsWanted(last)) return last;
    }
  } catch {
    // Too late.
  } finally {
    clearTimeout(late);
    abort.abort();
  }
  throw new Error(`${name} is not as awaited: ${JSON.stringify([last?.metadata.annotations, last?.status?.conditions])}`);
}

/** The first line of the guest that matches. */
export async function awaitGuestLine(core: CoreProcess, name: string, pattern: RegExp): Promise<string> {
  const log = `${deviceRoot}/namespaces/default/virtualmachineinstances/${name}/serial-log`;
  const until = performance.now() + patienceMs;
  let text = '';
  while (performance.now() < until) {
    text = (await requestBytes({ method: 'GET', path: log, socket: core.socket })).toString('utf8');
    const line = text.split(/\r?\n/).find((one) => pattern.test(one));
    if (line !== undefined) return line;
    await delay(500);
  }
  throw new Error(`the guest of ${name} did not say ${pattern.source}: ${text.slice(-2000)}`);
}

/** What the kernel lets the process lock, soft limit in MiB. */
export function lockLimitMiB(pid: number): number {
  const bytes = /^Max locked memory\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1];
  return Number(bytes) / 1024 ** 2;
}

/** Files of that folder that the process has open. */
export function openBelow(folder: string, pid: number): readonly string[] {
  const files = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(path.join(`/proc/${pid}/fd`, fd))];
    } catch {
      return [];
    }
  });
  return [...new Set(files.filter((file) => file.startsWith(folder)))];
}
