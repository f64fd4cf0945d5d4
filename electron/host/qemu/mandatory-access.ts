// Owns telling a refusal by SELinux or AppArmor from one by a file's owner and mode: QEMU was refused what this user may open.
// Must not read the kernel's log, which an ordinary user may not; it says where to look.
import { AppError } from '../../api/errors.ts';
import { createSysfs } from '../devices/sysfs.ts';

const refusal = /(?:failed to open|[Cc]ould not open) '?(\/[^':]+)'?: (?:Permission denied|Operation not permitted)/;

interface Guard {
  readonly name: string;
  readonly file: string;
  /** What the file says while it refuses. */
  readonly on: string;
  readonly fix: string;
}

/** SELinux first: a kernel with both has AppArmor switched on and without profiles. */
const guards: readonly Guard[] = [
  {
    name: 'SELinux',
    file: '/sys/fs/selinux/enforce',
    on: '1',
    fix: 'See what was denied: sudo ausearch -m avc -ts recent. Then label the file for virtual machines, or allow it in the policy.',
  },
  {
    name: 'AppArmor',
    file: '/sys/module/apparmor/parameters/enabled',
    on: 'Y',
    fix: "See what was denied: sudo journalctl -k -g apparmor. Then allow the file in QEMU's profile under /etc/apparmor.d, and load it again.",
  },
];

/** The same error, or one that names who refused. `root` is where /sys and the file are looked for. */
export async function guardedError(error: AppError, stderr: string, root = '/'): Promise<AppError> {
  const [, file] = refusal.exec(stderr) ?? [];
  const sysfs = createSysfs(root);
  if (file === undefined || (await sysfs.mayOpen(file)) !== true) return error;
  for (const { name, file: state, on, fix } of guards) {
    if ((await sysfs.text(state)) !== on) continue;
    const message = `${name} keeps QEMU from opening ${file}, which its owner and mode allow.`;
    const cause = { reason: 'DeniedByPolicy', field: error.causes[0]?.field ?? '', message, fix };
    return new AppError(error.code, `QEMU ended before the machine could run: ${message}`, { causes: [cause], cause: stderr });
  }
  return error;
}
