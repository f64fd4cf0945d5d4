// Owns the shapes of certificates, credentials and API access as the wire carries them, and the names of the two roles.
// Must not decide what is due; core/certificates does.

/** admin: everything, the user's own; view: looking, without Secrets and without consoles, as KubeVirt's own view role. */
export const roles = ['admin', 'view'] as const;
export type Role = (typeof roles)[number];

/** The organisation (Kubernetes: group) in a client certificate that stands for a role. */
export const groupOfRole: Readonly<Record<Role, string>> = { admin: 'virtdeck:admin', view: 'virtdeck:view' };

export function roleOfGroups(groups: readonly string[]): Role | undefined {
  return roles.find((role) => groups.includes(groupOfRole[role]));
}

/** Who holds a server certificate: the HTTPS listener, and QEMU for VNC. Two keys, because QEMU is nearer to the guests. */
export const serverNames = ['api', 'vnc'] as const;
export type ServerName = (typeof serverNames)[number];

/** In `HyperConverged.status.certificates`. Times are RFC 3339. */
export interface CertificateReport {
  /** Oldest first. The newest signs; the others are trusted until they expire. */
  readonly authorities: readonly AuthorityReport[];
  readonly servers: readonly ServerReport[];
}

export interface AuthorityReport extends CertificateLife {
  readonly signs: boolean;
}

export interface ServerReport extends CertificateLife {
  readonly name: ServerName;
  /** Serial number of the authority that signed it. */
  readonly authority: string;
  /** Host names and addresses that it is good for. */
  readonly hosts: readonly string[];
}

interface CertificateLife {
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
  /** When the next one takes its place; absent for an authority that signs no more. */
  readonly renewAt?: string;
  /** SHA-256 of the certificate, as `openssl x509 -fingerprint -sha256` prints it. */
  readonly fingerprint: string;
}

/** GET and POST /apis/virtdeck.io/v1alpha1/apiaccess */
export interface ApiAccess {
  /** `https://127.0.0.1:6443`, or absent while nothing listens. */
  readonly server?: string;
  /** Absolute path of the file with every trusted authority. It is written anew at each rotation. */
  readonly certificateAuthority: string;
  /** The same as PEM, as it is now; absent while there are no certificates. */
  readonly certificateAuthorityData?: string;
}

/** POST /apis/virtdeck.io/v1alpha1/credentials */
export interface CredentialRequest {
  /** SPKI as PEM: the private key stays with who asks. */
  readonly publicKey: string;
  readonly role: Role;
}

/** Its answer: a client certificate as PEM, and RFC 3339 when it ends. */
export interface Credential {
  readonly certificate: string;
  readonly notAfter: string;
}

/** POST /apis/virtdeck.io/v1alpha1/tokens {role} */
export interface BearerToken {
  readonly token: string;
  readonly notAfter: string;
}
