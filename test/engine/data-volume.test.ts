// Owns the proof of how disks come to be: DataVolumes, claims, progress, second tries, crashes.
// Must not move bytes.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { AppError } from '../../electron/api/errors.ts';
import type { ObjectKey } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { claim, dataVolume, type DataVolumeSource, vm, withDisk, withRunStrategy, named } from '../fakes/builders.ts';
import { condition, machineKey, refusal, startCore } from './harness.ts';

const volumeKey = (name: string): ObjectKey => ({ resource: resources.dataVolumes, namespace: 'default', name });
const claimKey = (name: string): ObjectKey => ({ resource: resources.persistentVolumeClaims, namespace: 'default', name });

describe('a DataVolume', () => {
  const sources: readonly { readonly source: DataVolumeSource; readonly asked: object; readonly begun: string }[] = [
    { source: { blank: {} }, asked: { type: 'blank' }, begun: 'ImportInProgress' },
    {
      source: { http: { url: 'https://example.test/a.img' } },
      asked: { type: 'http', url: 'https://example.test/a.img' },
      begun: 'ImportInProgress',
    },
    { source: { file: { path: '/home/ada/a.qcow2' } }, asked: { type: 'file', path: '/home/ada/a.qcow2' }, begun: 'ImportInProgress' },
    {
      source: { mmdebstrap: { suite: 'bookworm', packages: ['nginx'] } },
      asked: { type: 'mmdebstrap', suite: 'bookworm', packages: ['nginx'] },
      begun: 'ImportInProgress',
    },
  ];
  test.each(sources)('fills its claim from $asked.type', async ({ source, asked, begun }) => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source, size: '3Gi' }));
    const path = '/var/virtdeck-test/disks/default/disk.qcow2';
    const during = [
      core.dataVolume('disk')?.status?.phase,
      core.claim('disk')?.status?.phase,
      condition(core.dataVolume('disk'), 'Running'),
    ];
    const fill = core.host.disks.fills[0];
    fill?.finish();
    await core.settle();
    expect({
      during,
      asked: [fill?.target, fill?.source],
      after: [
        core.dataVolume('disk')?.status?.phase,
        core.dataVolume('disk')?.status?.progress,
        condition(core.dataVolume('disk'), 'Ready'),
      ],
      claim: [
        core.claim('disk')?.status,
        core.claim('disk')?.metadata.annotations?.[annotations.diskPath],
        core.claim('disk')?.metadata.ownerReferences?.[0]?.kind,
      ],
      fills: core.host.disks.fills.length,
    }).toEqual({
      during: [begun, undefined, 'True/Running'],
      asked: [{ path, format: 'qcow2', sizeBytes: 3 * 2 ** 30 }, asked],
      after: ['Succeeded', '100.0%', 'True/Ready'],
      claim: [{ phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '3Gi' } }, path, 'DataVolume'],
      fills: 1,
    });
  });

  test('sends the checksum along', async () => {
    const core = await startCore();
    const draft = dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } });
    await core.made({ ...draft, metadata: { ...draft.metadata, annotations: { [annotations.checksum]: `sha256:${'a'.repeat(64)}` } } });
    expect(core.host.disks.fills[0]?.source).toEqual({
      type: 'http',
      url: 'https://example.test/a.img',
      checksum: `sha256:${'a'.repeat(64)}`,
    });
  });

  test('tells how far it is, at most twice a second', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    const seen: (string | undefined)[] = [];
    const stop = core.engine.subscribe((changes) => {
      for (const { resource } of changes) if (resource === resources.dataVolumes) seen.push(core.dataVolume('disk')?.status?.progress);
    });
    for (let step = 1; step <= 20; step += 1) {
      core.host.disks.fills[0]?.progress({ step: 'download', doneBytes: step * 50, totalBytes: 1_000, secondsLeft: 20 - step });
      await core.clock.advance(100);
    }
    stop();
    const told = JSON.parse(core.dataVolume('disk')?.metadata.annotations?.[annotations.progress] ?? '{}') as object;
    core.host.disks.fills[0]?.finish();
    await core.settle();
    expect([seen, told, core.dataVolume('disk')?.metadata.annotations?.[annotations.progress]]).toEqual([
      ['5.0%', '25.0%', '50.0%', '75.0%', '100.0%'],
      { step: 'download', doneBytes: 1000, totalBytes: 1000, secondsLeft: 0, percent: 100 },
      undefined,
    ]);
  });

  test('that failed for good, or waits for its next try, is tried again at once when somebody asks', async () => {
    const core = await startCore();
    const key = volumeKey('disk');
    const state = async (): Promise<readonly unknown[]> => {
      const { causes } = await core.engine.startCheck(machineKey());
      const offered = causes.flatMap(({ reason, actions = [] }) => actions.map(({ type }) => `${reason}: ${type}`));
      return [core.dataVolume('disk')?.status?.phase, core.host.disks.fills.length, offered.filter((text) => !text.includes('Patch'))];
    };
    const again = async (): Promise<void> => {
      const { metadata, ...rest } = core.engine.get(key);
      await core.engine.update(key, { ...rest, metadata: { ...metadata, annotations: { [annotations.importAgain]: 'yes' } } });
      await core.settle();
    };
    core.host.disks.mode = { type: 'fails', error: new AppError('ImageRefused', 'It is no disk image.') };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    await core.made(vm(withRunStrategy('Manual'), withDisk('disk', { dataVolume: 'disk' })));
    const failed = await state();
    core.host.disks.mode = { type: 'fails', error: new AppError('DiskFull', '17 GiB short.') };
    await again();
    const full = await state();
    core.host.disks.mode = { type: 'atOnce' };
    await again();
    expect([failed, full, await state(), core.dataVolume('disk')?.metadata.annotations]).toEqual([
      ['Failed', 1, ['VolumeFailed: ImportAgain']],
      ['ImportInProgress', 2, ['DiskFull: ImportAgain']],
      ['Succeeded', 3, []],
      {},
    ]);
  });

  test('without a size is as large as its source, and its claim counts as much', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    const volume = dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } });
    await core.made({ ...volume, spec: { ...volume.spec, storage: {} } });
    const [fill] = core.host.disks.fills;
    expect(fill?.target.isAsItIs).toBe(true);
    fill?.finish(3 * 2 ** 30);
    await core.settle();
    expect([core.claim('disk')?.spec.resources, core.claim('disk')?.status?.capacity]).toEqual([
      { requests: { storage: '3Gi' } },
      { storage: '3Gi' },
    ]);
  });

  test('that found no room offers the disks that nothing names, the largest first, and goes on when one is gone', async () => {
    const core = await startCore();
    const size = (name: string, storage: string) => dataVolume({ name, size: storage, source: { blank: {} } });
    await core.made(size('small', '1Gi'), size('big', '3Gi'), size('used', '4Gi'), size('original', '5Gi'));
    await core.made(vm(named('other'), withRunStrategy('Manual'), withDisk('root', { dataVolume: 'used' })));
    await core.made(dataVolume({ name: 'copy', source: { pvc: { namespace: 'default', name: 'original' } } }));
    core.host.disks.mode = { type: 'fails', error: new AppError('DiskFull', '17 GiB short.') };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    await core.made(vm(withRunStrategy('Manual'), withDisk('disk', { dataVolume: 'disk' })));
    const offered = async () => {
      const { causes } = await core.engine.startCheck({ resource: resources.virtualMachines, namespace: 'default', name: 'web' });
      return causes.flatMap(({ actions = [] }) => actions).flatMap((action) => (action.type === 'DeleteDisk' ? [action.name] : []));
    };
    expect(await offered()).toEqual(['big', 'copy', 'small']);
    await core.engine.delete({ resource: resources.dataVolumes, namespace: 'default', name: 'big' });
    await core.settle();
    expect(await offered()).toEqual(['copy', 'small']);
  });

  test('that breaks off is tried again, later and later, and says why', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'fails', error: new AppError('ImageFetchFailed', 'example.test does not answer.') };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    const tries: [number, number, number | undefined][] = [];
    for (const ms of [0, 9_999, 1, 19_999, 1, 40_000]) {
      await core.clock.advance(ms);
      tries.push([ms, core.host.disks.fills.length, core.dataVolume('disk')?.status?.restartCount]);
    }
    const broken = [core.dataVolume('disk')?.status?.phase, condition(core.dataVolume('disk'), 'Running'), core.events('disk')];
    core.host.disks.mode = { type: 'atOnce' };
    await core.clock.advance(80_000);
    expect({ tries, broken, after: core.dataVolume('disk')?.status?.phase }).toEqual({
      tries: [
        [0, 1, 1],
        [9_999, 1, 1],
        [1, 2, 2],
        [19_999, 2, 2],
        [1, 3, 3],
        [40_000, 4, 4],
      ],
      broken: ['ImportInProgress', 'False/Error', ['Error: example.test does not answer.']],
      after: 'Succeeded',
    });
  });

  test('that cannot be mended has Failed', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'fails', error: new AppError('ImageRefused', 'It has a backing file.') };
    await core.made(dataVolume({ name: 'disk', source: { file: { path: '/home/ada/a.qcow2' } } }));
    await core.clock.advance(600_000);
    expect([core.dataVolume('disk')?.status?.phase, core.host.disks.fills.length, core.events('disk')]).toEqual([
      'Failed',
      1,
      ['ImageRefused: It has a backing file.'],
    ]);
  });

  test('does not touch a claim that is not its own', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk' }));
    const bound = core.claim('disk');
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    expect([core.dataVolume('disk')?.status?.phase, core.claim('disk'), core.host.disks.fills.length]).toEqual(['Failed', bound, 1]);
  });

  test('does not overwrite a file that nobody knows of', async () => {
    const core = await startCore();
    const path = core.host.disks.claimPath('default', 'disk', 'qcow2');
    core.host.world.files.set(path, { format: 'qcow2', sizeBytes: 7 });
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    expect([core.dataVolume('disk')?.status?.phase, core.host.disks.fills.length, core.host.world.files.get(path)?.sizeBytes]).toEqual([
      'Failed',
      0,
      7,
    ]);
  });

  test('that is deleted in the middle stops its filling and leaves nothing', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    await core.delete(resources.dataVolumes, 'disk');
    expect([core.dataVolume('disk'), core.claim('disk'), core.host.disks.fills[0]?.cancelled, core.host.world.files.size]).toEqual([
      undefined,
      undefined,
      true,
      0,
    ]);
  });
});

