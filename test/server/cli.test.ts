// Owns the `virtdeck` command as a user runs it: words in, words and status out, against a core on a pretended computer.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resources } from '../../electron/api/resources.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { named, namespace, vm, withDomain, withMeta, withRunStrategy } from '../fakes/builders.ts';
import { type Answer, ending, type Places, spawnVirtdeck, virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';

interface Stage extends Places {
  readonly core: Core;
  readonly listening: Listening;
}

async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'vd-cli-'));
  const core = await startCore();
  const listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  return { core, listening, data: folder, run: folder };
}

async function closeStage(stage: Stage): Promise<void> {
  await stage.listening.close();
  await stage.core.close();
  rmSync(stage.run, { recursive: true });
}

const manifest = (name: string, project?: string): string =>
  JSON.stringify({ ...vm(named(name)), metadata: { name, ...(project === undefined ? {} : { namespace: project }) } });

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await stage.core.engine.create(resources.virtualMachines, 'default', vm(named('web'), withMeta({ labels: { app: 'web' } })));
  await stage.core.engine.create(resources.virtualMachines, 'default', vm(named('db')));
  await stage.core.clock.settle();
});
afterAll(() => closeStage(stage));

interface Row {
  readonly args: string;
  readonly stdin?: string;
  readonly want: Partial<Answer>;
}

const nothing = 'No resources found in default namespace.\n';
const usage = "See 'virtdeck --help' and 'virtdeck COMMAND --help' for usage.\n";

test('a failure: among the events; its evidence a line each, one in words, its picture', async () => {
  const { engine, host, clock } = stage.core;
  const broken = vm(
    named('broken'),
    withRunStrategy('Manual'),
    withDomain((domain) => ({ ...domain, devices: dog })),
    withMeta({ annotations: { 'virtdeck.io/watchdog-action': 'pause' } }),
  );
  await engine.create(resources.virtualMachines, 'default', broken);
  await clock.settle();
  await engine.act('start', { resource: resources.virtualMachines, namespace: 'default', name: 'broken' });
  await clock.settle();
  host.world.guest('broken')?.watchdogBites();
  await clock.settle();
  const list = await virtdeck(stage, 'evidence broken'.split(' '));
  const last = await virtdeck(stage, 'evidence broken last'.split(' '));
  const file = join(stage.data, 'screen.png');
  const written = await virtdeck(stage, `evidence broken last --screenshot ${file}`.split(' '));
  const missing = await virtdeck(stage, 'evidence broken nothere'.split(' '));
  const none = await virtdeck(stage, 'evidence web'.split(' '));
  const events = await virtdeck(stage, 'events --for broken'.split(' '));
  await engine.delete({ resource: resources.virtualMachines, namespace: 'default', name: 'broken' }, { gracePeriodSeconds: 0 });
  await clock.advance(5_000);
  expect(list.stdout).toMatch(/^TIME +REASON +ACTION +SCREEN +ID\n\S+ +Watchdog +pause +at the time +\S+-watchdog\n$/);
  expect(last.stdout).toMatch(/Action: {2}pause\n[^]*Serial console:\nlogin:/);
  expect(events.stdout).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n/);
  expect(events.stdout).toMatch(
    / Warning +Watchdog +virtualmachineinstance\/broken +The watchdog was not fed in time; its action is pause\. \(screen at the time: virtdeck evidence broken \S+-watchdog\)\n/,
  );
  expect([written.status, readFileSync(file).subarray(1, 4).toString()]).toEqual([0, 'PNG']);
  expect([missing.status, missing.stderr, none.status, none.stderr]).toEqual([
    1,
    'error: no evidence "nothere" of broken; see: virtdeck evidence broken\n',
    0,
    'No evidence of a failure of web.\n',
  ]);
});

const dog = { watchdog: { name: 'dog', i6300esb: { action: 'reset' } } };

