// Owns a second core as the far end of a connection: it lets programs in over HTTPS, and there is a kubeconfig to find it by.
// Must not test anything.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { virtdeck } from '../server/cli-process.ts';

export interface FarEnd {
  readonly core: CoreProcess;
  /** As `virtdeck kubeconfig` prints it: it names a program that signs in. */
  readonly kubeconfig: string;
}

export async function startFarEnd(): Promise<FarEnd> {
  const core = await startCore();
  await core.request({
    method: 'PATCH',
    path: '/apis/virtdeck.io/v1alpha1/settings/default',
    body: { spec: { apiAccess: 'on' } },
    contentType: 'application/merge-patch+json',
  });
  const { status, stdout, stderr } = await virtdeck({ data: core.dataDir, run: core.runDir }, ['kubeconfig']);
  if (status !== 0) throw new Error(stderr);
  const kubeconfig = join(core.dataDir, 'kubeconfig');
  writeFileSync(kubeconfig, stdout, { mode: 0o600 });
  return { core, kubeconfig };
}
