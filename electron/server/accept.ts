// Owns content negotiation: which representation of an object an Accept header asks for.
// Must not encode anything.
import { AppError } from '../api/errors.ts';

export type Representation = 'object' | 'table' | 'metadata';

export interface Accepted {
  readonly as: Representation;
  readonly syntax: 'json' | 'yaml';
}

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

/** The first media type that can be served; clients list them in order of preference and leave `q` alone. */
export function accepted(header: string | null): Accepted {
  if (header === null || header === '') return { as: 'object', syntax: 'json' };
  for (const { type, parameters } of mediaTypes(header)) {
    const syntax = syntaxOf(type);
    if (syntax === undefined) continue;
    const as = parameters['as'];
    if (as === undefined) return { as: 'object', syntax };
    const representation = Object.hasOwn(representations, as) ? representations[as] : undefined;
    if (representation !== undefined && parameters['g'] === 'meta.k8s.io' && parameters['v'] === 'v1')
      return { as: representation, syntax };
  }
  const message = 'only the following media types are accepted: application/json, application/yaml';
  throw new AppError('NotAcceptable', message, { causes: [{ reason: 'FieldValueNotSupported', field: 'Accept', message }] });
}

function syntaxOf(type: string): Accepted['syntax'] | undefined {
  switch (type) {
    case 'application/json':
    case 'application/*':
    case '*/*':
      return 'json';
    case 'application/yaml':
    case 'application/x-yaml':
      return 'yaml';
    default:
      return undefined;
  }
}
