// Owns Butane of `variant: openshift`: what `butane FILE` makes of it, a MachineConfig.
// Must not read files or YAML; who has the value hands it over.
import { AppError, type Cause } from './errors.ts';
import type { IgnitionFile } from './kinds/machine-config.ts';
import type { DraftObject } from './object.ts';

/** Butane's own files have no kind. */
export function isButane(value: unknown): boolean {
  return isRecord(value) && value['variant'] !== undefined && value['kind'] === undefined;
}

/** `openshift` 4.8 to 4.13 write Ignition 3.2.0, later ones 3.4.0. */
function ignitionVersion(version: string): string {
  const minor = Number(/^4\.(\d+)\./.exec(version)?.[1] ?? 0);
  return minor >= 14 ? '3.4.0' : '3.2.0';
}

const known: Readonly<Record<string, readonly string[]>> = {
  '': ['variant', 'version', 'metadata', 'storage', 'openshift'],
  storage: ['files'],
  openshift: ['kernel_arguments', 'kernel_type', 'fips', 'extensions'],
};

/** Throws BadRequest with every reason. */
export function machineConfigOfButane(value: unknown): DraftObject {
  const causes: Cause[] = [];
  const refuse = (field: string, message: string, fix: string): void =>
    void causes.push({ reason: 'FieldValueInvalid', field, message, fix });
  const root = isRecord(value) ? value : {};
  const part = (name: string): Readonly<Record<string, unknown>> => {
    const found = root[name];
    return isRecord(found) ? found : {};
  };
  const { variant, version, metadata } = root;
  if (variant !== 'openshift')
    refuse('variant', `The variant ${JSON.stringify(variant)} makes no MachineConfig.`, 'Use variant: openshift.');
  if (typeof version !== 'string' || !/^4\.\d+\.\d+$/.test(version)) {
    refuse('version', `${JSON.stringify(version)} is no version of the variant openshift.`, 'Use for example version: 4.9.0.');
  }
  for (const [name, fields] of Object.entries(known)) {
    for (const field of Object.keys(name === '' ? root : part(name))) {
      if (!fields.includes(field)) refuse([name, field].filter(Boolean).join('.'), 'It is not read here.', 'Run butane itself for it.');
    }
  }
  const name = isRecord(metadata) ? metadata['name'] : undefined;
  const labels = isRecord(metadata) && isRecord(metadata['labels']) ? metadata['labels'] : {};
  if (typeof name !== 'string' || name === '') refuse('metadata.name', 'It is missing.', 'Name the MachineConfig.');
  if (!Object.hasOwn(labels, 'machineconfiguration.openshift.io/role')) {
    refuse('metadata.labels', 'The role is missing.', 'Add machineconfiguration.openshift.io/role: worker.');
  }
  const given = part('storage')['files'];
  const files = (Array.isArray(given) ? (given as readonly unknown[]) : []).map((file, index) =>
    ignitionFile(file, `storage.files[${index}]`, refuse),
  );
  const openshift = part('openshift');
  if (causes.length > 0) throw new AppError('BadRequest', 'This Butane file makes no MachineConfig.', { causes });
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: { labels: Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, String(text)])), name: String(name) },
    spec: {
      config: {
        ignition: { version: ignitionVersion(String(version)) },
        ...(files.length === 0 ? {} : { storage: { files } }),
      },
      ...(openshift['kernel_arguments'] === undefined ? {} : { kernelArguments: openshift['kernel_arguments'] }),
      ...(openshift['kernel_type'] === undefined ? {} : { kernelType: openshift['kernel_type'] }),
      ...(openshift['fips'] === undefined ? {} : { fips: openshift['fips'] }),
      ...(openshift['extensions'] === undefined ? {} : { extensions: openshift['extensions'] }),
    },
  };
}

function ignitionFile(value: unknown, field: string, refuse: (field: string, message: string, fix: string) => void): IgnitionFile {
  const file = isRecord(value) ? value : {};
  const { path, mode, overwrite, contents } = file;
  if (typeof path !== 'string' || !path.startsWith('/')) refuse(`${field}.path`, 'It is no absolute path.', 'Write the whole path.');
  const inline = isRecord(contents) ? contents['inline'] : undefined;
  const source = isRecord(contents) ? contents['source'] : undefined;
  if (isRecord(contents) && contents['local'] !== undefined)
    refuse(`${field}.contents.local`, 'It is not read here.', 'Write the text as inline.');
  if (inline !== undefined && typeof inline !== 'string') refuse(`${field}.contents.inline`, 'It is no text.', 'Write it as a text.');
  const url = typeof inline === 'string' ? `data:,${encodeURIComponent(inline)}` : typeof source === 'string' ? source : undefined;
  return {
    ...(url === undefined ? {} : { contents: { compression: '', source: url } }),
    ...(typeof mode === 'number' ? { mode } : {}),
    ...(typeof overwrite === 'boolean' ? { overwrite } : {}),
    path: String(path),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
