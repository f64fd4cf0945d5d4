// Owns an authority that nobody trusts yet, and a certificate of it for 127.0.0.1: openssl's, so that none of our own code vouches for itself.
// Must not know who serves with it.
import { execFileSync } from 'node:child_process';
import path from 'node:path';

/** Paths; the authority itself is `authority.crt` beside them. */
export function ownAuthority(folder: string): { readonly certificate: string; readonly key: string } {
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly string[]): unknown => execFileSync('openssl', args, { stdio: 'pipe' });
  const fresh = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  openssl(...fresh, '-subj', '/CN=Authority', '-keyout', file('authority.key'), '-out', file('authority.crt'));
  const signed = ['-CA', file('authority.crt'), '-CAkey', file('authority.key'), '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl(
    ...fresh,
    ...signed,
    '-addext',
    'basicConstraints=CA:FALSE',
    '-subj',
    '/CN=Registry',
    '-keyout',
    file('tls.key'),
    '-out',
    file('tls.crt'),
  );
  return { certificate: file('tls.crt'), key: file('tls.key') };
}
