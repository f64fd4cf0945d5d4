// Owns the proof of the journal as a client sees it: what is written down, and taking it back.
// Must not prove single rules of what can be taken back; core's tests do.
import { describe, expect, test } from 'vitest';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { Revision } from '../../electron/api/revision.ts';
import type { WriteOptions } from '../../electron/engine/engine-port.ts';
import { named, secret, vm, withDataVolumeTemplate, withMemory, withRunStrategy } from '../fakes/builders.ts';
import { machineKey, refusal, startCore, type TestCore } from './harness.ts';

const by: WriteOptions = { manager: 'kubectl' };
const machines = resources.virtualMachines;

async function withMachine(): Promise<TestCore> {
  const core = await startCore();
  await core.engine.create(machines, 'default', vm(withRunStrategy('Manual')), by);
  await core.settle();
  return core;
}

async function setMemory(core: TestCore, guest: string, manager = 'kubectl'): Promise<void> {
  const { spec, ...stored } = core.vm()!;
  const { template } = spec;
  const domain = { ...template.spec!.domain, memory: { guest } };
  const draft: DraftObject = { ...stored, spec: { ...spec, template: { ...template, spec: { ...template.spec, domain } } } };
  await core.engine.update(machineKey(), draft, { manager });
  await core.settle();
}

const memory = (core: TestCore): string | undefined => core.vm()?.spec.template.spec?.domain.memory?.guest;
const line = ({ metadata, operation, manager, object, changes, undoes, undoRefused }: Revision): string =>
  [metadata.name, manager, operation, object.name, ...changes.map(({ field }) => field), undoes && `undoes ${undoes}`, undoRefused?.reason]
    .filter((word) => word !== undefined && word !== '')
    .join(' ');
const lines = (core: TestCore): readonly string[] => core.engine.revisions({}).map(line);
const field = 'spec.template.spec.domain.memory.guest';

describe('what is written down', () => {
  test('creations, edits and deletions of clients, with who and what', async () => {
    const core = await withMachine();
    await setMemory(core, '512Mi', 'window');
    await core.delete(machines, 'web', by);
    expect(lines(core)).toEqual(['3 kubectl delete web', `2 window update web ${field} Gone`, '1 kubectl create web Gone']);
  });

  test('verbs that change the definition, and no others', async () => {
    const core = await startCore();
    await core.engine.create(machines, 'default', vm(withRunStrategy('Halted')), by);
    await core.settle();
    await core.engine.act('start', machineKey(), by);
    await core.settle();
    await core.engine.act('pause', { ...machineKey(), resource: resources.virtualMachineInstances }, by);
    expect(lines(core)).toEqual(['2 kubectl start web spec.runStrategy', '1 kubectl create web ChangedSince']);
  });

  test('not what the core writes, not rehearsals, not refusals, not what changes nothing', async () => {
    const core = await startCore();
    await core.made(vm(named('nobody')));
    await core.engine.create(machines, 'default', vm(named('rehearsed')), { ...by, dryRun: true });
    await core.engine.create(machines, 'default', vm(named('web'), withMemory('1')), by).catch(() => undefined);
    await core.engine.create(machines, 'default', vm(), by).catch(() => undefined);
    const before = lines(core).length;
    await core.settle();
    await core.engine.update(machineKey(), { ...core.vm()! }, by);
    expect([before, lines(core).length]).toEqual([1, 1]);
  });

  test('the values of a Secret stay out of it', async () => {
    const core = await startCore();
    await core.engine.create(resources.secrets, 'default', secret({ name: 'token', stringData: { password: 'hunter2' } }), by);
    const text = JSON.stringify([core.engine.revisions({}), core.engine.revision('1'), core.store.revisions({})]);
    expect([lines(core), text.includes('hunter2'), text.includes(btoa('hunter2'))]).toEqual([
      ['1 kubectl create token SecretNotKept'],
      false,
      false,
    ]);
  });

  test('a watcher hears of each once, after the commit', async () => {
    const core = await withMachine();
    const heard: string[] = [];
    const stop = core.engine.watchRevisions((revision) => heard.push(line(revision)));
    await setMemory(core, '512Mi');
    await core.act('start');
    stop();
    await setMemory(core, '600Mi');
    expect(heard).toEqual([`2 kubectl update web ${field}`]);
  });
});

