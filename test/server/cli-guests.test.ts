// Owns the commands that reach into a guest, as a user runs them: ports, ssh, what the agent says, disks, memory dumps.
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import { resources } from '../../electron/api/resources.ts';
import { listen, type Listening } from '../../electron/server/http.ts';
import { claim, named, vm, withDisk, withMemory, withRunStrategy, withUserNetwork } from '../fakes/builders.ts';
import { spawnVirtdeck, virtdeck } from './cli-process.ts';
import { type Core, startCore } from './core-fixture.ts';

let core: Core;
let listening: Listening;
let folder: string;
const places = (): { data: string; run: string } => ({ data: folder, run: folder });
const run = (args: string) => virtdeck(places(), args.split(' '));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vd-cli-'));
  core = await startCore();
  listening = await listen({ router: core.router, log: core.log, unixSocket: join(folder, 'api.sock') });
  core.host.world.behave({ agentAfterMs: 0 });
  for (const name of ['root', 'data', 'dump'])
    await core.engine.create('persistentvolumeclaims', 'default', { ...claim({ name, size: '2Gi' }) });
  const web = vm(named('web'), withRunStrategy('Always'), withMemory('1Gi'), withDisk('root', { claim: 'root' }), withUserNetwork());
  await core.engine.create(resources.virtualMachines, 'default', { ...web });
  await core.clock.advance(1_000);
});
afterAll(async () => {
  await listening.close();
  await core.close();
  rmSync(folder, { recursive: true });
});

const stored = (): VirtualMachine =>
  core.engine.get({ resource: resources.virtualMachines, namespace: 'default', name: 'web' }) as VirtualMachine;

describe('port-forward', () => {
  test('leads a port of this computer to the guest for as long as it runs', async () => {
    const child = spawnVirtdeck(places(), ['port-forward', 'vm/web', '0:8080']);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const port = Number(/^Forwarding from 127\.0\.0\.1:(\d+) -> 8080\n$/.exec(line.toString())?.[1]);
    const local = connect(port, '127.0.0.1');
    local.write('hello');
    let heard = '';
    local.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    while (!heard.endsWith('hello')) await once(local, 'data');
    expect(heard).toBe('8080\nhello');
    child.kill('SIGTERM');
    await once(child, 'exit');
    local.destroy();
  });

  test('is a program for ssh over standard input and output', async () => {
    const child = spawnVirtdeck(places(), ['port-forward', '--stdio', 'vmi/web', '22']);
    child.stdin.write('SSH-2.0-client\n');
    let heard = '';
    child.stdout.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    while (!heard.endsWith('SSH-2.0-client\n')) await once(child.stdout, 'data');
    expect(heard).toBe('22\nSSH-2.0-client\n');
    child.stdin.end();
    expect((await once(child, 'exit'))[0]).toBe(0);
  });

  test.each([
    ['port-forward web', 'Name at least one port, such as 8080:80.'],
    ['port-forward web 80:x', '"80:x" is no port: write [udp/]LOCAL[:REMOTE], such as 8080:80'],
    ['port-forward pod/web 80', 'unsupported resource type pod'],
    ['port-forward --stdio vmi/gone 22', 'virtualmachineinstances.kubevirt.io "gone" not found'],
  ])('%s says %s', async (args, says) => {
    const answer = await run(args);
    expect([answer.status, answer.stderr]).toEqual([1, expect.stringContaining(says)]);
  });
});

test('ssh is led through a forwarded port, with the user, the key and the command', async () => {
  const spy = join(folder, 'ssh');
  writeFileSync(spy, '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\nexit 7\n');
  chmodSync(spy, 0o755);
  const answer = await virtdeck(places(), ['ssh', 'ada@vm/web', '-i', '/key', '-t', '-o A=b', '-t', '-4', '--', 'uptime', '-p'], {
    env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` },
  });
  const [, proxy = '', , alias, ...rest] = answer.stdout.trim().split('\n');
  expect([answer.status, alias, rest]).toEqual([
    7,
    'HostKeyAlias=web.default.virtdeck',
    ['-o A=b', '-4', '-i', '/key', '-l', 'ada', '--', 'web.default', 'uptime', '-p'],
  ]);
  expect(proxy).toMatch(
    /^ProxyCommand='.*node.*' .*'--namespace' 'default' '--data' '.*' '--run' '.*' 'port-forward' '--stdio' 'vmi\/web' '22'$/,
  );
  const odd = await run('ssh web;reboot');
  expect([odd.status, odd.stderr]).toEqual([1, expect.stringContaining('is not the name of a machine')]);
});

test.each([
  ['guestosinfo web', { os: { prettyName: 'Debian GNU/Linux 12 (bookworm)' } }],
  ['fslist web', { items: [{ diskName: 'vda1', mountPoint: '/' }] }],
  ['userlist web', { items: [{ userName: 'ada' }] }],
])('%s prints what the agent says, as virtctl does', async (args, want) => {
  const answer = await run(args);
  expect([answer.stderr, answer.status]).toEqual(['', 0]);
  expect(JSON.parse(answer.stdout)).toMatchObject(want);
});

test('disks come and go', async () => {
  expect(await run('addvolume web --volume-name data --persist')).toMatchObject({
    status: 0,
    stdout: 'Successfully submitted add volume request to VM web for volume data\n',
  });
  expect(stored().spec.template.spec?.domain.devices.disks?.at(-1)).toEqual({ name: 'data', disk: { bus: 'scsi' }, serial: 'data' });
  expect((await run('addvolume web --volume-name data --persist')).stderr).toContain('volume with that name already exists');
  expect((await run('addvolume web --volume-name none')).stderr).toContain('Volume none is not a DataVolume or PersistentVolumeClaim');
  expect(await run('removevolume web --volume-name data --persist')).toMatchObject({ status: 0 });
  expect(stored().spec.template.spec?.volumes?.map(({ name }) => name)).toEqual(['root']);
});

test('the memory is dumped, and the claim forgotten', async () => {
  expect(await run('memory-dump get web --claim-name dump')).toMatchObject({
    status: 0,
    stdout: 'Successfully submitted memory dump request of VM web\n',
  });
  await core.clock.settle();
  expect(stored().status?.memoryDumpRequest).toMatchObject({ claimName: 'dump', phase: 'Completed' });
  expect((await run('memory-dump remove web')).status).toBe(0);
  expect((await run('memory-dump look web')).stderr).toContain('action "look" doesn\'t exist');
});
