// Owns what every kubectl must be able to do about devices of the computer: one row a task.
// Must not know which versions there are.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Task } from './task.ts';

export const hostDevices: readonly Task[] = [
  {
    // OpenShift's chapter on PCI passthrough prints it: edit, describe node, take the device out, describe again.
    name: 'edit hyperconverged allows a PCI device, and describe node shows it, then none',
    // `wait` looks at a path since then.
    since: 23,
    run: async ({ ok, folder }) => {
      const edit = async (script: string): Promise<string> => {
        const editor = join(folder, 'allow.sh');
        await writeFile(editor, `#!/bin/sh\nsed -i ${script} "$1"\n`, { mode: 0o755 });
        return await ok('edit hyperconverged kubevirt-hyperconverged -n openshift-cnv', { env: { KUBE_EDITOR: editor } });
      };
      const devices = ['pciDeviceSelector: "8086:154C"', 'resourceName: "intel.com/virtual_function"', 'externalResourceProvider: true'];
      const text = ['  permittedHostDevices:', '    pciHostDevices:', `    - ${devices.join('\\n      ')}`].join('\\n');
      expect(await edit(`'s|^spec:|spec:\\n${text}|'`)).toBe('hyperconverged.hco.kubevirt.io/kubevirt-hyperconverged edited\n');
      await ok('wait node --all --for=jsonpath={.status.allocatable.intel\\.com/virtual_function}=1 --timeout=60s');
      expect(await ok('describe node')).toMatch(
        /Capacity:[^]*intel\.com\/virtual_function: +1\n[^]*Allocatable:[^]*intel\.com\/virtual_function: +1\n/,
      );
      await edit(`-e '/permittedHostDevices:/,/resourceName/d'`);
      await ok('wait node --all --for=jsonpath={.status.capacity.intel\\.com/virtual_function}=0 --timeout=60s');
      expect(await ok('describe node')).toMatch(/intel\.com\/virtual_function: +0\n/);
    },
  },
];