describe('a copy', () => {
  const copy = dataVolume({ name: 'copy', source: { pvc: { namespace: 'default', name: 'origin' } } });

  test('waits for its source to be there', async () => {
    const core = await startCore();
    await core.made(copy);
    const before = [core.dataVolume('copy')?.status?.phase, condition(core.dataVolume('copy'), 'Running')];
    await core.made(claim({ name: 'origin' }));
    expect([before, core.dataVolume('copy')?.status?.phase, core.host.disks.fills.at(-1)?.source]).toEqual([
      ['CloneScheduled', 'False/CloneWaitingForSource'],
      'Succeeded',
      { type: 'clone', path: '/var/virtdeck-test/disks/default/origin.qcow2' },
    ]);
  });

  test('waits for the machine that uses its source, and that machine waits for the copy', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'origin' }), vm(withRunStrategy('Manual'), withDisk('root', { claim: 'origin' })));
    await core.act('start');
    await core.made(copy);
    const before = [core.dataVolume('copy')?.status?.phase, condition(core.dataVolume('copy'), 'Running')];
    core.host.disks.mode = { type: 'held' };
    await core.act('stop');
    await core.clock.advance(2_000);
    const during = core.dataVolume('copy')?.status?.phase;
    await core.act('start');
    const waiting = [core.vmi()?.status?.phase, core.host.world.guest('web')];
    core.host.disks.fills.at(-1)?.finish();
    await core.settle();
    expect([before, during, waiting, core.dataVolume('copy')?.status?.phase, core.vmi()?.status?.phase]).toEqual([
      ['CloneScheduled', 'False/SourceInUse'],
      'CloneInProgress',
      ['Pending', undefined],
      'Succeeded',
      'Running',
    ]);
  });
});

