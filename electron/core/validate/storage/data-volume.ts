// Owns the rules of a DataVolume: one source, one size, and sources that can be read.
// Must not fetch anything.
import type { Cause } from '../../../api/errors.ts';
import { annotations } from '../../../api/annotations.ts';
import type { LocalSources } from '../../../api/kinds/data-volume.ts';
import type { DraftObject } from '../../../api/object.ts';
import { parseImage } from '../../images/image-reference.ts';
import { sameJson } from '../../status/same-json.ts';
import { nanoOf } from '../amounts.ts';
import { subdomainErrors } from '../names.ts';
import { type Rule, invalid, notSupported, required } from '../rule.ts';

/** What the rules read. A dataVolumeTemplate has the same shape under other names in the published types. */
interface Spec {
  readonly source?: Source;
  readonly sourceRef?: object;
  readonly pvc?: Target;
  readonly storage?: Target;
}

interface Source extends LocalSources {
  readonly http?: { readonly url: string; readonly checksum?: string };
  readonly registry?: { readonly url?: string; readonly imageStream?: string };
  readonly pvc?: { readonly name: string };
  readonly blank?: object;
  readonly upload?: object;
}

interface Target {
  readonly resources?: { readonly requests?: Readonly<Record<string, string>> };
}

export interface DataVolumeDraft extends Pick<DraftObject, 'metadata'> {
  readonly spec: Spec;
}

/** CDI has no field for it, so that a cluster ignores what it does not know. */
export const checksumAnnotation: Rule<DataVolumeDraft> = ({ metadata }) => {
  const text = metadata.annotations?.[annotations.checksum];
  if (text === undefined || isChecksum(text)) return [];
  const field = `metadata.annotations[${annotations.checksum}]`;
  return [invalid(field, `${field} '${text}' is not a checksum`, 'Write sha256: or sha512: and the digits.')];
};

/** Sources that this computer can fill a disk from. */
const sources = ['blank', 'http', 'registry', 'pvc', 'upload', 'file', 'mmdebstrap'] as const;

export function dataVolumeSpecCauses(spec: Spec, path: string): Cause[] {
  return [...sourceCauses(spec, path), ...sizeCauses(spec, path)];
}

function sourceCauses({ source, sourceRef }: Spec, path: string): Cause[] {
  const field = `${path}.source`;
  if (sourceRef !== undefined) {
    return [notSupported(`${path}.sourceRef`, 'A DataSource cannot be referred to on this computer', 'Name the claim in source.pvc.')];
  }
  const set = Object.entries(source ?? {}).filter(([, value]) => value !== undefined);
  if (source === undefined || set.length === 0)
    return [
      required(
        field,
        'Data volume should have either Source or SourceRef',
        'Add source.blank, source.http, source.pvc, source.upload or source.file.',
      ),
    ];
  if (set.length > 1) return [invalid(field, 'Multiple Data volume sources', `Keep one of ${set.map(([name]) => name).join(', ')}.`)];
  const [name = ''] = set[0] ?? [];
  if (!sources.some((known) => known === name)) {
    return [notSupported(`${field}.${name}`, `The source ${name} cannot be read on this computer`, `Use one of ${sources.join(', ')}.`)];
  }
  return [...httpCauses(source, field), ...registryCauses(source, field), ...cloneCauses(source, field), ...localCauses(source, field)];
}

