// Owns what is known of the certificates in the data folder. Times are milliseconds since 1970.
// Must not hold keys.
import type { ServerName } from '../../api/certificates.ts';

export interface CertificateFacts {
  /** Oldest first. */
  readonly authorities: readonly AuthorityFact[];
  readonly servers: readonly ServerFact[];
}

interface IssuedFact {
  /** Lower-case hex. */
  readonly serialNumber: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** SHA-256 as `AA:BB:…`. */
  readonly fingerprint: string;
}

export interface AuthorityFact extends IssuedFact {
  /** False when its key is missing or is not its own: it is trusted, and signs nothing. */
  readonly canSign: boolean;
}

export interface ServerFact extends IssuedFact {
  readonly name: ServerName;
  /** Serial number of the authority that signed it. */
  readonly authority: string;
  readonly hosts: readonly string[];
}
