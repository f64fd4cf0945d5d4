// Owns serving the window's files: their types, how long they keep, and the policy that confines the page.
// Must not serve anything outside its folder.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

export type PageAssets = (pathname: string, acceptEncoding: string) => Promise<Response>;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/** `directory` is what the window's build made. `/` is its index.html, with a nonce of its own each time. */
export function pageAssets(directory: string): PageAssets {
  return async (pathname, acceptEncoding) => {
    const path = pathname === '/' ? '/index.html' : pathname;
    const type = types[extname(path)];
    // Only plain names: no dot files, no way up, nothing encoded.
    if (type === undefined || !/^(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)+$/.test(path)) return notFound(pathname);
    if (path === '/index.html') return indexPage(directory);
    const found = await encodedFile(join(directory, path), acceptEncoding);
    if (found === undefined) return notFound(pathname);
    return new Response(found.body, {
      headers: { ...found.headers, ...everyAnswer, 'content-type': type, 'cache-control': keeping(path) },
    });
  };
}

const everyAnswer = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

/** The build puts a hash of the content into the names under assets/. */
function keeping(path: string): string {
  return path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

interface EncodedFile {
  readonly body: Buffer<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
}

const encodings = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

/** The file as the build compressed it beforehand, when it did and the client takes it. */
async function encodedFile(file: string, acceptEncoding: string): Promise<EncodedFile | undefined> {
  for (const { name, extension } of encodings) {
    if (!new RegExp(`\\b${name}\\b(?!\\s*;\\s*q=0(?:\\.0*)?(?:,|$))`).test(acceptEncoding)) continue;
    const body = await contentOf(file + extension);
    if (body !== undefined) return { body, headers: { 'content-encoding': name, vary: 'accept-encoding' } };
  }
  const body = await contentOf(file);
  return body === undefined ? undefined : { body, headers: { vary: 'accept-encoding' } };
}

async function contentOf(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

async function indexPage(directory: string): Promise<Response> {
  const page = await contentOf(join(directory, 'index.html'));
  if (page === undefined) return textPage('The window is not built yet. Run: npm run build', 503);
  const nonce = randomBytes(16).toString('base64');
  return new Response(page.toString('utf8').replaceAll('__CSP_NONCE__', nonce), {
    headers: {
      ...everyAnswer,
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy(nonce),
    },
  });
}

/** xterm and CodeMirror make style elements; they get the nonce, nothing else does. Consoles and watches are same-origin WebSockets. */
export function contentSecurityPolicy(nonce: string): string {
  return [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: blob:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
}

function notFound(pathname: string): Response {
  return textPage(`Nothing is at ${pathname.slice(0, 200)}`, 404);
}

function textPage(message: string, status: number): Response {
  const headers = { ...everyAnswer, 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': `default-src 'none'` };
  return new Response(`${message}\n`, { status, headers });
}
