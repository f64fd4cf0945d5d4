// Owns the proof that OpenShift's chapter on PCI passthrough works as it is printed, asked for by a real kubectl, with a device and an IOMMU.
// Must not hold the chapter's commands; the program has them.
import { describe, expect, test } from 'vitest';
import { kubectls } from '../clients/kubectl.ts';
import { runInLab } from './run-in-lab.ts';

const { found } = await kubectls();
// `wait --for=jsonpath` is of 1.23.
const newest = found.toSorted((a, b) => a.minor - b.minor).findLast(({ minor }) => minor >= 23);

describe.skipIf(newest === undefined)('the chapter', () => {
  test('create, get, apply, edit, describe, and a machine with its device', async () => {
    const began = performance.now();
    const { results } = await runInLab({
      program: new URL('programs/passthrough-chapter.ts', import.meta.url),
      input: { kubectl: newest },
      memoryMiB: 2560,
      iommu: 'intel',
      devices: ['nic'],
      modules: ['e1000e'],
      timeoutMs: 540_000,
      onResult: (value) => console.log(`${((performance.now() - began) / 1000).toFixed(0)} s ${JSON.stringify(value)}`),
    });
    const configs = ['100-worker-iommu 3.2.0', '100-worker-vfiopci 3.2.0'];
    expect(results).toEqual([
      {
        created: 'machineconfig.machineconfiguration.openshift.io/100-worker-iommu created\n',
        listed: expect.arrayContaining([configs[0]]),
      },
      {
        butane: 0,
        applied: 'machineconfig.machineconfiguration.openshift.io/100-worker-vfiopci created\n',
        listed: expect.arrayContaining(configs),
      },
      {
        steps: expect.arrayContaining(['/etc/modprobe.d/vfio.conf', '/etc/modules-load.d/vfio-pci.conf', 'update-initramfs']),
        file: 'options vfio-pci ids=8086:10d3\n',
        driver: 'vfio-pci',
      },
      { edited: expect.stringMatching(/kubevirt-hyperconverged edited\n$/), described: ['1', '1'] },
      { created: expect.stringMatching(/vm-with-device created\n$/), guest: ['00.0 8086:10d3'] },
      { edited: expect.stringMatching(/kubevirt-hyperconverged edited\n$/), described: ['0', '0'] },
    ]);
  });
});