describe('an upload', () => {
  const upload = dataVolume({ name: 'disk', source: { upload: {} } });

  test('is taken once it is ready, once', async () => {
    const core = await startCore();
    await core.made(upload);
    const ready = core.dataVolume('disk')?.status?.phase;
    core.host.disks.mode = { type: 'held' };
    const first = core.engine.upload(volumeKey('disk'), bytes('abc'));
    await core.settle();
    const second = await refusal(core.engine.upload(volumeKey('disk'), bytes('def')));
    core.host.disks.fills[0]?.finish();
    await first;
    expect([
      ready,
      second,
      core.dataVolume('disk')?.status?.phase,
      core.claim('disk')?.status?.phase,
      await refusal(core.engine.upload(volumeKey('disk'), bytes(''))),
    ]).toEqual([
      'UploadReady',
      'Conflict: The disk default/disk is being filled already.',
      'Succeeded',
      'Bound',
      'Conflict: The disk disk takes no upload now: its phase is Succeeded, not UploadReady.',
    ]);
  });

  test('that is cut short is no disk', async () => {
    const core = await startCore();
    await core.made(upload);
    const cut = await refusal(core.engine.upload(volumeKey('disk'), bytes('abc'), 7));
    await core.settle();
    const again = [core.dataVolume('disk')?.status?.phase, core.host.world.files.size];
    await core.engine.upload(volumeKey('disk'), bytes('abcdefg'), 7);
    expect([cut, again, core.dataVolume('disk')?.status?.phase]).toEqual([
      'BadRequest: The upload ended after 3 of 7 bytes. Send it again.',
      ['UploadReady', 0],
      'Succeeded',
    ]);
  });

  test('tells how far it is, of what was announced', async () => {
    const core = await startCore();
    await core.made(upload);
    core.host.disks.mode = { type: 'held' };
    const sent = core.engine.upload(volumeKey('disk'), bytes('abc'), 3);
    await core.settle();
    core.host.disks.fills[0]?.progress({ step: 'upload', doneBytes: 1 });
    await core.clock.advance(1_000);
    const progress = core.dataVolume('disk')?.status?.progress;
    core.host.disks.fills[0]?.finish();
    await sent;
    expect(progress).toBe('33.3%');
  });

  test('that breaks off can be sent again', async () => {
    const core = await startCore();
    await core.made(upload);
    core.host.disks.mode = { type: 'fails', error: new AppError('ToolFailed', 'The connection was lost.') };
    const first = await refusal(core.engine.upload(volumeKey('disk'), bytes('abc')));
    await core.settle();
    const again = core.dataVolume('disk')?.status?.phase;
    core.host.disks.mode = { type: 'atOnce' };
    await core.engine.upload(volumeKey('disk'), bytes('abc'));
    expect([first, again, core.dataVolume('disk')?.status?.phase]).toEqual([
      'ToolFailed: The connection was lost.',
      'UploadReady',
      'Succeeded',
    ]);
  });

  test('to nobody is refused', async () => {
    const core = await startCore();
    expect(await refusal(core.engine.upload(volumeKey('disk'), bytes('')))).toBe('NotFound: datavolumes.cdi.kubevirt.io "disk" not found');
  });
});