function httpCauses({ http }: Source, field: string): Cause[] {
  if (http === undefined) return [];
  const { url, checksum } = http;
  return [
    ...(url === ''
      ? [required(`${field}.http.url`, `${field} Source URL is missing`, 'Name the address of the image.')]
      : isHttpUrl(url)
        ? []
        : [invalid(`${field}.http.url`, `${field} Invalid source URL: ${url}`, 'Begin it with https:// or http://.')]),
    ...(checksum === undefined || isChecksum(checksum)
      ? []
      : [
          invalid(
            `${field}.http.checksum`,
            `${field}.http.checksum '${checksum}' is not a checksum`,
            'Write sha256: or sha512: and the digits.',
          ),
        ]),
  ];
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\/[^\s/?#]+([/?#]\S*)?$/i.test(text);
}

/** `sha256:` and 64 hexadecimal digits, or `sha512:` and 128. */
export function isChecksum(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(text) || /^sha512:[0-9a-f]{128}$/i.test(text);
}

function registryCauses({ registry }: Source, field: string): Cause[] {
  if (registry === undefined) return [];
  const { url, imageStream } = registry;
  const at = `${field}.registry`;
  if (imageStream !== undefined)
    return [notSupported(`${at}.imageStream`, 'There are no image streams on this computer', 'Name the image in url.')];
  if (url === undefined || url === '')
    return [required(`${at}.url`, `${at}.url is missing`, 'Name the image, such as docker://quay.io/containerdisks/fedora:latest.')];
  if (!url.startsWith('docker://'))
    return [invalid(`${at}.url`, `${at}.url '${url}' does not begin with docker://`, 'Write docker:// and the name of the image.')];
  return parseImage(url) === undefined ? [invalid(`${at}.url`, `${at}.url '${url}' is not the name of an image`, 'Correct the name.')] : [];
}

function cloneCauses({ pvc }: Source, field: string): Cause[] {
  if (pvc === undefined) return [];
  const errors = subdomainErrors(pvc.name);
  if (pvc.name === '') return [required(`${field}.pvc.name`, `${field}.pvc.name is required`, 'Name the claim to copy.')];
  return errors.map((error) => invalid(`${field}.pvc.name`, `Invalid value: ${JSON.stringify(pvc.name)}: ${error}`, 'Correct the name.'));
}

function localCauses({ file, mmdebstrap }: Source, field: string): Cause[] {
  const { suite, packages = [] } = mmdebstrap ?? {};
  return [
    ...(file === undefined || file.path.startsWith('/')
      ? []
      : [invalid(`${field}.file.path`, `${field}.file.path '${file.path}' must be an absolute path`, 'Begin the path with /.')]),
    // These become arguments of a program: only what Debian itself allows in such names.
    ...(suite === undefined || /^[a-z][a-z0-9.-]*$/.test(suite)
      ? []
      : [
          invalid(
            `${field}.mmdebstrap.suite`,
            `${field}.mmdebstrap.suite '${suite}' is not the name of a suite`,
            'Write a name such as bookworm.',
          ),
        ]),
    ...packages.flatMap((name, index) =>
      /^[a-z0-9][a-z0-9+.-]+$/.test(name)
        ? []
        : [invalid(`${field}.mmdebstrap.packages[${index}]`, `'${name}' is not the name of a Debian package`, 'Correct the name.')],
    ),
  ];
}

/** Sources whose own size is known once they are read. */
const selfSized: readonly string[] = ['http', 'registry', 'pvc', 'upload', 'file'];

function sizeCauses({ pvc, storage, source }: Spec, path: string): Cause[] {
  if (pvc !== undefined && storage !== undefined) {
    return [invalid(path, 'Duplicate storage definition, both target storage and target pvc defined', 'Keep storage.')];
  }
  const target = pvc === undefined ? 'storage' : 'pvc';
  const field = `${path}.${target}`;
  if (pvc === undefined && storage === undefined)
    return [required(field, 'Missing Data volume PVC or Storage', 'Add storage.resources.requests.storage.')];
  const size = (pvc ?? storage)?.resources?.requests?.['storage'];
  const where = `${field}.resources.requests.storage`;
  if (size === undefined) {
    const known = storage !== undefined && Object.keys(source ?? {}).some((name) => selfSized.includes(name));
    return known ? [] : [required(where, `${target.toUpperCase()} size is missing`, 'Set a size, such as 20Gi.')];
  }
  return nanoOf(size) > 0n
    ? []
    : [invalid(where, `${target.toUpperCase()} size can't be equal or less than zero`, 'Set a size, such as 20Gi.')];
}

export function dataVolumeUpdateCauses(spec: Spec, old: Spec): Cause[] {
  return sameJson(spec, old)
    ? []
    : [invalid('spec', 'Cannot update DataVolume Spec', 'Make a new DataVolume; a claim is grown by its own size.')];
}
