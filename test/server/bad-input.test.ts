// Owns what clients send by mistake or on purpose: every answer is a Status that names a field, and the core lives on.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Status } from '../../electron/api/errors.ts';
import { apiVersionOf } from '../../electron/api/kinds/kind.ts';
import { kinds } from '../../electron/api/kinds/registry.ts';
import type { Json, JsonObject } from '../../electron/api/object.ts';
import { dataVolume, secret, vm, vmi, withCloudInit, withDataVolumeTemplate, withDisk, withUserNetwork } from '../fakes/builders.ts';
import { type Asking, carriers, type Connection } from './carriers.ts';
import { type Core, startCore } from './core-fixture.ts';
import { json, vms } from './rows.ts';

const yaml = { 'content-type': 'application/yaml' };
const MiB = 1024 * 1024;

interface BadRow {
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
  readonly code: number;
  readonly message: RegExp;
}

const rows: readonly BadRow[] = [
  { name: 'half a JSON object', body: '{"apiVersion":"kubevirt.io/v1",', code: 400, message: /json parse error/ },
  { name: 'JSON with a comma too many', body: '{"a":1,}', code: 400, message: /json parse error/ },
  { name: 'a JSON number', body: '42', code: 400, message: /an object is expected, not 42/ },
  { name: 'JSON null', body: 'null', code: 400, message: /an object is expected, not null/ },
  { name: 'no UTF-8', body: new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), code: 400, message: /not UTF-8/ },
  { name: 'a wall of brackets', body: '['.repeat(200_000) + ']'.repeat(200_000), code: 400, message: /nested more than 100 levels/ },
  { name: 'a well of objects', body: '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), code: 400, message: /nested more than 100 levels/ },
  { name: 'a million little values', body: `[${'0,'.repeat(1_000_000)}0]`, code: 400, message: /more than 250000 values/ },
  { name: 'four megabytes', body: `"${'x'.repeat(4 * MiB)}"`, code: 413, message: /limit is 3145728/ },
  { name: 'two megabytes of YAML', headers: yaml, body: `a: ${'x'.repeat(2 * MiB)}`, code: 413, message: /limit is 1048576/ },
  { name: 'YAML that ends within a string', headers: yaml, body: 'a: "b', code: 400, message: /error converting YAML/ },
  { name: 'a bomb of YAML aliases', headers: yaml, body: bomb(), code: 400, message: /Excessive alias count/ },
  { name: 'a wall of YAML brackets', headers: yaml, body: '['.repeat(10_000), code: 400, message: /nested too deeply/ },
  {
    name: 'a prototype',
    body: '{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","__proto__":{"x":1},"spec":{"template":{"spec":{"domain":{"devices":{}}}}}}',
    code: 400,
    message: /unknown field "__proto__"/,
  },
  {
    name: 'metadata that is text',
    body: '{"apiVersion":"kubevirt.io/v1","kind":"VirtualMachine","metadata":"web"}',
    code: 400,
    message: /metadata must be an object/,
  },
];

function bomb(): string {
  const names = 'abcdefghi'.split('');
  return names
    .map((name, level) => `${name}: &${name} [${Array.from({ length: 9 }, () => (level === 0 ? 'x' : `*${names[level - 1]}`)).join(', ')}]`)
    .join('\n');
}

/** Names a field, as every refusal of what was sent must. */
function isStatusWithField(status: Status): boolean {
  return (
    status.kind === 'Status' &&
    status.status === 'Failure' &&
    (status.details?.causes?.length ?? 0) > 0 &&
    (status.details?.causes ?? []).every(({ field, message, reason }) => field !== '' && message !== '' && reason !== '')
  );
}

describe.each(carriers)('bad input over $name', (carrier) => {
  let core: Core;
  let connection: Connection;
  beforeAll(async () => {
    core = await startCore();
    connection = await carrier.connect(core.router);
  });
  afterAll(async () => {
    await connection.close();
    await core.close();
  });

  test.each(rows)('$name', async ({ headers = json, body, code, message }) => {
    const answer = await connection.fetch(vms, { method: 'POST', headers, body });
    const status = (await answer.json()) as Status;
    expect([answer.status, status.code]).toEqual([code, code]);
    expect(status.message).toMatch(message);
    expect(isStatusWithField(status)).toBe(true);
    const alive = await connection.fetch('/healthz');
    expect(await alive.text()).toBe('ok');
    expect(core.log.lines).toEqual([]);
  });
});

const upstream = new URL('../../../shared/kubevirt/examples', import.meta.url).pathname;

/** KubeVirt's own examples where they are at hand, and ours. */
function manifests(): readonly JsonObject[] {
  const own = [
    vm(withDisk('root', { claim: 'root' }), withCloudInit('#cloud-config\nhostname: web\n'), withUserNetwork()),
    vm(withDataVolumeTemplate('root', { http: { url: 'https://example.org/image.qcow2' } })),
    vmi(withDisk('scratch', { bus: 'sata', bootOrder: 1 })),
    dataVolume({ name: 'disk' }),
    secret({ name: 'keys', stringData: { user: 'ada' } }),
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'project' } },
    { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Settings', metadata: { name: 'default' }, spec: { language: 'en' } },
  ] as unknown as readonly JsonObject[];
  if (!existsSync(upstream)) return own;
  const documents = readdirSync(upstream).flatMap((file) => parseAllDocuments(readFileSync(join(upstream, file), 'utf8')));
  return [...own, ...documents.map((document) => document.toJS() as JsonObject)].filter((manifest) => pathOf(manifest) !== undefined);
}

