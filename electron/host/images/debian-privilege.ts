// Owns how a Debian tree may be built on this computer: as root, or as root of a user namespace; and why not.
// Must not build anything.
import { userInfo } from 'node:os';
import { AppError, type Cause } from '../../api/errors.ts';
import { findProgram, runCommand } from '../exec.ts';

export interface Privilege {
  readonly how: 'root' | 'user-namespace';
  /** Put before a program, it runs it where files can belong to everybody and mounts are seen by nobody else. */
  readonly wrapper: readonly string[];
}

export type PrivilegeFinding = { readonly privilege: Privilege } | { readonly causes: readonly Cause[] };

/** Programs of the build with the packages that have them. */
const programs: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  mke2fs: 'e2fsprogs',
  mformat: 'mtools',
  'apt-get': 'apt',
  unshare: 'util-linux',
};

/** --kill-child: whatever maintainer scripts start dies with the build. Mounts made inside are never seen outside. */
const isolation = ['--mount', '--pid', '--fork', '--kill-child'];
const asRoot: Privilege = { how: 'root', wrapper: ['unshare', ...isolation] };
/** The user becomes root of the namespace, so that files of its root belong to the user outside. */
const asUser: Privilege = { how: 'user-namespace', wrapper: ['unshare', '--user', '--map-root-user', '--map-auto', ...isolation] };

const probeTimeoutMs = 10_000;

/** Tries what it names; nothing is inferred from settings. */
export async function findPrivilege(): Promise<PrivilegeFinding> {
  const missing: string[] = [];
  for (const [program, debianPackage] of Object.entries(programs))
    if ((await findProgram(program)) === undefined) missing.push(debianPackage);
  if (missing.length > 0) {
    const message = `Building a Debian guest needs ${missing.join(', ')}, which this computer does not have.`;
    return { causes: [cause('ProgramMissing', message, `Install it: sudo apt install ${missing.join(' ')}`)] };
  }
  const privilege = userInfo().uid === 0 ? asRoot : asUser;
  const [program = '', ...args] = privilege.wrapper;
  const probe = await runCommand({ program, args: [...args, '--', 'true'], timeoutMs: probeTimeoutMs });
  if (probe.code === 0) return { privilege };
  return { causes: [await refusal(privilege, probe.stderr.trim().split('\n').at(-1) ?? '')] };
}

/** Throws ToolFailed with the causes. */
export async function requirePrivilege(): Promise<Privilege> {
  const finding = await findPrivilege();
  if ('privilege' in finding) return finding.privilege;
  throw new AppError('ToolFailed', finding.causes[0]?.message ?? '', { causes: finding.causes });
}

async function refusal({ how }: Privilege, words: string): Promise<Cause> {
  if (how === 'root')
    return cause(
      'NoNamespaces',
      `This computer does not let root make mount namespaces: ${words}.`,
      'Run Virtdeck outside of the container, or give the container CAP_SYS_ADMIN.',
    );
  const { username } = userInfo();
  if ((await findProgram('newuidmap')) === undefined)
    return cause(
      'ProgramMissing',
      'Building a Debian guest as an ordinary user needs newuidmap, which this computer does not have.',
      'Install it: sudo apt install uidmap',
    );
  if (/subuid|subordinate|no line matching/i.test(words)) {
    const message = `The user ${username} has no subordinate user ids: ${words}.`;
    return cause(
      'NoSubordinateIds',
      message,
      `Give some: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
    );
  }
  const fix = 'Allow user namespaces: sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0';
  return cause('NoNamespaces', `This computer does not let users make namespaces: ${words}.`, fix);
}

function cause(reason: string, message: string, fix: string): Cause {
  return { reason, field: 'spec.source.mmdebstrap', message, fix };
}
