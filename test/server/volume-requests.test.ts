// Owns the wire of `virtctl addvolume` and `removevolume`: bodies, strictness, answers.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { claim, named, vm, withDisk, withRunStrategy } from '../fakes/builders.ts';
import { type Core, startCore } from './core-fixture.ts';
import { subresources } from './rows.ts';

let core: Core;
beforeEach(async () => {
  core = await startCore();
  for (const name of ['root', 'data']) await core.engine.create('persistentvolumeclaims', 'default', { ...claim({ name, size: '1Gi' }) });
  await core.engine.create('virtualmachines.kubevirt.io', 'default', {
    ...vm(named('web'), withRunStrategy('Always'), withDisk('root', { claim: 'root' })),
  });
  await core.clock.settle();
});
afterEach(() => core.close());

async function put(path: string, body?: object): Promise<{ readonly status: number; readonly message: string | undefined }> {
  const request = new Request(`http://virtdeck${subresources}/${path}`, {
    method: 'PUT',
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const answer = await core.router.handle(request, { name: 'virtctl', transport: 'direct', role: 'admin' });
  const text = await answer.text();
  return { status: answer.status, message: text === '' ? undefined : (JSON.parse(text) as { message: string }).message };
}

/** As `virtctl addvolume web --volume-name=data` sends it. */
const asVirtctl = {
  name: 'data',
  disk: { name: 'data', disk: { bus: 'scsi' }, serial: 'data' },
  volumeSource: { persistentVolumeClaim: { claimName: 'data', hotpluggable: true } },
  dryRun: [],
};

const rowOf = (name: string): object | undefined =>
  (
    core.engine.get({ resource: 'virtualmachineinstances.kubevirt.io', namespace: 'default', name: 'web' }).status as {
      volumeStatus?: readonly { name: string }[];
    }
  ).volumeStatus?.find((row) => row.name === name);

test.each(['virtualmachines', 'virtualmachineinstances'])('%s takes a disk and gives it back', async (plural) => {
  expect(await put(`${plural}/web/addvolume`, asVirtctl)).toEqual({ status: 202, message: undefined });
  await core.clock.settle();
  expect(rowOf('data')).toMatchObject({ phase: 'Ready' });
  expect(await put(`${plural}/web/removevolume`, { name: 'data' })).toEqual({ status: 202, message: undefined });
  await core.clock.advance(100);
  expect(rowOf('data')).toBeUndefined();
});

const conflict = 'Operation cannot be fulfilled on virtualmachine.kubevirt.io "web": ';

test.each([
  { verb: 'addvolume', body: undefined, status: 400, says: 'Request with no body, a new name is expected as the request body' },
  { verb: 'addvolume', body: {}, status: 400, says: 'AddVolumeOptions requires name to be set' },
  { verb: 'addvolume', body: { name: 'data' }, status: 400, says: 'AddVolumeOptions requires disk to not be nil' },
  { verb: 'addvolume', body: { name: 'data', disk: {} }, status: 400, says: 'AddVolumeOptions requires VolumeSource to not be nil' },
  {
    verb: 'addvolume',
    body: { ...asVirtctl, volumeSource: { hostDisk: { path: '/etc/shadow' } } },
    status: 400,
    says: 'strict decoding error: unknown field "volumeSource.hostDisk"',
  },
  { verb: 'addvolume', body: { ...asVirtctl, disc: {} }, status: 400, says: 'strict decoding error: unknown field "disc"' },
  {
    verb: 'addvolume',
    body: { ...asVirtctl, name: 'root' },
    status: 409,
    says: `${conflict}Unable to add volume [root] because volume with that name already exists`,
  },
  { verb: 'removevolume', body: {}, status: 400, says: 'RemoveVolumeOptions requires name to be set' },
  { verb: 'removevolume', body: { name: 'x' }, status: 409, says: `${conflict}Unable to remove volume [x] because it does not exist` },
])('$verb answers $status: $says', async ({ verb, body, status, says }) => {
  expect(await put(`virtualmachines/web/${verb}`, body)).toEqual({ status, message: says });
});

test('a rehearsal changes nothing', async () => {
  expect((await put('virtualmachines/web/addvolume', { ...asVirtctl, dryRun: ['All'] })).status).toBe(202);
  await core.clock.settle();
  expect(rowOf('data')).toBeUndefined();
});
