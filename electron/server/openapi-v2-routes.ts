// Owns /openapi/v2: the document as JSON, or as protobuf for kubectl up to 1.27.
// Must not make the document.
import { mediaTypes } from './accept.ts';
import { jsonText } from './answer.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { openApiV2Document } from './openapi-v2-document.ts';

const asked = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
/** As a cluster answers: Go's own reader of media types refuses the `@`. */
const told = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

export function openApiV2Routes(): readonly Route[] {
  // Made when first asked for; kubectl asks once and keeps it for a while.
  let bytes: Promise<Uint8Array> | undefined;
  let text: string | undefined;
  const answer = async ({ schemas, version }: Parts, { request }: Exchange): Promise<Response> => {
    const wantsProtobuf = mediaTypes(request.headers.get('accept') ?? '').some(({ type }) => type === asked || type === told);
    if (!wantsProtobuf) return jsonText((text ??= JSON.stringify(openApiV2Document(schemas, version))));
    bytes ??= encoded(schemas, version);
    const body = await bytes;
    return new Response(Buffer.from(body), { headers: { 'content-type': told, 'content-length': String(body.byteLength) } });
  };
  return [{ method: 'GET', path: '/openapi/v2', handle: answer }];
}

async function encoded(schemas: Parts['schemas'], version: string): Promise<Uint8Array> {
  const { openApiV2Bytes } = await import('./protobuf/openapi-v2.ts');
  return openApiV2Bytes(openApiV2Document(schemas, version));
}