describe('reads', () => {
  test.each<Row>([
    { args: 'get vm -o name', want: { status: 0, stdout: 'virtualmachine.kubevirt.io/db\nvirtualmachine.kubevirt.io/web\n', stderr: '' } },
    { args: 'get vm -l app=web -o name', want: { status: 0, stdout: 'virtualmachine.kubevirt.io/web\n', stderr: '' } },
    {
      args: 'get vm --field-selector metadata.name=db -o name',
      want: { status: 0, stdout: 'virtualmachine.kubevirt.io/db\n', stderr: '' },
    },
    { args: 'get vm,ns -o jsonpath={.items[*].metadata.name}', want: { status: 0, stdout: 'db web default', stderr: '' } },
    { args: 'get dv,pvc', want: { status: 0, stdout: '', stderr: nothing } },
    { args: 'get vm -n empty', want: { status: 0, stdout: '', stderr: 'No resources found in empty namespace.\n' } },
    {
      args: 'get vm web nothere -o name',
      want: {
        status: 1,
        stdout: 'virtualmachine.kubevirt.io/web\n',
        stderr: 'Error from server (NotFound): virtualmachines.kubevirt.io "nothere" not found\n',
      },
    },
    { args: 'get foo', want: { status: 1, stdout: '', stderr: 'error: the server doesn\'t have a resource type "foo"\n' } },
    { args: 'frob', want: { status: 1, stdout: '', stderr: `error: unknown command 'frob'\n${usage}` } },
    { args: 'get vm --nope', want: { status: 1, stdout: '', stderr: `error: unknown option '--nope'\n${usage}` } },
    { args: 'get vm web -A', want: { status: 1, stderr: 'error: a resource cannot be retrieved by name across all namespaces\n' } },
    {
      args: 'get vm,dv -w',
      want: { status: 1, stderr: 'error: you may only specify a single resource type, or one name, with --watch\n' },
    },
    { args: 'delete', want: { status: 1, stdout: '' } },
    {
      args: 'delete vm web --grace-period soon',
      want: { status: 1, stderr: 'error: invalid argument "soon" for "--grace-period": it takes a whole number\n' },
    },
    {
      args: 'create -f - --dry-run=maybe',
      want: { status: 1, stderr: 'error: Invalid dry-run value (maybe). Must be "none" or "server".\n' },
    },
    { args: 'create -f -', want: { status: 1, stderr: 'error: no objects passed: there is no manifest in what -f names\n' } },
    {
      args: 'vnc web --proxy-only --port 70000',
      want: { status: 1, stderr: 'error: invalid argument "70000" for "--port": it takes a whole number up to 65535\n' },
    },
    { args: 'start web --dry-run', want: { status: 0, stdout: 'VM web was scheduled to start (server dry run)\n', stderr: '' } },
    {
      args: 'reset-firmware web',
      want: {
        status: 1,
        stdout: '',
        stderr: expect.stringContaining('Nobody is there to be asked. Say --yes to reset the firmware of web.'),
      },
    },
    {
      args: 'reset-firmware web --dry-run',
      want: { status: 0, stdout: 'The firmware of VM web would be reset (server dry run)\n', stderr: '' },
    },
    {
      args: 'serve --listen 0.0.0.0:0',
      want: {
        status: 1,
        stdout: '',
        stderr:
          '--listen 0.0.0.0:0 would offer every machine to the network. Use 127.0.0.1, ::1 or localhost, or add --expose if that is what you want.\n',
      },
    },
    { args: '__complete get', want: { status: 0, stdout: expect.stringMatching(/^virtualmachines\nvm\n/) as string } },
    { args: '__complete start', want: { status: 0, stdout: 'db\nweb\n' } },
  ])('$args', async ({ args, stdin, want }) => {
    expect(await virtdeck(stage, args.split(' '), stdin === undefined ? {} : { stdin })).toMatchObject(want);
  });

  test('several types are told apart by their names', async () => {
    const { stdout } = await virtdeck(stage, ['get', 'vm,ns', '--no-headers']);
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'virtualmachine.kubevirt.io/db',
      'virtualmachine.kubevirt.io/web',
      '',
      'namespace/default',
      '',
    ]);
  });

  test('a reader that has seen enough ends it without a word', async () => {
    const child = spawnVirtdeck(stage, ['get', 'vm', '-o', 'yaml']);
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(141);
  });
});