describe('a claim', () => {
  test('without a DataVolume is a blank disk at once', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk', size: '2Gi', format: 'raw' }));
    expect([core.claim('disk')?.status, core.host.disks.fills.map(({ target, source }) => [target, source])]).toEqual([
      { phase: 'Bound', accessModes: ['ReadWriteOnce'], capacity: { storage: '2Gi' } },
      [[{ path: '/var/virtdeck-test/disks/default/disk.raw', format: 'raw', sizeBytes: 2 * 2 ** 30 }, { type: 'blank' }]],
    ]);
  });

  test('takes over a file that is there, and never makes it anew', async () => {
    const core = await startCore();
    core.host.world.files.set(core.host.disks.claimPath('default', 'disk', 'qcow2'), { format: 'qcow2', sizeBytes: 5 * 2 ** 30 });
    await core.made(claim({ name: 'disk', size: '1Gi' }));
    expect([core.claim('disk')?.status?.capacity, core.host.disks.fills.length]).toEqual([{ storage: '5Gi' }, 0]);
  });

  test('grows when nobody uses it', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk', size: '1Gi' }), vm(withRunStrategy('Manual'), withDisk('root', { claim: 'disk' })));
    await core.act('start');
    const stored = core.claim('disk');
    await core.engine.update(claimKey('disk'), { ...stored, ...claim({ name: 'disk', size: '4Gi' }) });
    await core.settle();
    const inUse = core.claim('disk')?.status?.capacity;
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([inUse, core.claim('disk')?.status?.capacity, [...core.host.world.files.values()][0]?.sizeBytes]).toEqual([
      { storage: '1Gi' },
      { storage: '4Gi' },
      4 * 2 ** 30,
    ]);
  });

  test('that is deleted while a machine uses it, goes when that ends', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk' }), vm(withRunStrategy('Manual'), withDisk('root', { claim: 'disk' })));
    await core.act('start');
    await core.delete(resources.persistentVolumeClaims, 'disk');
    const during = [core.claim('disk')?.metadata.deletionTimestamp, core.host.world.files.size];
    await core.act('stop');
    await core.clock.advance(2_000);
    expect([during, core.claim('disk'), core.host.world.files.size]).toEqual([['2026-01-02T03:04:05Z', 1], undefined, 0]);
  });

  test('is not used by two, and a third machine does not see it half deleted', async () => {
    const core = await startCore();
    await core.made(claim({ name: 'disk' }), vm(named('first'), withRunStrategy('Always'), withDisk('root', { claim: 'disk' })));
    await core.delete(resources.persistentVolumeClaims, 'disk');
    await core.made(vm(named('second'), withRunStrategy('Always'), withDisk('root', { claim: 'disk' })));
    expect([core.vm('second')?.status?.printableStatus, core.host.world.guest('second')]).toEqual(['ErrorUnschedulable', undefined]);
  });
});

