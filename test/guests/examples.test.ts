// Owns the proof that some of KubeVirt's own examples boot a real guest: a run without a machine, a machine with a ready-made instance type;
// and the machine with Secure Boot that OpenShift's chapter prints.
// Must not hold the examples: they lie beside the project, when they are there. Their images are replaced by a tiny Linux.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget } from '../bench/machines.ts';
import { virtdeck } from '../server/cli-process.ts';
import { openConsole } from './console.ts';
import { printedMachine, printedSecureBoot } from './printed-machine.ts';
import { tinyLinuxDisk, tinyLinuxReady } from './tiny-linux.ts';

const folder = new URL('../../../shared/kubevirt/examples/', import.meta.url);
const present = existsSync(folder);
const where = present ? '' : ' (skipped: ../shared/kubevirt/examples is not there)';

type Spec = VirtualMachineInstanceSpec;
type Manifest = Pick<VirtualMachine, 'metadata'> & { readonly kind: string; readonly spec: Spec & VirtualMachine['spec'] };

let core: CoreProcess;
let disk: string;

function example(file: string): Manifest {
  return parse(readFileSync(new URL(file, folder), 'utf8')) as Manifest;
}

/** A tiny Linux in place of every container image. */
function withTinyDisk(spec: Spec): Spec {
  const volumes = (spec.volumes ?? []).map((volume) =>
    volume.containerDisk === undefined ? volume : { name: volume.name, hostDisk: { path: disk, type: 'Disk' } },
  );
  return { ...spec, volumes };
}

describe.skipIf(!present)(`examples on real guests${where}`, () => {
  beforeAll(async () => {
    core = await startCore();
    disk = join(core.dataDir.replace(/\/data$/, ''), 'tiny.img');
    copyFileSync(await tinyLinuxDisk(), disk);
  });
  afterAll(async () => {
    await core.end();
    core.remove();
  });

  async function boots(name: string, said = ''): Promise<VirtualMachineInstance> {
    await awaitPhase(core, name, 'Running');
    const terminal = await openConsole(core.socket, name);
    await terminal.waitFor(new RegExp(`${said}[^]*${tinyLinuxReady}`), 240_000);
    terminal.close();
    return (await core.request({ path: `${instancesPath}/${name}` })) as VirtualMachineInstance;
  }

  test('vmi-ephemeral.yaml: a run that no machine owns boots, and ends for good when it is deleted', async () => {
    const { metadata, ...draft } = example('vmi-ephemeral.yaml');
    // GRUB and its kernel need more than the 128 MiB of CirrOS.
    const spec = { ...withTinyDisk(draft.spec), domain: { ...draft.spec.domain, memory: { guest: '256Mi' } } };
    await core.request({ method: 'POST', path: instancesPath, body: { ...draft, metadata, spec } });
    const run = await boots(metadata.name);
    expect(run.metadata.ownerReferences).toBeUndefined();
    const gone = awaitPhase(core, metadata.name, 'gone');
    await core.request({ method: 'DELETE', path: `${instancesPath}/${metadata.name}`, body: { gracePeriodSeconds: 0 } });
    await gone;
  });

  test.skipIf(printedSecureBoot() === undefined)('chapter 8.14.5: vm-secureboot, made as printed, reports Secure Boot on', async () => {
    const printed = printedSecureBoot();
    if (printed === undefined) return;
    const file = join(dirname(core.dataDir), 'vm-secureboot.yaml');
    writeFileSync(file, stringify(printedMachine(printed, 'vm-secureboot', { disk, memory: '512Mi' })));
    const made = await virtdeck({ data: core.dataDir, run: core.runDir }, ['create', '-f', file]);
    expect(made).toMatchObject({ status: 0, stdout: 'virtualmachine.kubevirt.io/vm-secureboot created\n' });
    const run = await boots('vm-secureboot', 'firmware=uefi secureboot=yes');
    expect(run.metadata.labels).toMatchObject({ special: 'vm-secureboot' });
    await stopAndForget(core, 'vm-secureboot');
  });

  test('vm-cirros.yaml, with a ready-made instance type and preference in place of its amounts', async () => {
    const { metadata, ...draft } = example('vm-cirros.yaml');
    const { memory: _memory, ...domain } = draft.spec.template.spec?.domain ?? { devices: {} };
    const template = { ...draft.spec.template, spec: { ...withTinyDisk(draft.spec.template.spec ?? { domain }), domain } };
    const choice = { instancetype: { name: 'u1.nano' }, preference: { name: 'alpine' } };
    await core.request({
      method: 'POST',
      path: machinesPath,
      body: { ...draft, metadata, spec: { ...draft.spec, ...choice, runStrategy: 'Always', template } },
    });
    const run = await boots(metadata.name);
    expect(run.spec.domain).toMatchObject({ memory: { guest: '512Mi' }, cpu: { sockets: 1, cores: 1, threads: 1 }, devices: { rng: {} } });
    await stopAndForget(core, metadata.name);
  });
});
