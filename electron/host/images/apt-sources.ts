// Owns reading apt's list of package sources (sources.list(5)), and choosing those that make up one Debian release.
// Must not fetch anything.

export interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Key file or fingerprints, as apt takes it. */
  readonly signedBy?: string;
}

/** Enabled `deb` sources of one file: the one-line form for `.list`, deb822 for `.sources`. Never throws; odd lines are left out. */
export function parseAptSources(text: string, form: 'list' | 'sources'): AptSource[] {
  return form === 'list' ? text.split('\n').flatMap(oneLine) : text.split(/\n\s*\n/).flatMap(stanza);
}

function oneLine(line: string): AptSource[] {
  const found = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+([^#]+)/.exec(line);
  if (found === null) return [];
  const [, options = '', uri = '', suite = '', components = ''] = found;
  const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
  return [{ uri, suite, components: components.trim().split(/\s+/), ...(signedBy === undefined ? {} : { signedBy }) }];
}

function stanza(text: string): AptSource[] {
  const fields = new Map<string, string>();
  let last = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const [, name, value] = /^([A-Za-z-]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      last = name.toLowerCase();
      fields.set(last, value ?? '');
    } else if (/^\s+\S/.test(line)) fields.set(last, `${fields.get(last) ?? ''}\n${line.trim()}`);
  }
  const words = (name: string): string[] => (fields.get(name) ?? '').split(/\s+/).filter((word) => word !== '');
  if (/^(no|false|0|off)$/i.test(fields.get('enabled') ?? '') || !words('types').includes('deb')) return [];
  const signedBy = fields.get('signed-by');
  // A key written into the stanza itself cannot be handed on in one line; apt's own trusted keys must do.
  const key = signedBy !== undefined && !signedBy.includes('BEGIN PGP') ? { signedBy: signedBy.trim() } : {};
  return words('uris').flatMap((uri) => words('suites').map((suite) => ({ uri, suite, components: words('components'), ...key })));
}

/** Where Debian is when this computer has no source of it. */
const publicMirror = 'http://deb.debian.org/debian';
const securityMirror = 'http://security.debian.org/debian-security';
export const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Suites that get no updates of their own. */
const rolling = ['sid', 'unstable', 'experimental'];

/**
 * The sources of `suite`, from the mirrors that this computer uses: its own lines where it has the same suite, else the same
 * mirrors with the suite's name put in.
 */
export function debianSources(all: readonly AptSource[], suite: string): AptSource[] {
  const debian = all.filter(isDebian);
  const mirror = (debian.find((source) => !isSecurity(source)) ?? { uri: publicMirror }).uri;
  const security = (debian.find(isSecurity) ?? { uri: securityMirror }).uri;
  const signedBy = debianKeyring;
  const source = (uri: string, name: string): AptSource => ({ uri, suite: name, components: ['main'], signedBy });
  if (rolling.includes(suite)) return [source(mirror, suite)];
  return [source(mirror, suite), source(mirror, `${suite}-updates`), source(security, `${suite}-security`)];
}

/** Debian's archive is `main` under a path that ends in debian or debian-security; other vendors use neither. */
function isDebian({ uri, components }: AptSource): boolean {
  return components.includes('main') && /\/debian(-security)?\/?$/.test(uri) && /^(https?|file|copy|mirror\+https?):/.test(uri);
}

function isSecurity({ uri }: AptSource): boolean {
  return /\/debian-security\/?$/.test(uri);
}

/** One line for mmdebstrap and for the guest's own sources.list. */
export function sourceLine({ uri, suite, components, signedBy }: AptSource): string {
  return `deb ${signedBy === undefined ? '' : `[signed-by=${signedBy}] `}${uri} ${suite} ${components.join(' ')}`;
}