function pathOf({ apiVersion, kind }: JsonObject): string | undefined {
  const found = kinds.find((row) => row.kind === kind && apiVersionOf(row) === apiVersion);
  if (found === undefined) return undefined;
  const root = found.group === '' ? `/api/${found.version}` : `/apis/${found.group}/${found.version}`;
  return found.namespaced ? `${root}/namespaces/default/${found.plural}` : `${root}/${found.plural}`;
}

interface Mutation {
  readonly where: number;
  readonly how: 'replace' | 'remove' | 'rename' | 'wrap' | 'twice';
  readonly value: Json;
}

const strange: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    -1,
    0,
    1.5,
    1e308,
    '',
    ' ',
    'x'.repeat(300),
    '../../etc/passwd',
    '\u0000',
    '💥',
    '-1Gi',
    '99999999999999999999Gi',
    [],
    {},
    [[]],
    ['a', 1],
    { a: { b: 1 } },
  ),
  fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>,
);

const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'rename', 'wrap', 'twice'),
  value: strange,
});

/** Changes the value (or key) at the n-th place of the tree below apiVersion and kind. */
function mutated(manifest: JsonObject, { where, how, value }: Mutation): JsonObject {
  const copy = structuredClone(manifest) as Record<string, unknown>;
  const places: { readonly parent: Record<string, unknown>; readonly key: string }[] = [];
  const collect = (parent: Record<string, unknown>): void => {
    for (const key of Object.keys(parent)) {
      if (parent === copy && (key === 'apiVersion' || key === 'kind')) continue;
      places.push({ parent, key });
      const child = parent[key];
      if (typeof child === 'object' && child !== null) collect(child as Record<string, unknown>);
    }
  };
  collect(copy);
  const place = places[where % Math.max(1, places.length)];
  if (place === undefined) return manifest;
  const { parent, key } = place;
  const old = parent[key];
  if (how === 'replace') parent[key] = value;
  if (how === 'wrap') parent[key] = [old];
  if (how === 'twice' && Array.isArray(parent)) parent.push(old);
  if (how === 'remove' || how === 'rename') {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete parent[key];
  }
  if (how === 'rename' && !Array.isArray(parent)) parent[`${key}${typeof value === 'string' ? value.slice(0, 20) : 'X'}`] = old;
  return copy as JsonObject;
}

describe('manifests with mistakes', () => {
  let core: Core;
  beforeAll(async () => {
    core = await startCore();
  });
  afterAll(() => core.close());
  const caller = { name: 'fuzz', transport: 'direct', role: 'admin' } as const;
  const send = (path: string, asking: Asking): Promise<Response> => {
    const { method = 'GET', ...init } = asking;
    return core.router.handle(new Request(`http://virtdeck${path}`, { method, ...init }), caller);
  };

  test('a thousand of them: created or refused with a field, never a failure of our own', { timeout: 120_000 }, async () => {
    const all = manifests();
    const seen = { created: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...all),
        fc.array(mutation, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (manifest, mutations, asYaml) => {
          const body = mutations.reduce(mutated, manifest);
          const path = `${pathOf(manifest)}?dryRun=All`;
          // JSON is YAML, too: the second parser gets the same trouble.
          const answer = await send(path, { method: 'POST', headers: asYaml ? yaml : json, body: JSON.stringify(body) });
          const status = (await answer.json()) as Status;
          // The settings are there already: the one refusal that is about no field.
          if (answer.status === 201 || status.reason === 'AlreadyExists') seen.created += 1;
          else {
            seen.refused += 1;
            expect({
              code: answer.status,
              fine: answer.status >= 400 && answer.status < 500 && isStatusWithField(status),
              status,
            }).toMatchObject({ fine: true });
          }
          expect(core.log.lines).toEqual([]);
        },
      ),
      { numRuns: 1000 },
    );
    // Both happen, or the mutations are too tame or too wild to show anything.
    expect(Math.min(seen.created, seen.refused)).toBeGreaterThan(50);
  });

  test('merge patches at random never fail for a reason of our own', { timeout: 60_000 }, async () => {
    await send(vms, { method: 'POST', headers: json, body: JSON.stringify(vm()) });
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const body = JSON.stringify(mutated(vm() as unknown as JsonObject, change));
        const answer = await send(`${vms}/web?dryRun=All`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/merge-patch+json' },
          body,
        });
        const status = (await answer.json()) as Status;
        expect({
          code: answer.status,
          fine: answer.status === 200 || (answer.status < 500 && isStatusWithField(status)),
          status,
        }).toMatchObject({ fine: true });
      }),
      { numRuns: 300 },
    );
    expect(core.log.lines).toEqual([]);
  });
});
