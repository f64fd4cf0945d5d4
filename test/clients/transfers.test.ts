// Machines that go to a cluster and come from one: two cores with real disks, over HTTPS; a second Virtdeck takes uploads as CDI does and exports as KubeVirt does.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Transfer, TransferReview, TransferSpec } from '../../electron/api/kinds/transfer.ts';
import type { KubeObject } from '../../electron/api/object.ts';
import { type CoreProcess, startCore } from '../bench/core-process.ts';
import { type Answer, virtdeck } from '../server/cli-process.ts';
import { type FarEnd, startFarEnd } from './far-end.ts';

const own = '/apis/virtdeck.io/v1alpha1/namespaces/default';
const machines = '/apis/kubevirt.io/v1/namespaces/default/virtualmachines';
const dataVolumes = '/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes';
const claims = '/api/v1/namespaces/default/persistentvolumeclaims';

let home: CoreProcess;
let far: FarEnd;
/** Data between two holes, so that a disk that is cut or shifted is another one. */
let original: string;

beforeAll(async () => {
  home = await startCore();
  far = await startFarEnd();
  const folder = join(home.dataDir, 'originals');
  mkdirSync(folder);
  original = join(folder, 'root.img');
  writeFileSync(original, Buffer.concat([Buffer.alloc(3 * 2 ** 20), randomBytes(5 * 2 ** 20), Buffer.alloc(8 * 2 ** 20)]));
  const added = await cli('connections', 'add', 'lab', '--kubeconfig', far.kubeconfig, '--allow-command');
  expect(added.status, added.stderr).toBe(0);
  await home.request({ method: 'POST', path: dataVolumes, body: fromFile('web-root', original) });
  await until(home, `${dataVolumes}/web-root`, 'Succeeded');
  await home.request({ method: 'POST', path: machines, body: machine('web') });
}, 120_000);

afterAll(async () => {
  for (const core of [home, far.core]) {
    await core.end();
    core.remove();
  }
});

function cli(...args: readonly string[]): Promise<Answer> {
  return virtdeck({ data: home.dataDir, run: home.runDir }, args);
}

function fromFile(name: string, path: string): object {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name },
    spec: { source: { file: { path } }, storage: { resources: { requests: { storage: '16Mi' } } } },
  };
}

function machine(name: string): object {
  const note = {
    'virtdeck.io/description': 'The shop',
    'virtdeck.io/port-forwards': '[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]',
  };
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, labels: { tier: 'front' }, annotations: note },
    spec: {
      runStrategy: 'Manual',
      template: {
        spec: {
          domain: {
            memory: { guest: '128Mi' },
            devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }], interfaces: [{ name: 'lan', bridge: {} }] },
          },
          networks: [{ name: 'lan', multus: { networkName: 'office' } }],
          volumes: [{ name: 'root', dataVolume: { name: `${name}-root` } }],
        },
      },
    },
  };
}

interface Phased extends KubeObject {
  readonly status?: { readonly phase?: string };
}

