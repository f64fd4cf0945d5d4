// Owns the story of mediated devices as an ordinary user has it: types, wanted, made, in a machine, wanted no more, removed; and kill -9 at each step.
// Must not judge what came of it; the test does.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { HyperConverged } from '../../../electron/api/kinds/hyper-converged.ts';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';
import { type CoreProcess, startCore } from '../../bench/core-process.ts';
import { awaitPhase, machinesPath, runVerbPath, verbPath } from '../../bench/machines.ts';
import { killedAt } from '../../host/kill-points/killing-helper.ts';
import {
  awaitCapacity,
  deviceRoot,
  hyperConverged,
  reserveNothing,
  scanned,
  scanningMachineWith,
  startCauses,
} from '../inside/device-story.ts';
import { askHelper, noneRuns } from '../inside/helper-runs.ts';
import type { LabProgramMain, LabSide } from '../inside/lab-side.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../inside/ordinary-user.ts';
import { argumentsOf, qemuOf } from '../inside/qemu-threads.ts';

const resourceName = 'kernel.org/serial';
const devices = '/sys/bus/mdev/devices';
const state = '/run/virtdeck-helper';

const made = (): readonly string[] => readdirSync(devices);
const known = (): readonly string[] => (existsSync(state) ? readdirSync(state) : []);
const groupOf = (uuid: string): string =>
  path.basename(execFileSync('readlink', [`${devices}/${uuid}/iommu_group`], { encoding: 'utf8' }).trim());

async function want(core: CoreProcess, types: readonly string[]): Promise<void> {
  const spec = {
    mediatedDevicesConfiguration: { mediatedDeviceTypes: types },
    permittedHostDevices: { mediatedDevices: [{ mdevNameSelector: 'Dual port serial', resourceName }] },
  };
  await core.request({ method: 'PATCH', path: hyperConverged, body: { spec }, contentType: 'application/merge-patch+json' });
}

/** Once the condition has said something about this generation. */
async function condition(core: CoreProcess): Promise<string> {
  const { status, metadata } = (await core.request({ path: hyperConverged })) as HyperConverged;
  const found = status?.conditions?.find(({ type }) => type === 'MediatedDevicesConfigured');
  return status?.observedGeneration === metadata.generation ? `${found?.status ?? 'none'} ${found?.reason ?? ''}` : 'not observed yet';
}

async function story(lab: LabSide, user: OrdinaryUser): Promise<void> {
  const core = await startCore({ user });
  await reserveNothing(core);
  const report = async (): Promise<HostDeviceReport> => (await core.request({ path: `${deviceRoot}/host-devices` })) as HostDeviceReport;
  const { mdevParents } = await report();
  lab.report({
    parents: mdevParents.map(({ name, types }) => ({
      name,
      types: types.map(({ id, name: words, availableInstances }) => `${id}: ${words ?? ''} (${availableInstances})`),
    })),
  });

  const machine = scanningMachineWith(
    'serial',
    { hostDevices: [{ name: 'serial', deviceName: resourceName }] },
    { startStrategy: 'Paused' },
  );
  await core.request({ method: 'POST', path: machinesPath, body: machine });
  await want(core, []);
  lab.report({ before: await startCauses(core, 'serial') });
  await want(core, ['mtty-2']);
  lab.report({ offers: await awaitCapacity(core, [resourceName], '12') });
  const owners = new Set(made().map((uuid) => statSync(`/dev/vfio/${groupOf(uuid)}`).uid));
  const left = (await report()).mdevParents.flatMap(({ types }) =>
    types.map(({ id, availableInstances }) => `${id} ${availableInstances}`),
  );
  lab.report({
    made: made().length,
    known: known().length,
    owners: [...owners],
    left,
    says: await condition(core),
    ready: await startCauses(core, 'serial'),
  });

  await core.request({ method: 'PUT', path: verbPath('serial', 'start') });
  await awaitPhase(core, 'serial', 'Running');
  const argument = argumentsOf(qemuOf('serial')).find((text) => text.includes('sysfsdev')) ?? '';
  const { sysfsdev = '', driver } = JSON.parse(argument) as { readonly sysfsdev?: string; readonly driver?: string };
  const uuid = path.basename(sysfsdev);
  lab.report({ driver, sysfsdev: path.dirname(sysfsdev), isOne: made().includes(uuid) });

  // Wanted no more, while a machine has one.
  await want(core, []);
  lab.report({ offers: await awaitCapacity(core, [resourceName], '1') });
  const { mdevCauses } = await report();
  lab.report({
    left: made().map((one) => one === uuid),
    causes: mdevCauses.map(({ reason, message }) => `${reason}: ${message.replace(uuid, 'UUID')}`),
    // Whoever asks the program itself is refused, too.
    program: JSON.parse((await askHelper(bundledHelper ?? '', { verb: 'mdev-remove', uuid })).text),
  });
  await core.request({ method: 'PUT', path: runVerbPath('serial', 'unpause') });
  await awaitPhase(core, 'serial', 'Succeeded');
  lab.report(await scanned(core, 'serial'));
  lab.report({ offers: await awaitCapacity(core, [resourceName], '0'), made: made().length, known: known().length });
  await core.end();
}

