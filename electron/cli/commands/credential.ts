// Owns `virtdeck credential`, which kubectl runs before it calls, and `virtdeck token`.
// Must not keep a key: it is made, printed to whoever asked, and forgotten.
import { generateKeyPairSync } from 'node:crypto';
import { userInfo } from 'node:os';
import type { BearerToken, Credential, Role } from '../../api/certificates.ts';
import type { Session } from '../session.ts';

interface RoleOptions {
  readonly view?: boolean;
}

/** An ExecCredential of Kubernetes. The private key never reaches the core. */
export async function credential(session: Session, options: RoleOptions): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const body = { publicKey: publicKey.export({ type: 'spki', format: 'pem' }), role: roleOf(options), user: userName() };
  const path = '/apis/virtdeck.io/v1alpha1/credentials';
  const { certificate, notAfter } = (await session.request({ method: 'POST', path, body })) as Credential;
  const status = {
    expirationTimestamp: notAfter,
    clientCertificateData: certificate,
    clientKeyData: privateKey.export({ type: 'pkcs8', format: 'pem' }),
  };
  session.print(JSON.stringify({ kind: 'ExecCredential', apiVersion: askedVersion(), status }));
}

export async function token(session: Session, options: RoleOptions): Promise<void> {
  const path = '/apis/virtdeck.io/v1alpha1/tokens';
  const answer = (await session.request({ method: 'POST', path, body: { role: roleOf(options) } })) as BearerToken;
  process.stderr.write(`Good until ${answer.notAfter}, or until the core ends.\n`);
  session.print(answer.token);
}

function roleOf({ view }: RoleOptions): Role {
  return view === true ? 'view' : 'admin';
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as in a container.
    return 'owner';
  }
}

/** The answer must be of the version that the kubeconfig named. */
function askedVersion(): string {
  const fallback = 'client.authentication.k8s.io/v1beta1';
  try {
    const info = JSON.parse(process.env['KUBERNETES_EXEC_INFO'] ?? '{}') as { readonly apiVersion?: string };
    return info.apiVersion ?? fallback;
  } catch {
    return fallback;
  }
}
