// Owns reading the annotation that says what the user network boots a guest from.
// Must not look whether it is there.
import type { Cause } from '../../api/errors.ts';

/**
 * The user network belongs to one machine, so this stands on the machine and not on a NetworkAttachmentDefinition: a bridge has a
 * boot server of its own.
 */
export type NetworkBootSource =
  | { readonly type: 'folder'; readonly folder: string; readonly file?: string }
  /** A package of Debian's with an installer. */
  | { readonly type: 'package'; readonly package: string; readonly file?: string }
  /** An iPXE script or a boot program, read by iPXE over HTTP. */
  | { readonly type: 'url'; readonly url: string };

export interface SourceReading {
  readonly source?: NetworkBootSource;
  readonly causes: readonly Cause[];
}

/** The boot file field of DHCP has 128 bytes with its closing zero. */
const maxFileBytes = 127;
const example =
  'Write {"folder": "/srv/tftp"}, {"package": "debian-installer-12-netboot-amd64"} or {"url": "http://10.0.2.1:8000/boot.ipxe"}.';

export function parseNetworkBoot(text: string, field: string): SourceReading {
  const no = (message: string, fix = example): SourceReading => ({ causes: [{ reason: 'FieldValueInvalid', field, message, fix }] });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return no('The network boot is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return no('The network boot is no JSON object.');
  const { folder, package: name, url, file, ...unknown }: Readonly<Record<string, unknown>> = { ...value };
  const [strange] = Object.keys(unknown);
  if (strange !== undefined) return no(`The network boot has an unknown member ${JSON.stringify(strange)}.`);
  if ([folder, name, url].filter((way) => way !== undefined).length !== 1)
    return no('The network boot must name one of folder, package and url.');
  if (file !== undefined && (typeof file !== 'string' || !isBootFile(file))) {
    return no('The boot file must be a path below the folder, of at most 127 letters, digits, "/", ".", "_", "+" and "-".');
  }
  const boot = typeof file === 'string' ? { file } : {};
  if (folder !== undefined) {
    if (typeof folder !== 'string' || !folder.startsWith('/') || folder.split('/').includes('..'))
      return no('The folder must be an absolute path.');
    return { source: { type: 'folder', folder, ...boot }, causes: [] };
  }
  if (name !== undefined) {
    if (typeof name !== 'string' || !/^debian-installer-\d+-netboot-amd64$/.test(name))
      return no('The package must be an installer of Debian.');
    return { source: { type: 'package', package: name, ...boot }, causes: [] };
  }
  if (file !== undefined) return no('An address names the file already.');
  if (typeof url !== 'string' || !/^http:\/\/[\x21-\x7e]+$/.test(url)) {
    return no('The address must begin with http:// and be plain ASCII.', 'iPXE, as QEMU brings it, speaks HTTP without TLS: use http://.');
  }
  return url.length > maxFileBytes
    ? no(`The address has ${url.length} characters; DHCP has room for ${maxFileBytes}.`, 'Use a shorter one.')
    : { source: { type: 'url', url }, causes: [] };
}

function isBootFile(file: string): boolean {
  return file.length <= maxFileBytes && /^[\w.+-][\w./+-]*$/.test(file) && !file.split('/').includes('..');
}
