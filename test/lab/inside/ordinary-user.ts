// Owns an ordinary user of the outer machine, and what stands for pkexec there: no polkit runs in it, and nobody could be asked.
// Must not be easier than the real one: the program is asked for by its installed path, as root, with nothing of the caller's but its id.
import { appendFileSync, chmodSync, chownSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundledHelper, installedHelper } from '../../../native/index.ts';

export interface OrdinaryUser {
  readonly uid: number;
  readonly gid: number;
}

/** Nobody of that number is anywhere. */
const ada: OrdinaryUser = { uid: 4242, gid: 4242 };

/** setpriv, as root whoever starts it. */
const asRoot = '/usr/local/libexec/lab-as-root';
const pkexec = `#!/bin/sh
exec env -i PKEXEC_UID="$(id -u)" ${asRoot} --reuid=0 --regid=0 --clear-groups "$@"
`;

export function makeOrdinaryUser(): OrdinaryUser {
  appendFileSync('/etc/passwd', `ada:x:${ada.uid}:${ada.gid}::/home/ada:/bin/sh\n`);
  appendFileSync('/etc/group', `ada:x:${ada.gid}:\n`);
  mkdirSync('/home/ada', { recursive: true });
  chownSync('/home/ada', ada.uid, ada.gid);
  mkdirSync(path.dirname(installedHelper), { recursive: true });
  copyFileSync(bundledHelper ?? '', installedHelper);
  chmodSync(installedHelper, 0o755);
  copyFileSync('/usr/bin/setpriv', asRoot);
  chmodSync(asRoot, 0o4755);
  writeFileSync('/usr/local/bin/pkexec', pkexec);
  chmodSync('/usr/local/bin/pkexec', 0o755);
  // The checkout may lie below a home folder.
  for (let folder = process.cwd(); folder !== '/'; folder = path.dirname(folder)) chmodSync(folder, statSync(folder).mode | 0o055);
  return ada;
}