describe('undo', () => {
  test('an edit, and the undo of it', async () => {
    const core = await withMachine();
    const first = memory(core);
    await setMemory(core, '512Mi');
    await core.engine.takeBack('undo', '2', by);
    const undone = memory(core);
    await core.engine.takeBack('undo', '3', by);
    expect([undone, memory(core), lines(core).slice(0, 2)]).toEqual([
      first,
      '512Mi',
      [`4 kubectl update web ${field} undoes 3`, `3 kubectl update web ${field} undoes 2 AlreadyUndone`],
    ]);
  });

  test('one after the other, back to the beginning', async () => {
    const core = await withMachine();
    const first = memory(core);
    for (const guest of ['512Mi', '600Mi', '700Mi']) await setMemory(core, guest);
    for (const name of ['4', '3', '2']) await core.engine.takeBack('undo', name, by);
    expect(memory(core)).toBe(first);
  });

  test('of an edit with another since is refused, with who it was', async () => {
    const core = await withMachine();
    await setMemory(core, '512Mi');
    await setMemory(core, '600Mi', 'ansible');
    const said = await refusal(core.engine.takeBack('undo', '2', by));
    expect([said.replace(/ at .*/, ''), memory(core)]).toEqual([
      'Conflict: Revision 2 of web cannot be undone: web was changed again since, by ansible',
      '600Mi',
    ]);
  });

  test('of a deletion brings the definition back', async () => {
    const core = await withMachine();
    await setMemory(core, '512Mi');
    const before = core.vm()!;
    await core.delete(machines, 'web', by);
    await core.engine.takeBack('undo', '3', by);
    await core.settle();
    const after = core.vm()!;
    expect([after.spec, after.metadata.uid === before.metadata.uid, after.status?.printableStatus]).toEqual([
      before.spec,
      false,
      'Stopped',
    ]);
  });

  test('of a creation keeps the disks that came with it', async () => {
    const core = await startCore();
    await core.engine.create(machines, 'default', vm(withRunStrategy('Manual'), withDataVolumeTemplate('root')), by);
    await core.settle();
    await core.engine.takeBack('undo', '1', by);
    await core.settle();
    expect([core.vm(), core.dataVolume('root')?.status?.phase]).toEqual([undefined, 'Succeeded']);
  });

  test('of what would not be valid is refused like any write', async () => {
    const core = await withMachine();
    await core.engine.create(resources.namespaces, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'lab' } }, by);
    await core.engine.create(machines, 'lab', vm(named('far', 'lab'), withRunStrategy('Manual')), by);
    await core.engine.delete({ resource: machines, namespace: 'lab', name: 'far' }, by);
    await core.settle();
    await core.engine.delete({ resource: resources.namespaces, name: 'lab' }, by);
    await core.settle();
    expect(await refusal(core.engine.takeBack('undo', '4', by))).toMatch(/^(NotFound|Forbidden)/);
  });

  test('of nothing is NotFound', async () => {
    const core = await startCore();
    expect(await refusal(core.engine.takeBack('undo', '7', by))).toBe('NotFound: revisions.virtdeck.io "7" not found');
  });
});

test('restore brings a version back over later edits', async () => {
  const core = await withMachine();
  await setMemory(core, '512Mi');
  await setMemory(core, '600Mi');
  await core.engine.takeBack('restore', '2', by);
  expect([memory(core), lines(core)[0]]).toEqual(['512Mi', `4 kubectl update web ${field}`]);
});
