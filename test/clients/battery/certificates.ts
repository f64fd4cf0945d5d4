// Owns what every kubectl must be able to do about certificates: one row a task.
// Must not know which versions there are.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Task } from './task.ts';

export const certificates: readonly Task[] = [
  {
    // OpenShift's chapter on certificates prints the example and the error.
    name: 'edit hco: a duration that is deleted is the default again, which may be too long',
    run: async ({ ok, fails, folder }) => {
      const editor = join(folder, 'shorten.sh');
      const change = 's/duration: 48h0m0s/duration: 4h0m0s/; s/renewBefore: 24h0m0s/renewBefore: 1h0m0s/; /duration: 24h0m0s/d';
      await writeFile(editor, `#!/bin/sh\nsed -i '${change}; s/renewBefore: 12h0m0s/renewBefore: 4h0m0s/' "$1"\n`, { mode: 0o755 });
      // kubectl keeps what was edited in vain.
      const env = { KUBE_EDITOR: editor, TMPDIR: folder };
      expect(await fails('edit hco -n openshift-cnv kubevirt-hyperconverged', { env })).toContain(
        'error: hyperconvergeds.hco.kubevirt.io "kubevirt-hyperconverged" could not be patched: admission webhook "validate-hco.kubevirt.io" denied the request: spec.certConfig: ca.duration is smaller than server.duration',
      );
      expect(await ok('get hco -n openshift-cnv kubevirt-hyperconverged -o jsonpath={.spec.certConfig.ca.duration}')).toBe('48h0m0s');
    },
  },
];
