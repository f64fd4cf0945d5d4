// Owns what every story of handed-over devices needs in the lab: where they are, who drives them, a machine that scans, what the Node offers.
// Must not judge anything, nor know a story.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { DeviceTrial } from '../../../electron/api/device-trials.ts';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { requestBytes } from '../../../electron/cli/connection.ts';
import type { CoreProcess } from '../../bench/core-process.ts';
import { verbPath } from '../../bench/machines.ts';

export const deviceRoot = '/apis/virtdeck.io/v1alpha1';
export const hyperConverged = '/apis/hco.kubevirt.io/v1beta1/namespaces/openshift-cnv/hyperconvergeds/kubevirt-hyperconverged';
const pciScan = new URL('../pci-scan/pci-scan.elf', import.meta.url).pathname;
const folder = '/sys/bus/pci/devices';

/** In the order in which Nodes are asked for them, GPUs last in a machine's own fields. */
export const spareResources = {
  nic: { resourceName: 'intel.com/82574L', pciDeviceSelector: '8086:10D3' },
  gpu: { resourceName: 'bochs.org/display', pciDeviceSelector: '1234:1111' },
  edu: { resourceName: 'qemu.org/edu', pciDeviceSelector: '1234:11E8' },
} as const;

export type SpareName = keyof typeof spareResources;

export function driverOf(address: string): string | undefined {
  try {
    return path.basename(readlinkSync(`${folder}/${address}/driver`));
  } catch {
    return undefined;
  }
}

export function addressOf(spare: SpareName): string {
  const [vendor, device] = spareResources[spare].pciDeviceSelector.toLowerCase().split(':');
  const id = (address: string, file: string): string => readFileSync(`${folder}/${address}/${file}`, 'utf8').trim();
  return readdirSync(folder).find((one) => id(one, 'vendor') === `0x${vendor}` && id(one, 'device') === `0x${device}`) ?? '';
}

export function scanningMachine(name: string, spares: readonly SpareName[], more: object = {}): object {
  const entries = (names: readonly SpareName[]): readonly object[] =>
    names.map((spare) => ({ name: spare, deviceName: spareResources[spare].resourceName }));
  const gpus = entries(spares.filter((spare) => spare === 'gpu'));
  return scanningMachineWith(name, { gpus, hostDevices: entries(spares.filter((spare) => spare !== 'gpu')) }, more);
}

/** Tells on its serial port what it sees, drives an `edu` by DMA, and switches itself off. */
export function scanningMachineWith(name: string, devices: object, more: object = {}): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: { annotations: { 'virtdeck.io/kernel-boot': JSON.stringify({ kernel: pciScan }) } },
        spec: {
          terminationGracePeriodSeconds: 0,
          domain: {
            memory: { guest: '64Mi' },
            devices: {
              autoattachGraphicsDevice: false,
              autoattachPodInterface: false,
              ...devices,
            },
          },
          ...more,
        },
      },
    },
  };
}

/** The outer machine is small: it keeps nothing for itself. */
export async function reserveNothing(core: CoreProcess): Promise<void> {
  const body = { spec: { placement: { reserved: { cores: 0, memory: '128Mi' } } } };
  await core.request({ method: 'PATCH', path: `${deviceRoot}/settings/default`, body, contentType: 'application/merge-patch+json' });
}

export async function permit(core: CoreProcess, spares: readonly SpareName[]): Promise<void> {
  const body = { spec: { permittedHostDevices: { pciHostDevices: spares.map((spare) => spareResources[spare]) } } };
  await core.request({ method: 'PATCH', path: hyperConverged, body, contentType: 'application/merge-patch+json' });
}

/** Of every Node together, in the order of the names: `0 1 -`. */
function offerText(nodes: readonly Node[], names: readonly string[]): string {
  return names
    .map((name) => nodes.flatMap(({ status }) => status?.capacity?.[name] ?? []))
    .map((counts) => (counts.length === 0 ? '-' : String(counts.reduce((sum, count) => sum + Number(count), 0))))
    .join(' ');
}

export async function offers(core: CoreProcess, spares: readonly SpareName[]): Promise<string> {
  const { items } = (await core.request({ method: 'GET', path: '/api/v1/nodes' })) as { readonly items: readonly Node[] };
  return offerText(items, resourcesOf(spares));
}

function resourcesOf(spares: readonly SpareName[]): readonly string[] {
  return spares.map((spare) => spareResources[spare].resourceName);
}

export async function awaitOffer(core: CoreProcess, spares: readonly SpareName[], wanted: string): Promise<string> {
  return awaitCapacity(core, resourcesOf(spares), wanted);
}

/** As soon as it is `wanted`; too late, what it was last says more. */
export async function awaitCapacity(core: CoreProcess, names: readonly string[], wanted: string): Promise<string> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), 60_000);
  const nodes = new Map<string, Node>();
  let last = '';
  try {
    for await (const line of core.lines({ path: '/api/v1/nodes?watch=true', signal: abort.signal })) {
      const { object } = line as { readonly object: Node };
      nodes.set(object.metadata.name, object);
      last = offerText([...nodes.values()], names);
      if (last === wanted) return last;
    }
  } catch {
    return last;
  } finally {
    clearTimeout(late);
    abort.abort();
  }
  return last;
}

/** Resolves when nothing is tried any more, with the seconds that were told to be left. */
export async function awaitNoTrial(core: CoreProcess): Promise<readonly number[]> {
  const abort = new AbortController();
  const left: number[] = [];
  for await (const line of core.lines({ path: `${deviceRoot}/device-trials?watch=true`, signal: abort.signal })) {
    const { items } = line as { readonly items: readonly DeviceTrial[] };
    left.push(...items.flatMap(({ secondsLeft }) => secondsLeft ?? []));
    if (items.length === 0) abort.abort();
  }
  return left;
}

/** What a start would be refused with: `reason field`. */
export async function startCauses(core: CoreProcess, name: string): Promise<readonly string[]> {
  const { causes } = (await core.request({ method: 'PUT', path: `${verbPath(name, 'start')}?dryRun=All` })) as StartCheck;
  return causes.map(({ reason, field }) => `${reason} ${field}`);
}

/** To VFIO until somebody takes it back. */
export async function handOver(core: CoreProcess, address: string): Promise<void> {
  await core.request({ method: 'POST', path: `${deviceRoot}/device-trials`, body: { address, seconds: 120 } });
  await core.request({ method: 'POST', path: `${deviceRoot}/device-trials/${address}/keep`, body: {} });
}

export async function takeBack(core: CoreProcess, address: string): Promise<void> {
  await core.request({ method: 'POST', path: `${deviceRoot}/device-trials/${address}/revert`, body: {} });
}

/** What the guest said of what it was given: functions behind a port of their own, and what came of the DMA. */
export async function scanned(
  core: CoreProcess,
  name: string,
): Promise<{ readonly guest: readonly string[]; readonly edu: string | undefined }> {
  const log = await requestBytes({
    method: 'GET',
    path: `${deviceRoot}/namespaces/default/virtualmachineinstances/${name}/serial-log`,
    socket: core.socket,
  });
  const lines = log.toString('utf8').split(/\r?\n/);
  const passed = new RegExp('^PCI (?!00:)\\S+ (8086:10d3|1234:1111|8086:293e|1234:11e8|4348:3253)$');
  return {
    guest: lines.filter((line) => passed.test(line)).map((line) => line.replace(/^PCI (\S+):(\S+) /, '$2 ')),
    edu: lines.find((line) => line.startsWith('EDU')),
  };
}

/** Its words when it was refused. */
export async function refusal(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
