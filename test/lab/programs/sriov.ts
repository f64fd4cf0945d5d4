// Owns the story of a virtual function as a machine's network card: made, told its address and VLAN, given to a guest, as before after it; for root and for a user.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import { requestBytes } from '../../../electron/cli/connection.ts';
import { askPrivileged } from '../../../electron/host/network/privileged.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, runVerbPath, verbPath } from '../../bench/machines.ts';
import { installedHelper } from '../../../native/index.ts';
import { deviceRoot, handOver, hyperConverged, refusal, scanningMachine, startCauses, takeBack } from '../inside/device-story.ts';
import { keeperStory } from '../inside/function-keeper.ts';
import { endRuns, noneRuns, runsOf } from '../inside/helper-runs.ts';
import type { LabProgramMain, LabSide } from '../inside/lab-side.ts';
import { makeOrdinaryUser } from '../inside/ordinary-user.ts';

const card = 'eth0';
const resourceName = 'intel.com/igbvf';
const networks = '/apis/k8s.cni.cncf.io/v1/namespaces/default/network-attachment-definitions';
const config = { cniVersion: '0.3.1', type: 'sriov', vlan: 100, spoofchk: 'on', trust: 'off' };
const permitted = { pciHostDevices: [{ pciDeviceSelector: '8086:10CA', resourceName }] };
const mac = '02:00:00:00:01:64';

const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim());
/** As `ip link` prints them: `vf 0     link/ether 02:…`. */
const told = (): readonly string[] =>
  lines(execFileSync('ip', ['link', 'show', 'dev', card], { encoding: 'utf8' }))
    .filter((line) => line.startsWith('vf '))
    .map((line) => line.replaceAll(/\s+/g, ' '));