describe('writes', () => {
  test('create, apply and delete say what became of each, and go on after a refusal', async () => {
    const both = `${manifest('web')}\n---\n${manifest('new')}`;
    const told: Answer[] = [];
    for (const args of ['create -f -', 'apply -f -', 'apply -f -', 'delete vm new gone --wait']) {
      const running = virtdeck(stage, args.split(' '), { stdin: both });
      told.push(await running);
    }
    const vmOf = (name: string, word: string): string => `virtualmachine.kubevirt.io/${name} ${word}\n`;
    expect(told).toEqual([
      {
        status: 1,
        stdout: vmOf('new', 'created'),
        stderr: 'Error from server (AlreadyExists): error when creating "STDIN": virtualmachines.kubevirt.io "web" already exists\n',
      },
      { status: 0, stdout: vmOf('web', 'configured') + vmOf('new', 'configured'), stderr: '' },
      { status: 0, stdout: vmOf('web', 'unchanged') + vmOf('new', 'unchanged'), stderr: '' },
      {
        status: 1,
        stdout: 'virtualmachine.kubevirt.io "new" deleted from default namespace\n',
        stderr: 'Error from server (NotFound): virtualmachines.kubevirt.io "gone" not found\n',
      },
    ]);
  });

  test('a manifest is deleted from its own project', async () => {
    await stage.core.engine.create(resources.namespaces, undefined, namespace('other'));
    await stage.core.engine.create(resources.virtualMachines, 'other', vm(named('web', 'other')));
    const answer = await virtdeck(stage, ['delete', '-f', '-'], { stdin: manifest('web', 'other') });
    expect(answer).toEqual({ status: 0, stdout: 'virtualmachine.kubevirt.io "web" deleted from other namespace\n', stderr: '' });
    expect((await virtdeck(stage, ['get', 'vm', 'web', '-o', 'name'])).stdout).toBe('virtualmachine.kubevirt.io/web\n');
  });

  const editor = (script: string): string => {
    const file = join(mkdtempSync(join(stage.run, 'editor-')), 'edit.sh');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o700);
    return file;
  };

  test('an edit that is refused is kept', async () => {
    const answer = await virtdeck(stage, ['edit', 'vm', 'db'], { env: { EDITOR: editor(`sed -i 's/Halted/Sideways/' "$1"`) } });
    expect([answer.status, answer.stdout]).toEqual([1, '']);
    expect(answer.stderr).toContain('spec.runStrategy: Invalid RunStrategy (Sideways)');
    const kept = /A copy of your changes has been stored to "(.*)"/.exec(answer.stderr)?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toContain('runStrategy: Sideways');
  });

  test('an edit that is accepted leaves nothing behind', async () => {
    const before = readdirSync(stage.run).filter((name) => name.startsWith('virtdeck-edit-'));
    const answer = await virtdeck(stage, ['edit', 'vm/db'], { env: { EDITOR: editor(`sed -i 's/Halted/Manual/' "$1"`) } });
    expect(answer).toEqual({ status: 0, stdout: 'virtualmachine.kubevirt.io/db edited\n', stderr: '' });
    expect(readdirSync(stage.run).filter((name) => name.startsWith('virtdeck-edit-'))).toEqual(before);
  });
});

test('a watch shows changes, and says when the core has ended', async () => {
  const own = await openStage();
  const child = spawnVirtdeck(own, ['get', 'ns', '-w', '-o', 'name']);
  const answer = ending(child);
  // The first line says that it listens: the list is there.
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await own.core.engine.create(resources.namespaces, undefined, namespace('other'));
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await closeStage(own);
  const { status, stdout, stderr } = await answer;
  expect([status, [...new Set(stdout.trim().split('\n'))]]).toEqual([1, ['namespace/default', 'namespace/other']]);
  expect(stderr).toMatch(/^error: the connection to the core was lost/);
});
