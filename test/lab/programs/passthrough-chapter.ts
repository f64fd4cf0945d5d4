// Owns what OpenShift's chapter on PCI passthrough prints, command for command, by a real kubectl on a computer that has a device to spare.
// Must not judge what came of it; the test does. Devices have the names and ids of this computer; three points of the chapter are filled in.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PreparationPlan } from '../../../electron/api/preparation.ts';
import { startCore } from '../../bench/core-process.ts';
import { awaitPhase, verbPath } from '../../bench/machines.ts';
import { embeddedKubeconfig } from '../../clients/kubeconfigs.ts';
import { type Kubectl, runner } from '../../clients/kubectl.ts';
import { virtdeck } from '../../server/cli-process.ts';
import { becomeDebian } from '../inside/debian-computer.ts';
import { addressOf, deviceRoot, driverOf, scanned, scanningMachine } from '../inside/device-story.ts';
import type { LabProgramMain } from '../inside/lab-side.ts';

const resource = 'intel.com/82574L';

const kernelArgument = `apiVersion: machineconfiguration.openshift.io/v1
kind: MachineConfig
metadata:
  labels:
    machineconfiguration.openshift.io/role: worker
  name: 100-worker-iommu
spec:
  config:
    ignition:
      version: 3.2.0
  kernelArguments:
      - intel_iommu=on
`;

const butane = `variant: openshift
version: 4.9.0
metadata:
  name: 100-worker-vfiopci
  labels:
    machineconfiguration.openshift.io/role: worker
storage:
  files:
  - path: /etc/modprobe.d/vfio.conf
    mode: 0644
    overwrite: true
    contents:
      inline: |
        options vfio-pci ids=8086:10d3
  - path: /etc/modules-load.d/vfio-pci.conf
    mode: 0644
    overwrite: true
    contents:
      inline: vfio-pci
`;

/** What an editor would do to the text that kubectl hands it. */
const adding = ['permittedHostDevices:', '  pciHostDevices:', '  - pciDeviceSelector: "8086:10D3"', `    resourceName: "${resource}"`].join(
  '\\n  ',
);
const edits = { add: `sed -i 's|^spec:|spec:\\n  ${adding}|'`, remove: String.raw`sed -i -e '/permittedHostDevices:/,/resourceName/d'` };

const main: LabProgramMain = async (lab) => {
  const { kubectl } = lab.input as { readonly kubectl: Kubectl };
  becomeDebian();
  const core = await startCore();
  const folder = mkdtempSync(path.join(tmpdir(), 'vd-chapter-'));
  const where = { data: core.dataDir, run: core.runDir };
  const client = runner({ kubectl, kubeconfig: await embeddedKubeconfig(where, folder), namespace: 'default', folder });
  const file = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);
  const machineConfigs = async (): Promise<readonly string[]> =>
    (await client.ok('get MachineConfig'))
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/).slice(0, 2).join(' '));
  const nic = addressOf('nic');

  // 8.14.11.1.1
  file('100-worker-kernel-arg-iommu.yaml', kernelArgument);
  lab.report({ created: await client.ok('create -f 100-worker-kernel-arg-iommu.yaml'), listed: await machineConfigs() });

  // 8.14.11.1.2: Butane is a file of the program's own command line.
  file('100-worker-vfiopci.bu', butane);
  const made = await virtdeck(where, [
    'butane',
    path.join(folder, '100-worker-vfiopci.bu'),
    '-o',
    path.join(folder, '100-worker-vfiopci.yaml'),
  ]);
  lab.report({ butane: made.status, applied: await client.ok('apply -f 100-worker-vfiopci.yaml'), listed: await machineConfigs() });
  const at = `${deviceRoot}/preparation`;
  const { digest, steps } = (await core.request({ path: at })) as PreparationPlan;
  await core.request({ method: 'POST', path: at, body: { devices: [], digest } });
  // What the next start does: the driver reads its file before the others come.
  for (const args of [['-r', 'e1000e'], ['vfio-pci'], ['e1000e']]) execFileSync('modprobe', args);
  lab.report({ steps: steps.map(({ id }) => id), file: readFileSync('/etc/modprobe.d/vfio.conf', 'utf8'), driver: driverOf(nic) });

  // 8.14.11.1.3
  const edit = async (script: string): Promise<string> => {
    file('editor.sh', `#!/bin/sh\n${script} "$1"\n`);
    const env = { KUBE_EDITOR: `sh ${path.join(folder, 'editor.sh')}` };
    return await client.ok('edit hyperconverged kubevirt-hyperconverged -n openshift-cnv', { env });
  };
  const node = (await client.ok('get nodes -o name')).trim().replace('node/', '');
  const described = async (): Promise<readonly string[]> =>
    [...(await client.ok(`describe node ${node}`)).matchAll(/^ {2}intel\.com\/82574L: +(\d+)$/gm)].map(([, count = '']) => count);
  const escaped = resource.replace('.', String.raw`\.`);
  const awaitCount = (count: number): Promise<string> =>
    client.ok(`wait node ${node} --for=jsonpath={.status.allocatable.${escaped}}=${count} --timeout=60s`);
  const edited = await edit(edits.add);
  await awaitCount(1);
  lab.report({ edited, described: await described() });

  // 8.14.11.2.1
  const machine = scanningMachine('vm-with-device', ['nic']);
  file('vm.yaml', JSON.stringify(machine).replace('"name":"nic"', '"name":"hostdevices1"'));
  const created = await client.ok('create -f vm.yaml');
  await core.request({ method: 'PUT', path: verbPath('vm-with-device', 'start') });
  await awaitPhase(core, 'vm-with-device', 'Succeeded');
  lab.report({ created, guest: (await scanned(core, 'vm-with-device')).guest });

  // 8.14.11.1.4
  const removed = await edit(edits.remove);
  await awaitCount(0);
  lab.report({ edited: removed, described: await described() });
  await core.end();
};

export default main;
