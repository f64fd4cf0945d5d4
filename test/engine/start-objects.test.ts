// Owns the proof of the start check of what is not stored: the wizard's question.
// Must not prove single rules of the check; theirs are proven where they stand.
import { expect, test } from 'vitest';
import type { DraftObject } from '../../electron/api/object.ts';
import { claim, named, secret, vm, withCloudInit, withDataVolumeTemplate, withDisk, withTemplate } from '../fakes/builders.ts';
import { machineKey, refusal, startCore } from './harness.ts';

const seeded = vm(
  withDataVolumeTemplate('root'),
  withTemplate((spec) => ({
    ...spec,
    volumes: [...(spec.volumes ?? []), { name: 'seed', cloudInitNoCloud: { secretRef: { name: 'seed' } } }],
    domain: {
      ...spec.domain,
      devices: { ...spec.domain.devices, disks: [...(spec.domain.devices.disks ?? []), { name: 'seed', disk: { bus: 'virtio' } }] },
    },
  })),
);
const seed = secret({ name: 'seed', stringData: { userdata: '#cloud-config\n' } });
const drafts = (...all: readonly object[]): readonly DraftObject[] => all as readonly DraftObject[];

test('disks and Secrets that come with the machine speak for it, and nothing is stored', async () => {
  const core = await startCore();
  const version = core.store.resourceVersion();
  const check = await core.engine.startCheck(machineKey(), drafts(seed, seeded));
  await core.settle();
  expect([
    check.allowed,
    check.causes,
    check.passed.filter((line) => line.includes('is made with the machine')).length,
    check.command?.[0],
    core.store.resourceVersion(),
  ]).toEqual([true, [], 1, { flag: '/usr/bin/qemu-system-x86_64' }, version]);
});

test('what is missing is named on the fields of the machine', async () => {
  const core = await startCore();
  const { allowed, causes } = await core.engine.startCheck(
    machineKey(),
    drafts(vm(withDisk('root', { claim: 'missing' })), secret({ name: 'other', stringData: {} })),
  );
  expect([allowed, causes.map(({ reason, field }) => `${reason} ${field}`)]).toEqual([
    false,
    ['FailedPvcNotFound spec.template.spec.volumes[0].persistentVolumeClaim'],
  ]);
});

test('a Secret that stands already counts too', async () => {
  const core = await startCore();
  await core.made(claim({ name: 'root' }), seed);
  const check = await core.engine.startCheck(machineKey(), drafts(seeded));
  expect(check.causes).toEqual([]);
});

test.each([
  { name: 'no machine', all: drafts(seed), says: 'NotFound' },
  { name: 'a machine of another name', all: drafts(vm(named('other'))), says: 'BadRequest' },
  { name: 'two machines', all: drafts(vm(), vm()), says: 'BadRequest' },
  { name: 'a machine that could not be stored', all: drafts(vm(withCloudInit('x'.repeat(2049)))), says: 'Invalid' },
])('$name is refused', async ({ all, says }) => {
  const core = await startCore();
  expect((await refusal(core.engine.startCheck(machineKey(), all))).split(':')[0]).toBe(says);
});
