// Owns dumps of a machine's memory: who may ask, what is told, what a failure and a kill leave.
import { expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import { claim, named, vm, withDisk, withMemory, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, startCore, type TestCore } from './harness.ts';

async function running(): Promise<TestCore> {
  const core = await startCore();
  await core.made(
    claim({ name: 'root', size: '1Gi' }),
    claim({ name: 'dump', size: '2Gi' }),
    claim({ name: 'small', size: '1Gi' }),
    vm(named('web'), withRunStrategy('Always'), withMemory('1Gi'), withDisk('root', { claim: 'root' })),
  );
  return core;
}

const told = (core: TestCore): object | undefined => core.vm()?.status?.memoryDumpRequest;

test('the memory goes into the claim, and the status says when', async () => {
  const core = await running();
  await core.engine.requestMemoryDump(machineKey(), 'dump');
  expect(told(core)).toMatchObject({ claimName: 'dump', phase: 'InProgress' });
  await core.settle();
  expect(told(core)).toMatchObject({
    claimName: 'dump',
    phase: 'Completed',
    fileName: expect.stringMatching(/^web-dump-.*\.memory\.dump$/),
  });
  const asked = core.guest().qmpLog.find(({ execute }) => execute === 'dump-guest-memory');
  expect(asked?.arguments).toEqual({ paging: false, protocol: expect.stringMatching(/^file:.*draft$/) });
  expect(core.events()).toContain('MemoryDumpCompleted: The memory was written to the claim dump.');
  // Again without a name: the same claim.
  await core.engine.requestMemoryDump(machineKey(), '');
  await core.settle();
  await core.engine.removeMemoryDump(machineKey());
  expect(told(core)).toBeUndefined();
});

const refused = (kind: string, name: string, says: string): string => `Operation cannot be fulfilled on ${kind} "${name}": ${says}`;

test.each([
  { asked: '', says: 'Memory dump requires claim name to be set' },
  { asked: 'gone', says: 'persistentvolumeclaims "gone" not found' },
  { asked: 'small', says: refused('persistentvolumeclaim', 'small', 'pvc size [1Gi] should be bigger then [1124Mi]') },
  { asked: 'root', says: refused('persistentvolumeclaim', 'root', 'pvc size [1Gi] should be bigger then [1124Mi]') },
])('a claim named "$asked" is refused', async ({ asked, says }) => {
  const core = await running();
  await expect(core.engine.requestMemoryDump(machineKey(), asked)).rejects.toThrow(says);
  expect(told(core)).toBeUndefined();
});

test('one at a time, one claim, and nothing to forget where nothing is', async () => {
  const core = await running();
  await expect(core.engine.removeMemoryDump(machineKey())).rejects.toThrow(
    "can't remove memory dump association for vm web, no association found",
  );
  await core.engine.requestMemoryDump(machineKey(), 'dump');
  await expect(core.engine.requestMemoryDump(machineKey(), 'dump')).rejects.toThrow(
    'memory dump request for pvc [dump] already in progress',
  );
  await core.settle();
  await expect(core.engine.requestMemoryDump(machineKey(), 'small')).rejects.toThrow(
    "can't request memory dump for pvc [small] while pvc [dump] is still associated as the memory dump pvc",
  );
});

test('a disk that runs full is told, and so is a core that ends in the middle', async () => {
  const core = await running();
  core.host.disks.rewrite = () => Promise.reject(new AppError('DiskFull', 'The file system is full.'));
  await core.engine.requestMemoryDump(machineKey(), 'dump');
  await core.settle();
  expect(told(core)).toMatchObject({ phase: 'Failed', message: 'The file system is full.' });
  core.host.disks.rewrite = () => new Promise(() => undefined);
  await core.engine.requestMemoryDump(machineKey(), 'dump');
  const next = await core.reborn();
  expect(told(next)).toMatchObject({ phase: 'Failed', message: 'The core ended before the dump was written.' });
});
