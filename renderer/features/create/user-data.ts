// Owns the cloud-init user data of a new machine.
// Must not hold a password in the clear: it takes the hash.
import { stringify } from 'yaml';
import type { CreateForm } from './form.ts';

/** What goes into the key `userdata` of the Secret; undefined when there is nothing to say. */
export function userData(form: CreateForm, passwordHash: string | undefined): string | undefined {
  const { account, system } = form;
  switch (account.mode) {
    case 'none':
      return undefined;
    case 'raw':
      return account.rawUserData;
    case 'form':
      return `#cloud-config\n${stringify(cloudConfig(account, { passwordHash, packages: system.source === 'debian' ? [] : packageList(account.packages) }), { lineWidth: 0 })}`;
  }
}

interface Resolved {
  readonly passwordHash: string | undefined;
  readonly packages: readonly string[];
}

/**
 * `user` changes the distribution's own first account, so that its groups, shell and sudo rule stay right on every system.
 * Password logins over SSH are opened only when there is no key: the forwarded port is on the loopback of this computer.
 */
function cloudConfig(account: CreateForm['account'], { passwordHash, packages }: Resolved): object {
  const keys = account.sshKeys.filter((line) => line.trim() !== '');
  return {
    user: {
      name: account.user,
      ...(passwordHash === undefined ? {} : { lock_passwd: false, passwd: passwordHash }),
      ...(keys.length > 0 ? { ssh_authorized_keys: keys } : {}),
    },
    ...(passwordHash !== undefined && keys.length === 0 ? { ssh_pwauth: true } : {}),
    ...(packages.length > 0 ? { package_update: true, packages } : {}),
  };
}

export function packageList(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '');
}