/** Whatever was ended: it is there whole or not at all, and what remains can be removed. */
async function kills(lab: LabSide, killing: string): Promise<void> {
  const uuid = '7d0a3f0e-1f2b-4c3d-8e5f-0123456789ab';
  const real = bundledHelper ?? '';
  const create: PrivilegedRequest = { verb: 'mdev-create', address: 'mtty', type: 'mtty-1', uuid, owner: 1000 };
  const remove: PrivilegedRequest = { verb: 'mdev-remove', uuid };
  const rounds = [
    { name: 'create', before: [], request: create },
    { name: 'remove', before: [create], request: remove },
  ] as const;
  for (const { name, before, request } of rounds) {
    for (const role of ['main', 'apart'] as const) {
      const came = new Set<string>();
      let points = 0;
      for (let n = 1; n < 20; n++) {
        for (const one of before) await askHelper(real, one);
        const { killed, text } = await askHelper(killing, request, killedAt(role, n));
        await noneRuns(killing);
        const there = made().includes(uuid);
        // One that is there is known to be ours: it can always be removed.
        came.add(there && !known().includes(`mdev-${uuid}`) ? 'nobody knows whose' : there ? 'there' : 'not there');
        const { text: end } = await askHelper(real, remove);
        if (made().length + known().length > 0) came.add(`left behind: ${end}`);
        points = n;
        if (role === 'main' ? !killed : !text.includes('"errno":4') && n > 4) break;
      }
      lab.report({ name, role, points, came: [...came].toSorted() });
    }
  }
}

const main: LabProgramMain = async (lab) => {
  const { mtty, killing } = lab.input as { readonly mtty: string; readonly killing?: string };
  execFileSync('insmod', [mtty]);
  const user = makeOrdinaryUser();
  await story(lab, user);
  const foreign = '11111111-2222-4333-8444-555555555555';
  execFileSync('sh', ['-c', `echo ${foreign} > /sys/class/mdev_bus/mtty/mdev_supported_types/mtty-1/create`]);
  const refused = await Promise.all(
    (
      [
        { verb: 'mdev-remove', uuid: foreign },
        { verb: 'mdev-create', address: 'mtty', type: 'mtty-1', uuid: foreign, owner: 0 },
        { verb: 'mdev-create', address: 'mtty', type: 'mtty-9', uuid: foreign.replace('1', '2'), owner: 0 },
        { verb: 'mdev-create', address: '../class', type: 'mtty-1', uuid: foreign.replace('1', '2'), owner: 0 },
      ] as const
    ).map(async (request) => (JSON.parse((await askHelper(bundledHelper ?? '', request)).text) as { readonly code?: string }).code),
  );
  lab.report({ refused, foreign: made().length });
  execFileSync('sh', ['-c', `echo 1 > ${devices}/${foreign}/remove`]);
  if (killing !== undefined) await kills(lab, killing);
};

export default main;
