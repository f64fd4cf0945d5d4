// Owns content negotiation: which representation of an object an Accept header asks for.
// Must not encode anything.
import { AppError } from '../api/errors.ts';

export type Representation = 'object' | 'table' | 'metadata';

export interface MediaType {
  readonly type: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function mediaTypes(header: string): readonly MediaType[] {
  return header
    .split(',')
    .map((part) => mediaType(part))
    .filter(({ type }) => type !== '');
}

export function mediaType(text: string): MediaType {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const pairs = rest.map((part): [string, string] => {
    const at = part.indexOf('=');
    return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  });
  return { type: type.toLowerCase(), parameters: Object.fromEntries(pairs) };
}

const representations: Readonly<Record<string, Representation>> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata',
};

/** What the first media type that can be served asks for; clients list them in order of preference and leave `q` alone. */
export function accepted(header: string | null): Representation {
  for (const { type, parameters } of mediaTypes(header ?? '')) {
    const as = parameters['as'];
    if (!servedTypes.includes(type)) continue;
    if (as === undefined) return 'object';
    const representation = Object.hasOwn(representations, as) ? representations[as] : undefined;
    if (representation !== undefined && parameters['g'] === 'meta.k8s.io' && parameters['v'] === 'v1') return representation;
  }
  if (header === null || header === '') return 'object';
  const message = 'only the following media types are accepted: application/json, application/yaml';
  throw new AppError('NotAcceptable', message, { causes: [{ reason: 'FieldValueNotSupported', field: 'Accept', message }] });
}

const yamlTypes = ['application/yaml', 'application/x-yaml'];
const servedTypes = ['application/json', 'application/*', '*/*', ...yamlTypes];

/** Whether YAML is what it takes first of what can be served. */
export function wantsYaml(header: string | null): boolean {
  const first = mediaTypes(header ?? '').find(({ type }) => servedTypes.includes(type));
  return first !== undefined && yamlTypes.includes(first.type);
}