describe('a core that was killed', () => {
  test('in the middle of a filling begins it again', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    const next = await core.reborn();
    expect([next.dataVolume('disk')?.status?.phase, next.host.disks.fills.length]).toEqual(['Succeeded', 1]);
  });

  test('after the disk was whole and before that was written down, fills nothing twice', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    const next = await core.reborn(() => {
      core.host.world.files.set(core.host.disks.claimPath('default', 'disk', 'qcow2'), { format: 'qcow2', sizeBytes: 2 ** 30 });
    });
    expect([next.dataVolume('disk')?.status?.phase, next.host.disks.fills.length, next.claim('disk')?.status?.phase]).toEqual([
      'Succeeded',
      0,
      'Bound',
    ]);
  });

  test.each(['before', 'after'] as const)('%s any call ends with a whole disk and a running machine', async (moment) => {
    const outcomes = new Set<string>();
    for (let call = 1; call <= 14; call += 1) {
      const core = await startCore();
      core.host.crashAt(call, moment);
      const wanted = vm(withRunStrategy('Always'), withDisk('root', { dataVolume: 'disk' }));
      await core.create(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
      await core.create(wanted);
      await core.clock.advance(5_000);
      const next = await core.reborn();
      await next.clock.advance(120_000);
      const { world } = next.host;
      outcomes.add(
        `${next.dataVolume('disk')?.status?.phase}, ${next.vm()?.status?.printableStatus}, ${world.files.size} file, ${world.runDirs.size} run`,
      );
    }
    expect([...outcomes]).toEqual(['Succeeded, Running, 1 file, 1 run']);
  });

  test('lets go of an engine that closes: the download goes on with the next', async () => {
    const core = await startCore();
    core.host.disks.mode = { type: 'held' };
    await core.made(dataVolume({ name: 'disk', source: { http: { url: 'https://example.test/a.img' } } }));
    await core.engine.close();
    const left = [
      core.host.disks.fills[0]?.cancelled,
      core.dataVolume('disk')?.status?.phase,
      core.dataVolume('disk')?.status?.restartCount,
    ];
    const next = await core.reborn();
    expect([left, next.dataVolume('disk')?.status?.phase]).toEqual([[true, 'ImportInProgress', undefined], 'Succeeded']);
  });
});

test('closing lets go of guests and does not end them', async () => {
  const core = await startCore();
  await core.made(vm(withRunStrategy('Always')));
  const guest = core.guest();
  await core.engine.close();
  expect([guest.alive, guest.listener, await refusal(core.engine.act('pause', machineKey()))]).toEqual([true, undefined, 'allowed']);
});

async function* bytes(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}
