// Owns the bytes of disks on the wire, where CDI's upload proxy and KubeVirt's export server have them: each is let in by a token of its own.
// Must not make or fill disks; the engine does.
import { createHash, timingSafeEqual } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { AppError } from '../api/errors.ts';
import { resources } from '../api/resources.ts';
import type { PackedDisk } from '../engine/ports.ts';
import { json } from './answer.ts';
import { readBody } from './body.ts';
import type { Exchange, Parts, Route } from './exchange.ts';
import { isObject } from './json-value.ts';

const uploadPath = '/v1beta1/upload';
const exportPath = /^\/v1beta1\/exports\/([a-z0-9.-]+)\/([a-z0-9.-]+)\/([a-z0-9.-]+)\/(disk\.img|disk\.img\.gz)$/;

/** Whether a path is for who has the token of one disk, whoever he is. */
export function isDiskPath(pathname: string): boolean {
  return pathname === uploadPath || exportPath.test(pathname);
}

export async function carryDisk(parts: Parts, request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  if (pathname === uploadPath) return takeDisk(parts, request);
  const [, namespace = '', name = '', claim = '', file = ''] = exportPath.exec(pathname) ?? [];
  if (request.method !== 'GET' && request.method !== 'HEAD') throw notAllowed();
  const key = { resource: resources.exports, namespace, name };
  const expected = await parts.engine.exportToken(key);
  const given = request.headers.get('x-kubevirt-export-token') ?? searchParams.get('x-kubevirt-export-token') ?? '';
  if (expected === undefined || !isSame(expected, given)) throw notLetIn();
  return giveDisk(await parts.engine.openExport(key, claim), file.endsWith('.gz'));
}

/** The body is the image: raw or qcow2, as CDI takes it. */
async function takeDisk({ engine, uploadTokens }: Parts, request: Request): Promise<Response> {
  if (request.method !== 'POST' && request.method !== 'PUT') throw notAllowed();
  const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '') ?? [];
  const target = uploadTokens.targetOf(token);
  if (target === undefined) throw notLetIn();
  if (request.body === null) throw new AppError('BadRequest', 'Send the bytes of the image as the body.');
  const length = request.headers.get('content-length');
  await engine.upload({ resource: resources.dataVolumes, ...target }, request.body, length === null ? undefined : Number(length));
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
}

function giveDisk(disk: PackedDisk, isPacked: boolean): Response {
  const source = Readable.from(disk.bytes());
  // A disk is mostly zeros: the quickest level takes them out.
  const stream = isPacked ? source.pipe(createGzip({ level: 1 })) : source;
  if (isPacked) source.once('error', (error) => stream.destroy(error));
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const { value, done } = await chunks.next();
        if (done !== true) return controller.enqueue(new Uint8Array(value));
        await disk.close();
        controller.close();
      } catch (error) {
        await disk.close();
        throw error;
      }
    },
    async cancel() {
      source.destroy();
      stream.destroy();
      await disk.close();
    },
  });
  const headers = {
    'content-type': isPacked ? 'application/gzip' : 'application/octet-stream',
    'cache-control': 'no-store',
    ...(isPacked ? {} : { 'content-length': String(disk.totalBytes) }),
  };
  return new Response(body, { headers });
}

function isSame(expected: string, given: string): boolean {
  const [a, b] = [expected, given].map((text) => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}

function notLetIn(): AppError {
  return new AppError('Unauthorized', 'The token for this disk is not valid, or not any more.');
}

function notAllowed(): AppError {
  return new AppError('MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

const uploadGroup = 'upload.cdi.kubevirt.io';

/** What CDI serves beside its kinds: where disks are sent to, and with what. */
export const carriageRoutes: readonly Route[] = [
  { method: 'GET', path: '/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/{name}', handle: cdiConfig },
  { method: 'POST', path: `/apis/${uploadGroup}/v1beta1/namespaces/{namespace}/uploadtokenrequests`, handle: issueToken },
];

async function cdiConfig({ apiDoor }: Parts, { params }: Exchange): Promise<Response> {
  if (params['name'] !== 'config') throw new AppError('NotFound', `cdiconfigs.cdi.kubevirt.io "${params['name'] ?? ''}" not found`);
  const server = (await apiDoor?.state())?.server;
  return json({
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'CDIConfig',
    metadata: { name: 'config' },
    spec: {},
    status: server === undefined ? {} : { uploadProxyURL: server },
  });
}

async function issueToken({ engine, uploadTokens }: Parts, { request, params }: Exchange): Promise<Response> {
  const { namespace = '' } = params;
  const value = (await readBody(request))?.value;
  const spec = isObject(value) && isObject(value['spec']) ? value['spec'] : {};
  const pvcName = spec['pvcName'];
  if (typeof pvcName !== 'string' || pvcName === '')
    throw new AppError('BadRequest', 'The body must be an UploadTokenRequest with spec.pvcName.');
  engine.get({ resource: resources.dataVolumes, namespace, name: pvcName });
  const metadata = { namespace, name: pvcName, creationTimestamp: null };
  const token = uploadTokens.issue({ namespace, name: pvcName });
  return json({ apiVersion: `${uploadGroup}/v1beta1`, kind: 'UploadTokenRequest', metadata, spec: { pvcName }, status: { token } }, 201);
}

/** For discovery. */
export const uploadTokenResource = {
  group: uploadGroup,
  version: 'v1beta1',
  body: {
    name: 'uploadtokenrequests',
    singularName: 'uploadtokenrequest',
    namespaced: true,
    kind: 'UploadTokenRequest',
    verbs: ['create'],
  },
};
