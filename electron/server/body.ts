// Owns reading a request's body: its size, its media type, and the plain value in it.
// Must not know what the value should look like.
import { AppError, type Cause } from '../api/errors.ts';
import type { Json } from '../api/object.ts';
import { mediaType } from './accept.ts';
import { duplicateFields } from './json-duplicates.ts';

/** Kubernetes' limit of one object on the wire. */
export const maxBodyBytes = 3 * 1024 * 1024;
// YAML costs a second and a half a MiB to read, JSON ten milliseconds.
const maxYamlBytes = 1024 * 1024;
/** The deepest field of a VirtualMachine is at 15. */
const maxDepth = 100;
/** Also bounds what YAML aliases may grow to. */
const maxValues = 250_000;

export interface Body {
  readonly value: Json;
  /** Fields that a JSON body names twice; only the last one counted. */
  readonly duplicates: readonly string[];
}

/** The value in the body, or undefined when there is no body. Throws RequestTooLarge, UnsupportedMediaType, BadRequest. */
export async function readBody(request: Request, types: readonly string[] = objectTypes): Promise<Body | undefined> {
  const bytes = await readBytes(request, maxBodyBytes);
  if (bytes.byteLength === 0) return undefined;
  const { type } = mediaType(request.headers.get('content-type') ?? types[0] ?? '');
  if (!types.includes(type)) throw unsupportedType(types);
  const encoding = request.headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') throw new AppError('UnsupportedMediaType', `content-encoding ${JSON.stringify(encoding)} is not supported`);
  if (type === protobufType) return await protobufBody(bytes);
  return type.endsWith('yaml') && !looksLikeJson(bytes) ? await yamlBody(bytes) : jsonBody(bytes);
}

const protobufType = 'application/vnd.kubernetes.protobuf';
const objectTypes = ['application/json', 'application/yaml', 'application/x-yaml', 'text/yaml', protobufType];

/** The sentence kubectl and the Python client look for before they fall back to another patch type. */
export function unsupportedType(types: readonly string[]): AppError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`;
  return new AppError('UnsupportedMediaType', message, {
    causes: [{ reason: 'FieldValueNotSupported', field: 'Content-Type', message, fix: `Send ${types[0] ?? 'another type'}.` }],
  });
}

export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

function tooLarge(limit: number): AppError {
  return new AppError('RequestTooLarge', `Request entity too large: limit is ${limit}`, {
    causes: [{ reason: 'FieldValueTooLong', field: '<root>', message: `the body is larger than ${limit} bytes` }],
  });
}

function jsonBody(bytes: Uint8Array): Body {
  const text = utf8(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badBody(`couldn't get version/kind; json parse error: ${why}`, { message: why, fix: 'Correct the JSON there.' });
  }
  const plain = plainJson(value);
  return { value: plain, duplicates: duplicateFields(text) };
}

/** kubectl sends JSON where it says YAML, of which JSON is a part; as JSON it is read a hundred times faster. */
function looksLikeJson(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b && bytes[1] === 0x22;
}

async function yamlBody(bytes: Uint8Array): Promise<Body> {
  if (bytes.byteLength > maxYamlBytes) throw tooLarge(maxYamlBytes);
  // Loaded when first needed: clients mostly send JSON, and the parser takes 14 MB.
  const { parseYaml } = await import('./yaml.ts');
  return { value: plainJson(parseYaml(utf8(bytes))), duplicates: [] };
}

/** What kubectl sends for the kinds it has compiled in. Loaded when first needed: the library takes some megabytes. */
async function protobufBody(bytes: Uint8Array): Promise<Body> {
  const { objectOfProtobuf } = await import('./protobuf/object-body.ts');
  return { value: plainJson(objectOfProtobuf(bytes)), duplicates: [] };
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const message = 'the body is not UTF-8 text';
    throw badBody(message, { message, fix: 'Send UTF-8.' });
  }
}

/** The value as it came, once its depth and number of values are known to be bearable. Nothing later walks deeper. */
function plainJson(root: unknown): Json {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (++seen > maxValues)
      throw badBody(`more than ${maxValues} values`, { message: `more than ${maxValues} values`, fix: 'Make it smaller.' });
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= maxDepth) {
      const message = `nested more than ${maxDepth} levels deep`;
      throw badBody(message, { message, fix: 'Make it flatter.' });
    }
    for (const child of Object.values(value)) waiting.push({ value: child, depth: depth + 1 });
  }
  return root as Json;
}

function badBody(message: string, cause: Pick<Cause, 'message' | 'fix'>): AppError {
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field: '<root>', ...cause }] });
}