async function cardAddress(core: CoreProcess): Promise<string> {
  const { pci } = (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  return pci.find(({ sriov }) => sriov?.network?.name === card)?.address ?? '';
}

function functionMachine(name: string): object {
  const machine = scanningMachine(name, [], {
    startStrategy: 'Paused',
    networks: [{ name: 'blue', multus: { networkName: 'blue' } }],
  }) as { spec: { template: { spec: { domain: { devices: object } } } } };
  const { devices } = machine.spec.template.spec.domain;
  Object.assign(devices, { interfaces: [{ name: 'blue', sriov: {}, macAddress: mac }] });
  return machine;
}

const main: LabProgramMain = async (lab) => {
  const core = await startCore();
  const address = await cardAddress(core);
  await core.request({ method: 'PUT', path: `${deviceRoot}/host-devices/${address}/virtual-functions`, body: { count: 2 } });
  const { pci } = (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  const { vfs = [], network } = pci.find((device) => device.address === address)?.sriov ?? {};
  const [first = ''] = vfs;
  const one = pci.find((device) => device.address === first);
  const before = told();
  lab.report({ functions: vfs.length, id: `${one?.vendorId}:${one?.deviceId}`, network, before });

  await core.request({ method: 'POST', path: machinesPath, body: functionMachine('blue') });
  const causes = { noNetwork: await startCauses(core, 'blue') };
  const plain = { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition', metadata: { name: 'blue' } };
  await core.request({ method: 'POST', path: networks, body: { ...plain, spec: { config: JSON.stringify(config) } } });
  const noResource = await startCauses(core, 'blue');
  await core.request({
    method: 'PATCH',
    path: `${networks}/blue`,
    body: { metadata: { annotations: { 'k8s.v1.cni.cncf.io/resourceName': resourceName } } },
    contentType: 'application/merge-patch+json',
  });
  const notPermitted = await startCauses(core, 'blue');
  await core.request({
    method: 'PATCH',
    path: hyperConverged,
    body: { spec: { permittedHostDevices: permitted } },
    contentType: 'application/merge-patch+json',
  });
  const notBound = await startCauses(core, 'blue');
  await handOver(core, first);
  const cardDown = await startCauses(core, 'blue');
  execFileSync('ip', ['link', 'set', card, 'up']);
  lab.report({ ...causes, noResource, notPermitted, notBound, cardDown, ready: await startCauses(core, 'blue') });

  await core.request({ method: 'PUT', path: verbPath('blue', 'start') });
  await awaitPhase(core, 'blue', 'Running');
  const { metadata } = (await core.request({ path: `${instancesPath}/blue` })) as { metadata: { annotations: Record<string, string> } };
  lab.report({
    running: told(),
    held: metadata.annotations['virtdeck.io/host-devices'],
    first,
    // Nobody may move a guest to another VLAN behind its back.
    busy: await refusal(askPrivileged({ verb: 'sriov-vf-set', address: first, vlan: 7 })),
    quota: await quotaStory(core),
  });
  await core.request({ method: 'PUT', path: runVerbPath('blue', 'unpause') });
  await awaitPhase(core, 'blue', 'Succeeded');
  const log = await requestBytes({
    method: 'GET',
    path: `${deviceRoot}/namespaces/default/virtualmachineinstances/blue/serial-log`,
    socket: core.socket,
  });
  lab.report({ guest: lines(log.toString('utf8')).filter((line) => /^PCI \S+ 8086:10ca$/.test(line)).length });

  await core.request({ method: 'DELETE', path: `${machinesPath}/blue` });
  await awaitPhase(core, 'blue', 'gone');
  lab.report({ after: told(), journal: journal() });
  lab.report(await keeperStory({ address: first, told }));
  await takeBack(core, first);
  await core.end();
  await asUser(lab, first);
};

/** As many functions as one machine has: what is counted, and what another one is told. */
async function quotaStory(core: CoreProcess): Promise<object> {
  const metadata = { name: 'one-function' };
  const hard = { [`requests.${resourceName}`]: '1' };
  const path = '/api/v1/namespaces/default/resourcequotas';
  await core.request({ method: 'POST', path, body: { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } } });
  await core.request({ method: 'POST', path: machinesPath, body: functionMachine('green') });
  const causes = (await startCauses(core, 'green')).filter((cause) => cause.startsWith('ExceededQuota'));
  const used = await usedOf(core, `${path}/${metadata.name}`);
  await core.request({ method: 'DELETE', path: `${machinesPath}/green` });
  await core.request({ method: 'DELETE', path: `${path}/${metadata.name}` });
  return { used, causes: causes.length };
}

/** Once it has been counted. */
async function usedOf(core: CoreProcess, path: string): Promise<object> {
  for (const until = performance.now() + 60_000; performance.now() < until; await delay(200)) {
    const { status } = (await core.request({ path })) as { readonly status?: { readonly used?: object } };
    if (status?.used !== undefined) return status.used;
  }
  throw new Error('nothing was counted');
}

/** Who may not tell a card anything: a process of the privileged program waits for the end of the machine. */
async function asUser(lab: LabSide, address: string): Promise<void> {
  const before = journal().length;
  const core = await startCore({ user: makeOrdinaryUser() });
  const metadata = { name: 'blue', annotations: { 'k8s.v1.cni.cncf.io/resourceName': resourceName } };
  const network = { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition', metadata };
  await core.request({ method: 'POST', path: networks, body: { ...network, spec: { config: JSON.stringify(config) } } });
  const body = { spec: { permittedHostDevices: permitted } };
  await core.request({ method: 'PATCH', path: hyperConverged, body, contentType: 'application/merge-patch+json' });
  await handOver(core, address);
  // Who was to end the trial, which was kept: what is there then waits for the machine.
  await endRuns(installedHelper);
  await core.request({ method: 'POST', path: machinesPath, body: functionMachine('blue') });
  await core.request({ method: 'PUT', path: verbPath('blue', 'start') });
  await awaitPhase(core, 'blue', 'Running');
  lab.report({ ofUser: told(), waiting: runsOf(installedHelper).length });
  await core.request({ method: 'PUT', path: runVerbPath('blue', 'unpause') });
  await awaitPhase(core, 'blue', 'Succeeded');
  await noneRuns(installedHelper);
  lab.report({ afterUser: told(), journal: journal().slice(before) });
  await takeBack(core, address);
  await core.end();
}

/** What this program did to functions, and how each is undone. */
function journal(): readonly unknown[] {
  return readFileSync('/var/lib/virtdeck-helper/journal', 'utf8')
    .split('\n')
    .filter((line) => line.includes('"sriov-vf-set"') && line.includes('"done"'))
    .map((line) => (JSON.parse(line) as { readonly undo: unknown }).undo);
}

export default main;
