// Owns what the page shows of certificates: authorities, newest first, with what each signed, and how far each has come.
// Must not format anything.
import type { CertificateReport, ServerName } from '../../../electron/api/certificates.ts';

export interface LifeView {
  readonly serialNumber: string;
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  readonly renewAt: number | undefined;
}

export interface AuthorityView extends LifeView {
  readonly signs: boolean;
  readonly servers: readonly ServerView[];
}

export interface ServerView extends LifeView {
  readonly name: ServerName;
  readonly hosts: readonly string[];
}

export function chainView({ authorities, servers }: CertificateReport): readonly AuthorityView[] {
  return authorities.toReversed().map((authority) => ({
    ...lifeView(authority),
    signs: authority.signs,
    servers: servers
      .filter((server) => server.authority === authority.serialNumber)
      .map((server) => ({ ...lifeView(server), name: server.name, hosts: server.hosts })),
  }));
}

interface Reported {
  readonly serialNumber: string;
  readonly fingerprint: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly renewAt?: string;
}

function lifeView({ serialNumber, fingerprint, notBefore, notAfter, renewAt }: Reported): LifeView {
  return {
    serialNumber,
    fingerprint,
    from: Date.parse(notBefore),
    until: Date.parse(notAfter),
    renewAt: renewAt === undefined ? undefined : Date.parse(renewAt),
  };
}

/** Where a moment lies between issue and end, 0 to 100. */
export function percentOfLife({ from, until }: Pick<LifeView, 'from' | 'until'>, at: number): number {
  return until <= from ? 100 : Math.min(100, Math.max(0, ((at - from) / (until - from)) * 100));
}
