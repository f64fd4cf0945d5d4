// Owns the proof of a Debian built here, through the API: cloud-init's hostname, login on the serial console, guest agent.
// Must not reach into the core.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, machinesPath, verbPath } from '../bench/machines.ts';
import { type Console, openConsole } from './console.ts';

let core: CoreProcess;
// Each try has a core of its own: what the first one made would refuse the second.
beforeEach(async () => {
  core = await startCore();
});
afterEach(async () => {
  await core.end();
  core.remove();
});

const userData = `#cloud-config
hostname: built-here
users:
  - name: me
    plain_text_passwd: secret
    lock_passwd: false
    sudo: ALL=(ALL) NOPASSWD:ALL
    shell: /bin/bash
`;

const debian = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'debian' },
  spec: {
    runStrategy: 'Always',
    dataVolumeTemplates: [
      {
        metadata: { name: 'debian-disk' },
        spec: { source: { mmdebstrap: {} }, storage: { resources: { requests: { storage: '4Gi' } } } },
      },
    ],
    template: {
      spec: {
        domain: {
          memory: { guest: '1Gi' },
          devices: {
            disks: [
              { name: 'disk', disk: { bus: 'virtio' } },
              { name: 'seed', disk: { bus: 'virtio' } },
            ],
            interfaces: [{ name: 'default', masquerade: {} }],
          },
        },
        networks: [{ name: 'default', pod: {} }],
        volumes: [
          { name: 'disk', dataVolume: { name: 'debian-disk' } },
          { name: 'seed', cloudInitNoCloud: { secretRef: { name: 'debian-user' } } },
        ],
      },
    },
  },
};

test('build, boot, log in, ask the agent, shut down', { timeout: 900_000 }, async () => {
  await core.request({
    method: 'POST',
    path: '/api/v1/namespaces/default/secrets',
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'debian-user' }, stringData: { userdata: userData } },
  });
  await core.request({ method: 'POST', path: machinesPath, body: debian });
  await progressOf('debian-disk');
  await awaitPhase(core, 'debian', 'Running');
  const terminal = await openConsole(core.socket, 'debian');
  await logIn(terminal);
  // One line of one write: cloud-init and the kernel still print in between.
  terminal.type('echo "[$(hostname) $(sudo id -u)]"\n');
  await terminal.waitFor(/\[built-here 0\]/, 60_000);
  terminal.close();

  await agentConnected();
  const info = (await core.request({
    path: '/apis/subresources.kubevirt.io/v1/namespaces/default/virtualmachineinstances/debian/guestosinfo',
  })) as { hostname?: string; os?: { id?: string } };
  expect(info).toMatchObject({ hostname: 'built-here', os: { id: 'debian' } });

  const gone = awaitPhase(core, 'debian', 'gone');
  await core.request({ method: 'PUT', path: verbPath('debian', 'stop'), body: {} });
  await gone;
});

/** The prompt is there before cloud-init has made the user: as a person would, try again until it lets us in. */
async function logIn(terminal: Console): Promise<void> {
  await terminal.waitFor(/built-here login:/, 400_000);
  for (let attempt = 0; attempt < 20; attempt++) {
    terminal.type('me\n');
    await terminal.waitFor(/Password:/, 60_000);
    terminal.type('secret\n');
    const [answer] = await terminal.waitFor(/me@built-here|Login incorrect[^]*login:/, 120_000);
    if (answer.startsWith('me@')) return;
  }
  throw new Error('cloud-init made no user that can log in');
}

type Line = {
  type: string;
  object: { status?: { phase?: string; progress?: string; conditions?: readonly { type: string; status: string; message?: string }[] } };
};

/** Waits until the disk is built; its progress must have been told on the way. */
async function progressOf(name: string): Promise<void> {
  const seen = new Set<string>();
  const path = `/apis/cdi.kubevirt.io/v1beta1/namespaces/default/datavolumes?watch=true&fieldSelector=metadata.name%3D${name}`;
  for await (const line of core.lines({ path })) {
    const { phase, progress, conditions } = (line as Line).object.status ?? {};
    if (progress !== undefined) seen.add(progress);
    if (phase === 'Failed') throw new Error(JSON.stringify(conditions));
    if (phase === 'Succeeded') break;
  }
  expect(seen.size).toBeGreaterThan(3);
}

async function agentConnected(): Promise<void> {
  const abort = new AbortController();
  const path = '/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances?watch=true&fieldSelector=metadata.name%3Ddebian';
  for await (const line of core.lines({ path, signal: abort.signal })) {
    const { conditions } = (line as Line).object.status ?? {};
    if (conditions?.some(({ type, status }) => type === 'AgentConnected' && status === 'True') === true) break;
  }
  abort.abort();
}
