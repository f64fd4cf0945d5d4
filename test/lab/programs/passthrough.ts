// Owns the story of devices handed to a machine, on a computer that has them to spare: inventory, allow list, trial, machine, back again.
// Must not judge what came of it; the tests do.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { DeviceTrial } from '../../../electron/api/device-trials.ts';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { Node } from '../../../electron/api/kinds/node.ts';
import type { KubeObject } from '../../../electron/api/object.ts';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { requestBytes } from '../../../electron/cli/connection.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, verbPath } from '../../bench/machines.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const root = '/apis/virtdeck.io/v1alpha1';
const hyperConverged = '/apis/hco.kubevirt.io/v1beta1/namespaces/openshift-cnv/hyperconvergeds/kubevirt-hyperconverged';
const pciScan = new URL('../pci-scan/pci-scan.elf', import.meta.url).pathname;

/** Long enough to be looked at on a computer that is busy with other things. */
const trialSeconds = 20;

const resourceNames = { nic: 'intel.com/82574L', gpu: 'bochs.org/display', edu: 'qemu.org/edu' } as const;

function driverOf(address: string): string | undefined {
  try {
    return path.basename(readlinkSync(`/sys/bus/pci/devices/${address}/driver`));
  } catch {
    return undefined;
  }
}

function addressOf(vendorId: string, deviceId: string): string {
  const folder = '/sys/bus/pci/devices';
  const id = (address: string, file: string): string => readFileSync(`${folder}/${address}/${file}`, 'utf8').trim();
  return readdirSync(folder).find((one) => id(one, 'vendor') === `0x${vendorId}` && id(one, 'device') === `0x${deviceId}`) ?? '';
}

/** Paused at once when it is there to be asked; else it scans and switches itself off. */
function scanningMachine(name: string): object {
  const { nic, gpu, edu } = resourceNames;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Manual',
      template: {
        metadata: { annotations: { 'virtdeck.io/kernel-boot': JSON.stringify({ kernel: pciScan }) } },
        spec: {
          startStrategy: 'Paused',
          terminationGracePeriodSeconds: 0,
          domain: {
            memory: { guest: '64Mi' },
            devices: {
              autoattachGraphicsDevice: false,
              autoattachPodInterface: false,
              gpus: [{ name: 'gpu1', deviceName: gpu }],
              hostDevices: [
                { name: 'nic', deviceName: nic },
                { name: 'edu', deviceName: edu },
              ],
            },
          },
        },
      },
    },
  };
}

const post = (core: CoreProcess, at: string, body: object = {}): Promise<unknown> => core.request({ method: 'POST', path: at, body });
const put = (core: CoreProcess, at: string): Promise<unknown> => core.request({ method: 'PUT', path: at });

