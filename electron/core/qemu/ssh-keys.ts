// Owns accessCredentials: SSH keys that reach the guest through its cloud-init medium.
// Must not use the guest agent; keys that ask for it are not sent.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../facts.ts';

export interface SshKeys {
  readonly lines: readonly string[];
  readonly causes: readonly Cause[];
}

/** Every value of every Secret that is sent by `medium`, in order, without doubles. */
export function sshKeys(vmi: VirtualMachineInstance, secrets: LaunchFacts['secrets'], medium: 'noCloud' | 'configDrive'): SshKeys {
  const rows = (vmi.spec.accessCredentials ?? []).map(({ sshPublicKey }, index): SshKeys => {
    const field = `spec.accessCredentials[${index}].sshPublicKey`;
    if (sshPublicKey?.propagationMethod[medium] === undefined) return none;
    const name = sshPublicKey.source.secret?.secretName;
    const secret = name === undefined ? undefined : secrets[name];
    if (secret === undefined) return { ...none, causes: [missing(name, `${field}.source.secret`)] };
    return {
      ...none,
      lines: Object.keys(secret)
        .toSorted()
        .flatMap((key) => keyLines(secret[key] ?? '')),
    };
  });
  return {
    lines: [...new Set(rows.flatMap(({ lines }) => lines))],
    causes: rows.flatMap(({ causes }) => causes),
  };
}

const none: SshKeys = { lines: [], causes: [] };

function keyLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

function missing(name: string | undefined, field: string): Cause {
  return {
    reason: 'SecretMissing',
    field,
    message: `There is no Secret ${name ?? ''} with SSH keys.`,
    fix: 'Create it, or correct its name.',
  };
}
