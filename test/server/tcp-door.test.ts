// Owns the door of the TCP listener: who gets in, by which host, from which page, with which credentials.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageAssets } from '../../electron/server/assets.ts';
import { type Auth, createAuth } from '../../electron/server/auth.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { ask, type Asking, webSocketChannel } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { vms } from './rows.ts';

let core: Core;
let auth: Auth;
let listening: Listening;
let folder: string;
let where: { readonly hostname: string; readonly port: string };

beforeAll(async () => {
  core = await startCore();
  auth = createAuth();
  folder = await mkdtemp(join(tmpdir(), 'vd-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    '<meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="./assets/app-1a2b.js"></script>',
  );
  await writeFile(join(folder, 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'assets', 'app-1a2b.js.gz'), 'zipped');
  await writeFile(join(folder, '.secret.json'), '{}');
  await writeFile(join(folder, 'notes.md'), 'no type');
  listening = await listen({
    router: core.router,
    log: recordingLog(),
    tcp: { host: '127.0.0.1', port: 0, auth, assets: pageAssets(folder) },
  });
  const { hostname, port } = new URL(listening.origin ?? '');
  where = { hostname, port };
});
afterAll(async () => {
  await listening.close();
  await core.close();
  await rm(folder, { recursive: true });
});

function get(path: string, headers: Readonly<Record<string, string>> = {}, more: Asking = {}): Promise<Response> {
  return ask({ ...where, path }, { ...more, headers });
}

async function session(): Promise<string> {
  const answer = await get(`/?code=${auth.issueCode()}`);
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

describe('a code', () => {
  test('is worth one session, which the page never sees', async () => {
    const code = auth.issueCode();
    const answer = await get(`/?code=${code}`);
    expect([answer.status, answer.headers.get('location'), answer.headers.get('cache-control')]).toEqual([303, '/', 'no-store']);
    expect(answer.headers.get('set-cookie')).toMatch(
      new RegExp(`^virtdeck-session-${where.port}=[\\w-]{32}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    const again = await get(`/?code=${code}`);
    expect([again.status, again.headers.get('set-cookie'), await again.text()]).toEqual([
      401,
      null,
      'This address has been used already, or the core was started anew. Open the one that `virtdeck open` prints.\n',
    ]);
  });

  test('that is used up only leads on when the session is there', async () => {
    const code = auth.issueCode();
    const cookie = (await get(`/?code=${code}`)).headers.get('set-cookie')?.split(';')[0] ?? '';
    const again = await get(`/?code=${code}`, { cookie });
    expect([again.status, again.headers.get('location')]).toEqual([303, '/']);
  });

  test('is not used up by a browser that fetches ahead', async () => {
    const code = auth.issueCode();
    expect((await get(`/?code=${code}`, { 'sec-purpose': 'prefetch' })).status).toBe(503);
    expect((await get(`/?code=${code}`)).status).toBe(303);
  });

  test('is forgotten when sixty-four newer ones were made', async () => {
    const oldest = auth.issueCode();
    const newer = Array.from({ length: 64 }, () => auth.issueCode());
    expect((await get(`/?code=${oldest}`)).status).toBe(401);
    expect((await get(`/?code=${newer[0]}`)).status).toBe(303);
  });
});

describe('the API', () => {
  const rows: readonly {
    readonly name: string;
    readonly headers: () => Promise<Record<string, string>>;
    readonly method?: string;
    readonly status: number;
  }[] = [
    { name: 'nothing', headers: async () => ({}), status: 401 },
    { name: 'a cookie of ours', headers: async () => ({ cookie: `theme=dark; ${await session()}` }), status: 200 },
    { name: 'a cookie that was made up', headers: async () => ({ cookie: `virtdeck-session-${where.port}=AAAA` }), status: 401 },
    { name: 'the cookie of another port', headers: async () => ({ cookie: (await session()).replace(/\d+=/, '1=') }), status: 401 },
    { name: 'a token', headers: async () => ({ authorization: `Bearer ${auth.issueToken().token}` }), status: 200 },
    { name: 'a token that was made up', headers: async () => ({ authorization: 'Bearer AAAA' }), status: 401 },
    { name: 'a password', headers: async () => ({ authorization: 'Basic YTpi' }), status: 401 },
    { name: 'a code instead of a session', headers: async () => ({ authorization: `Bearer ${auth.issueCode()}` }), status: 401 },
    { name: 'localhost', headers: async () => ({ cookie: await session(), host: `localhost:${where.port}` }), status: 200 },
    { name: 'a forwarded port', headers: async () => ({ cookie: await session(), host: '127.0.0.1:9999' }), status: 200 },
    { name: 'IPv6', headers: async () => ({ cookie: await session(), host: `[::1]:${where.port}` }), status: 200 },
    {
      name: 'a name that was bound to this address',
      headers: async () => ({ cookie: await session(), host: `evil.example:${where.port}` }),
      status: 403,
    },
    {
      name: 'a name that only looks like an address',
      headers: async () => ({ cookie: await session(), host: '127.0.0.1.evil.example' }),
      status: 403,
    },
    { name: 'an address with a user before it', headers: async () => ({ cookie: await session(), host: 'evil@127.0.0.1' }), status: 403 },
    {
      name: 'our own page',
      headers: async () => ({ cookie: await session(), origin: `http://127.0.0.1:${where.port}`, 'sec-fetch-site': 'same-origin' }),
      status: 200,
    },
    { name: 'a page elsewhere', headers: async () => ({ cookie: await session(), origin: 'https://evil.example' }), status: 403 },
    { name: 'a page of another port here', headers: async () => ({ cookie: await session(), origin: 'http://127.0.0.1:1' }), status: 403 },
    { name: 'a page in a sandbox', headers: async () => ({ cookie: await session(), origin: 'null' }), status: 403 },
    {
      name: 'a picture on a page elsewhere',
      headers: async () => ({ cookie: await session(), 'sec-fetch-site': 'cross-site' }),
      status: 403,
    },
    { name: 'a page of a sister site', headers: async () => ({ cookie: await session(), 'sec-fetch-site': 'same-site' }), status: 403 },
    { name: 'the address bar', headers: async () => ({ cookie: await session(), 'sec-fetch-site': 'none' }), status: 200 },
  ];
  test.each(rows)('from $name: $status', async ({ headers, status }) => {
    const answer = await get(vms, await headers());
    expect([answer.status, ((await answer.json()) as { kind: string }).kind]).toEqual([
      status,
      status === 200 ? 'VirtualMachineList' : 'Status',
    ]);
  });

  test('a refusal names the header', async () => {
    const answer = (await (await get(vms, { host: 'evil.example' })).json()) as object;
    expect(answer).toMatchObject({
      reason: 'Forbidden',
      details: { causes: [{ field: 'Host', fix: `Use http://127.0.0.1:${where.port}/.` }] },
    });
  });

  test('preflights get no permission', async () => {
    const answer = await get(vms, { origin: 'https://evil.example', 'access-control-request-method': 'DELETE' }, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  test('health needs no session, but a Host of ours', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/healthz', { host: 'evil.example' })).status).toBe(403);
  });

  test('no browser address for those who are in already', async () => {
    const answer = await get('/apis/virtdeck.io/v1alpha1/listeners', { cookie: await session() }, { method: 'POST' });
    expect(answer.status).toBe(403);
  });

  const targets = [
    '//evil.example/apis',
    '/apis/../version',
    '/apis/%2e%2e/version',
    '/apis/.%2E/version',
    '/apis\\..\\version',
    'http://evil.example/apis',
  ];
  test.each(targets)('the target %s is refused', async (path) => {
    const answer = await get(path, { cookie: await session() });
    expect([answer.status, await answer.json()]).toMatchObject([400, { reason: 'BadRequest', details: { causes: [{ field: 'path' }] } }]);
  });
});

describe('a WebSocket', () => {
  const path = '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/web/console';
  const closing = (headers: Readonly<Record<string, string>>, to = path): Promise<string | undefined> =>
    new Promise((resolve) => webSocketChannel(`ws://${where.hostname}:${where.port}${to}`, headers).onClose(resolve));

  test('needs what every request needs', async () => {
    const cookie = await session();
    expect(await closing({})).toBe('refused with 401');
    expect(await closing({ cookie, origin: 'https://evil.example' })).toBe('refused with 403');
    expect(await closing({ cookie, host: 'evil.example' })).toBe('refused with 403');
    // Past the door: there is no such machine.
    expect(await closing({ cookie, origin: listening.origin ?? '' })).toBe('refused with 404');
  });

  test('takes a token as a subprotocol, as Kubernetes does', async () => {
    const token = Buffer.from(auth.issueToken().token).toString('base64url');
    const protocols = [`base64url.bearer.authorization.k8s.io.${token}`, 'plain.kubevirt.io'];
    const channel = webSocketChannel(`ws://${where.hostname}:${where.port}${path}`, {}, protocols);
    expect(await new Promise((resolve) => channel.onClose(resolve))).toBe('refused with 404');
  });

  test('is nothing for ordinary requests', async () => {
    expect(await closing({ cookie: await session() }, vms)).toBe('refused with 400');
    expect(await closing({ cookie: await session() }, '/')).toBe('refused with 400');
  });
});

describe('the page', () => {
  test('is confined, with a nonce of its own each time', async () => {
    const [first, second] = await Promise.all([get('/'), get('/index.html')]);
    const nonces = await Promise.all([first, second].map(async (answer) => /content="([^"]+)"/.exec(await answer.text())?.[1]));
    expect(nonces[0]).not.toBe(nonces[1]);
    expect(first.headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonces[0]}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; ` +
        `worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(
      ['cache-control', 'x-content-type-options', 'referrer-policy', 'cross-origin-opener-policy'].map((name) => first.headers.get(name)),
    ).toEqual(['no-store', 'nosniff', 'no-referrer', 'same-origin']);
  });

  test('hashed files keep for ever, and are sent as they were compressed', async () => {
    const plain = await get('/assets/app-1a2b.js');
    expect([plain.status, await plain.text(), plain.headers.get('cache-control')]).toEqual([
      200,
      'export {};',
      'public, max-age=31536000, immutable',
    ]);
    const zipped = await get('/assets/app-1a2b.js', { 'accept-encoding': 'br, gzip' });
    expect([await zipped.text(), zipped.headers.get('content-encoding'), zipped.headers.get('vary')]).toEqual([
      'zipped',
      'gzip',
      'accept-encoding',
    ]);
    const unwanted = await get('/assets/app-1a2b.js', { 'accept-encoding': 'gzip;q=0' });
    expect(await unwanted.text()).toBe('export {};');
  });

  test.each([
    '/.secret.json',
    '/notes.md',
    '/assets',
    '/assets/',
    '/nope.js',
    '/index.html/x.js',
    '/%2e%2e/x.js',
    '/a%2fb.js',
    '/assets//app-1a2b.js',
  ])('nothing is at %s', async (path) => {
    const answer = await get(path);
    await answer.text();
    expect([400, 404]).toContain(answer.status);
  });

  test('is only read', async () => {
    expect((await get('/', {}, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await get('/', {}, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test('says so when it is not built', async () => {
    const answer = await pageAssets(join(folder, 'nowhere'))('/', '');
    expect([answer.status, await answer.text()]).toEqual([503, 'The window is not built yet. Run: npm run build\n']);
  });
});