/** What it was refused with: `reason: field`. */
async function refusal(asked: Promise<unknown>): Promise<string> {
  return await asked.then(
    () => 'was not refused',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

async function permit(core: CoreProcess, names: readonly (keyof typeof resourceNames)[]): Promise<void> {
  const selectors = { nic: '8086:10D3', gpu: '1234:1111', edu: '1234:11E8' } as const;
  const pciHostDevices = names.map((name) => ({ pciDeviceSelector: selectors[name], resourceName: resourceNames[name] }));
  const body = { spec: { permittedHostDevices: { pciHostDevices } } };
  await core.request({ method: 'PATCH', path: hyperConverged, body, contentType: 'application/merge-patch+json' });
}

/** Capacity of the one Node, by what it stands for, as soon as it is `wanted`. */
async function awaitOffer(core: CoreProcess, wanted: string): Promise<string> {
  const abort = new AbortController();
  const late = setTimeout(() => abort.abort(), 60_000);
  const text = ({ status }: Node): string =>
    Object.values(resourceNames)
      .map((name) => status?.capacity?.[name] ?? '-')
      .join(' ');
  let last = '';
  try {
    for await (const line of core.lines({ path: '/api/v1/nodes?watch=true', signal: abort.signal })) {
      last = text((line as { readonly object: Node }).object);
      if (last === wanted) return last;
    }
  } catch {
    // Too late: what it was last says more.
  } finally {
    clearTimeout(late);
    abort.abort();
  }
  return last;
}

/** Resolves when nothing is tried any more. */
async function awaitNoTrial(core: CoreProcess): Promise<readonly number[]> {
  const abort = new AbortController();
  const left: number[] = [];
  for await (const line of core.lines({ path: `${root}/device-trials?watch=true`, signal: abort.signal })) {
    const { items } = line as { readonly items: readonly DeviceTrial[] };
    left.push(...items.flatMap(({ secondsLeft }) => secondsLeft ?? []));
    if (items.length === 0) abort.abort();
  }
  return left;
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  const { nic, gpu, edu } = { nic: addressOf('8086', '10d3'), gpu: addressOf('1234', '1111'), edu: addressOf('1234', '11e8') };
  const sound = gpu.replace(/0$/, '1');
  const drivers = (): readonly (string | undefined)[] => [nic, gpu, sound, edu].map(driverOf);
  const offers = async (): Promise<string> => {
    const { items } = (await core.request({ method: 'GET', path: '/api/v1/nodes' })) as { readonly items: readonly Node[] };
    return Object.values(resourceNames)
      .map((name) => items[0]?.status?.capacity?.[name] ?? '-')
      .join(' ');
  };
  const machine = scanningMachine('scanner');
  const check = async (): Promise<readonly string[]> => {
    const { causes } = (await core.request({ method: 'PUT', path: `${verbPath('scanner', 'start')}?dryRun=All` })) as StartCheck;
    return causes.map(({ reason, field }) => `${reason} ${field}`);
  };

  const report = (await core.request({ method: 'GET', path: `${root}/host-devices` })) as HostDeviceReport;
  const verdict = (address: string): string | undefined => report.groups.find(({ addresses }) => addresses.includes(address))?.verdict.kind;
  lab.report({
    verdicts: [nic, gpu, edu].map(verdict),
    drivers: drivers(),
    failing: report.checks.filter(({ state }) => state === 'error'),
  });

  await post(core, machinesPath, machine);
  lab.report({ unknown: await check(), offers: await offers() });
  await permit(core, ['nic', 'gpu', 'edu']);
  lab.report({ permitted: await awaitOffer(core, '0 0 0'), unbound: await check() });

  // A trial that nobody keeps: a whole card goes and comes back, and the Node says so.
  const trial = (await post(core, `${root}/device-trials`, { address: gpu, seconds: trialSeconds })) as DeviceTrial;
  lab.report({ trial: trial.addresses.length, during: drivers(), offers: await awaitOffer(core, '0 1 0') });
  const left = await awaitNoTrial(core);
  lab.report({
    after: drivers(),
    counted: left.every((seconds, index) => index === 0 || seconds <= (left[index - 1] ?? 0)),
    offers: await awaitOffer(core, '0 0 0'),
  });

  for (const address of [nic, gpu, edu]) {
    await post(core, `${root}/device-trials`, { address, seconds: 120 });
    await post(core, `${root}/device-trials/${address}/keep`, {});
  }
  lab.report({ kept: drivers(), offers: await awaitOffer(core, '1 1 1'), ready: await check() });

  await put(core, verbPath('scanner', 'start'));
  await awaitPhase(core, 'scanner', 'Running');
  const instance = (await core.request({ method: 'GET', path: `${instancesPath}/scanner` })) as KubeObject;
  const given = JSON.parse(instance.metadata.annotations?.['virtdeck.io/host-devices'] ?? '{}') as Readonly<
    Record<string, readonly string[]>
  >;
  lab.report({
    given: { gpu1: given['gpu1']?.length, nic: given['nic'], edu: given['edu'] },
    taken: await refusal(post(core, `${root}/device-trials/${nic}/revert`, {})),
    driver: driverOf(nic),
  });
  await put(core, `/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/scanner/unpause`);
  await awaitPhase(core, 'scanner', 'Succeeded');
  const log = await requestBytes({
    method: 'GET',
    path: `${root}/namespaces/default/virtualmachineinstances/scanner/serial-log`,
    socket: core.socket,
  });
  const lines = log.toString('utf8').split(/\r?\n/);
  const passed = new RegExp('^PCI (?!00:)\\S+ (8086:10d3|1234:1111|8086:293e|1234:11e8)$');
  lab.report({
    guest: lines.filter((line) => passed.test(line)).map((line) => line.replace(/^PCI (\S+):(\S+) /, '$2 ')),
    edu: lines.find((line) => line.startsWith('EDU')),
  });

  for (const address of [nic, gpu, edu]) await post(core, `${root}/device-trials/${address}/revert`, {});
  lab.report({ returned: drivers(), offers: await awaitOffer(core, '0 0 0'), files: readdirSync('/run/virtdeck-helper') });
  await permit(core, []);
  lab.report({ forbidden: await check() });
  await core.end();
};

export default main;