/** The object, as soon as it has the phase; each look waits for the core's answer. */
async function until(core: CoreProcess, path: string, phase: string): Promise<Phased> {
  for (;;) {
    const object = (await core.request({ path })) as Phased;
    if (object.status?.phase === phase) return object;
    if (object.status?.phase === 'Failed') throw new Error(JSON.stringify(object.status));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function names(core: CoreProcess, path: string): Promise<readonly string[]> {
  const { items } = (await core.request({ path })) as { readonly items: readonly KubeObject[] };
  return items.map(({ metadata }) => metadata.name);
}

/** Nothing that arrived tells for good how it came: the marks go as soon as all of it is there. */
async function withoutMarks(core: CoreProcess): Promise<void> {
  for (const path of [machines, dataVolumes, claims])
    await expect.poll(() => names(core, `${path}?labelSelector=virtdeck.io%2Ftransfer`), { timeout: 30_000 }).toEqual([]);
}

async function diskOf(core: CoreProcess, claim: string): Promise<string> {
  const { metadata } = (await core.request({ path: `${claims}/${claim}` })) as KubeObject;
  return metadata.annotations?.['virtdeck.io/disk-path'] ?? '';
}

/** qemu-img's own judgement, byte by byte. */
function compared(a: string, b: string): string {
  return execFileSync('qemu-img', ['compare', a, b], { encoding: 'utf8' }).trim();
}

const spec: TransferSpec = { direction: 'send', connection: 'lab', machine: 'web', disks: 'upload' };

describe('sending', () => {
  test('says field by field what becomes of it, and changes nothing', async () => {
    const review = (await home.request({ method: 'POST', path: `${own}/transferreviews`, body: { spec } })) as TransferReview;
    expect(review.causes).toEqual([]);
    expect(review.disks).toEqual([{ volume: 'root', claim: 'web-root', sizeBytes: 16 * 2 ** 20 }]);
    expect(review.remarks.map(({ type, field }) => `${type} ${field}`)).toEqual([
      'changed metadata.annotations[virtdeck.io/description]',
      'removed metadata.annotations[virtdeck.io/port-forwards]',
      'changed spec.template.spec.volumes[0]',
      'changed spec.template.spec.networks[0]',
    ]);
    expect([await names(far.core, machines), await names(far.core, dataVolumes)]).toEqual([[], []]);
  });

  test('the machine and its disk arrive, stopped, with the very same bytes', async () => {
    const sent = await cli('send', 'web', '--to', 'lab');
    expect(sent.status, sent.stderr).toBe(0);
    expect(sent.stdout).toContain('virtualmachine.kubevirt.io/web is on lab, in the project default. It is stopped.');
    expect(sent.stdout).toMatch(/disk root: sha256:[0-9a-f]{64}/);
    const arrived = (await far.core.request({ path: `${machines}/web` })) as KubeObject & { spec: { template: { spec: object } } };
    expect(arrived).toMatchObject({
      metadata: { labels: { tier: 'front' }, annotations: { description: 'The shop' } },
      spec: { runStrategy: 'Manual', template: { spec: { networks: [{ name: 'lan', pod: {} }] } } },
      status: { printableStatus: 'Stopped' },
    });
    expect(compared(original, await diskOf(far.core, 'web-root'))).toBe('Images are identical.');
    await withoutMarks(far.core);
    expect((await far.core.request({ path: `${machines}/web` })) as KubeObject).toMatchObject({ metadata: { labels: { tier: 'front' } } });
  }, 120_000);

  test('what is there already is not written over, and nothing is left of the attempt', async () => {
    const again = await cli('send', 'web', '--to', 'lab');
    expect(again.status).not.toBe(0);
    expect(again.stderr).toContain('already exists');
    expect(compared(original, await diskOf(far.core, 'web-root'))).toBe('Images are identical.');
    expect(await names(far.core, machines)).toEqual(['web']);
  }, 120_000);

  test('one that is stopped on the way leaves nothing at the far end', async () => {
    // A disk that takes a while: without holes, and of hundreds of megabytes.
    const large = join(home.dataDir, 'originals', 'large.img');
    execFileSync('dd', ['if=/dev/urandom', `of=${large}`, 'bs=1M', 'count=400', 'status=none']);
    await home.request({ method: 'POST', path: machines, body: withHostDisk('large', large) });
    const made = (await home.request({
      method: 'POST',
      path: `${own}/transfers`,
      body: { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Transfer', metadata: { name: 'large' }, spec: { ...spec, machine: 'large' } },
    })) as Transfer;
    const abort = new AbortController();
    const query = `watch=true&resourceVersion=${made.metadata.resourceVersion}`;
    let isStopped = false;
    for await (const line of home.lines({ path: `${own}/transfers?${query}`, signal: abort.signal })) {
      const { type, object } = line as { readonly type: string; readonly object: Transfer };
      if (object.metadata.name !== 'large') continue;
      expect(object.status?.phase).not.toBe('Failed');
      const done = object.status?.disks?.[0]?.doneBytes ?? 0;
      if (!isStopped && done > 0) {
        expect(await names(far.core, dataVolumes)).toContain('large-root');
        await home.request({ method: 'DELETE', path: `${own}/transfers/large` });
        isStopped = true;
      }
      if (type === 'DELETED') break;
    }
    abort.abort();
    expect(await names(far.core, machines)).not.toContain('large');
    expect(await names(far.core, dataVolumes)).not.toContain('large-root');
    expect(readdirSync(join(home.dataDir, 'disks', '.packed'))).toEqual([]);
    await home.request({ method: 'DELETE', path: `${machines}/large` });
  }, 180_000);

  test('or as a container image, which skopeo reads', async () => {
    const folder = join(home.dataDir, 'images-for-a-registry');
    const image = 'registry.example.com/team/web:1';
    const options = ['--disks', 'containerdisk', '--image', image, '--folder', folder, '--new-name', 'web-image'];
    const sent = await cli('send', 'web', '--to', 'lab', ...options);
    expect(sent.status, sent.stderr).toBe(0);
    const archive = join(folder, 'web-image-root.oci.tar');
    expect(existsSync(archive)).toBe(true);
    const inspected = JSON.parse(execFileSync('skopeo', ['inspect', `oci-archive:${archive}`], { encoding: 'utf8' })) as {
      Layers: string[];
    };
    expect(inspected.Layers).toHaveLength(1);
    expect(await far.core.request({ path: `${machines}/web-image` })).toMatchObject({
      spec: { template: { spec: { volumes: [{ name: 'root', containerDisk: { image } }] } } },
    });
  }, 120_000);
});

describe('bringing', () => {
  test('the machine comes back under another name, with the very same bytes', async () => {
    const brought = await cli('bring', 'web', '--from', 'lab', '--new-name', 'back');
    expect(brought.status, brought.stderr).toBe(0);
    const arrived = (await home.request({ path: `${machines}/back` })) as KubeObject & {
      readonly spec: {
        readonly template: { readonly spec: { readonly volumes: readonly { readonly dataVolume: { readonly name: string } }[] } };
      };
    };
    expect(arrived.metadata.annotations).toMatchObject({ 'virtdeck.io/description': 'The shop' });
    const claim = arrived.spec.template.spec.volumes[0]?.dataVolume.name ?? '';
    expect(claim).toBe('web-root-2');
    expect(compared(original, await diskOf(home, claim))).toBe('Images are identical.');
    await withoutMarks(home);
    // The export and its token are gone with it.
    expect(await names(far.core, '/apis/export.kubevirt.io/v1beta1/virtualmachineexports')).toEqual([]);
    expect((await names(far.core, '/api/v1/namespaces/default/secrets')).filter((name) => name.startsWith('virtdeck-'))).toEqual([]);
  }, 120_000);

  test('a machine that is not there is said, and so is a name that is taken', async () => {
    expect((await cli('bring', 'nobody', '--from', 'lab')).stderr).toContain('"nobody" not found');
    const taken = await cli('bring', 'web', '--from', 'lab');
    expect(taken.stderr).toContain('There is already a machine web in the project default.');
  }, 60_000);
});

describe('the far end', () => {
  test.each([
    ['POST', '/v1beta1/upload', { authorization: 'Bearer made-up' }],
    ['GET', '/v1beta1/exports/default/nobody/web-root/disk.img', { 'x-kubevirt-export-token': 'made-up' }],
  ])('%s %s without the token of the disk is let nowhere', async (method, path, headers) => {
    const { server } = (await far.core.request({ path: '/apis/virtdeck.io/v1alpha1/apiaccess' })) as { readonly server: string };
    const answer = await statusOf(`${server}${path}`, { method, headers });
    expect(answer).toBe(401);
  });
});

/** Without knowing who vouches for the far end: it is about who is let in. */
function statusOf(url: string, options: RequestOptions): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ...options, rejectUnauthorized: false }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode);
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

function withHostDisk(name: string, path: string): object {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name },
    spec: {
      runStrategy: 'Halted',
      template: {
        spec: {
          domain: { memory: { guest: '128Mi' }, devices: { disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
          volumes: [{ name: 'root', hostDisk: { path, type: 'Disk' } }],
        },
      },
    },
  };
}
