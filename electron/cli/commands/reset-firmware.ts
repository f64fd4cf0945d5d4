// Owns `virtdeck reset-firmware`: asks first, then tells where the old settings are kept.
// Must not touch any file; the API does.
import { createInterface } from 'node:readline/promises';
import type { FirmwareReset } from '../../api/computer.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface ResetOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export async function resetFirmware(session: Session, name: string, { yes = false, dryRun = false }: ResetOptions): Promise<void> {
  if (!yes && !dryRun && !(await isConfirmed(name))) {
    session.print('Nothing was changed.');
    return;
  }
  const path = `/apis/virtdeck.io/v1alpha1/namespaces/${session.namespace}/virtualmachines/${encodeURIComponent(name)}/resetfirmware`;
  const { backups } = (await session.request({ method: 'PUT', path: `${path}${dryRun ? '?dryRun=All' : ''}` })) as FirmwareReset;
  session.print(`The firmware of VM ${name} ${dryRun ? 'would be reset (server dry run)' : 'was reset'}`);
  for (const backup of backups) session.print(`Kept: ${backup}`);
}

async function isConfirmed(name: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError(`Nobody is there to be asked. Say --yes to reset the firmware of ${name}.`);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await lines.question(`Boot entries and keys in the firmware of ${name} are set back to how they came. Go on? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
