// Owns the proof of a TPM through the API: it forgets unless it is to keep, it outlives the core, and its end is told.
// Must not reach into the core: whatever is seen here, any client sees; processes and files are looked at from outside.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestBytes } from '../../electron/cli/connection.ts';
import { findProgram } from '../../electron/host/exec.ts';
import { startCore, type CoreProcess } from '../bench/core-process.ts';
import { awaitPhase, instancesPath, machinesPath, stopAndForget, verbPath } from '../bench/machines.ts';
import { guestMachine } from './guest-machine.ts';
import { tinyLinuxDisk } from './tiny-linux.ts';
import { storedText, tpmLines } from './tpm-commands.ts';

const swtpm = await findProgram('swtpm');
const unless = swtpm === undefined ? ' (skipped: swtpm is not installed)' : '';
let core: CoreProcess;
let disk: string;
beforeAll(async () => {
  core = await startCore();
  disk = await tinyLinuxDisk({ commands: [...tpmLines, 'echo FACTS-END'] });
});
afterAll(async () => {
  await core.end();
  core.remove();
});

interface Wanted {
  readonly tpm: object;
  readonly annotations?: Readonly<Record<string, string>>;
}

async function create(name: string, { tpm, annotations = {} }: Wanted): Promise<void> {
  const devices = { disks: [{ name: 'disk', disk: { bus: 'virtio', readonly: true } }], tpm };
  const body = guestMachine(name, { disk, runStrategy: 'Manual', notes: annotations, devices });
  await core.request({ method: 'POST', path: machinesPath, body });
}

async function start(name: string): Promise<void> {
  const running = awaitPhase(core, name, 'Running');
  await core.request({ method: 'PUT', path: verbPath(name, 'start'), body: {} });
  await running;
}

type Instance = { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly message?: string }[] } };

/** Resolves with the message of a condition when it is there. */
async function condition(name: string, type: string): Promise<string | undefined> {
  const abort = new AbortController();
  try {
    const path = `${instancesPath}?watch=true&fieldSelector=metadata.name%3D${name}`;
    for await (const line of core.lines({ path, signal: abort.signal })) {
      const found = (line as { object: Instance }).object.status?.conditions?.find((each) => each.type === type);
      if (found !== undefined) return found.message;
    }
    throw new Error(`${name} got no condition ${type}`);
  } finally {
    abort.abort();
  }
}

async function guestFacts(name: string): Promise<Readonly<Record<string, string>>> {
  const path = `/apis/virtdeck.io/v1alpha1/namespaces/default/virtualmachineinstances/${name}/serial-log`;
  const facts = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      [...text.slice(text.lastIndexOf('TINY-LINUX-UP')).matchAll(/^([\w-]+)=(.*?)\r?$/gm)].map(([, key = '', value = '']) => [key, value]),
    );
  const deadline = performance.now() + 240_000;
  for (;;) {
    const text = (await requestBytes({ socket: core.socket, path })).toString('latin1');
    if (text.includes('FACTS-END')) return facts(text);
    if (performance.now() > deadline) throw new Error(`The guest did not get that far: ${text.slice(-1000)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Every swtpm whose files lie below this core's folders. */
function chips(): readonly { readonly pid: number; readonly commandLine: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return commandLine.includes('swtpm\0') && commandLine.includes(core.runDir) ? [{ pid: Number(name), commandLine }] : [];
      } catch {
        return []; // It has ended between the two looks.
      }
    });
}

test.skipIf(swtpm === undefined)(`a TPM that is not kept forgets; it outlives the core, and its end is told${unless}`, async () => {
  await create('forgetful', { tpm: {} });
  await start('forgetful');
  const [chip] = chips();
  // In the middle of the boot the core is killed; the next one goes on, and knows the program beside QEMU again.
  await core.end('SIGKILL');
  core = await startCore({ folder: core.dataDir.replace(/\/data$/, '') });
  await awaitPhase(core, 'forgetful', 'Running');
  const first = await guestFacts('forgetful');
  expect(first).toMatchObject({
    tpm: expect.stringMatching(/^2 pcr0=(?!0{64})[0-9A-F]{64}$/),
    'tpm-before': '0000028b ',
    'tpm-after': `00000000 ${storedText}`,
  });
  expect(chips()).toEqual([chip]);
  // SECCOMP_MODE_FILTER
  expect(readFileSync(`/proc/${chip?.pid}/status`, 'utf8')).toMatch(/^Seccomp:\s+2/m);

  process.kill(chip?.pid ?? 0, 'SIGKILL');
  expect(await condition('forgetful', 'DeviceLost')).toMatch(/^The TPM does not answer any more: swtpm ended\./);
  await stopAndForget(core, 'forgetful');

  await start('forgetful');
  expect(chips()).toHaveLength(1);
  expect(await guestFacts('forgetful')).toMatchObject({ 'tpm-before': '0000028b ' });
  await stopAndForget(core, 'forgetful');
  expect(chips()).toEqual([]);
});

test.skipIf(swtpm === undefined)(`a state that was encrypted with another passphrase is a cause, not a hang${unless}`, async () => {
  const secret = (passphrase: string): object => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'seal' },
    stringData: { passphrase },
  });
  const secrets = '/api/v1/namespaces/default/secrets';
  await core.request({ method: 'POST', path: secrets, body: secret('correct horse') });
  await create('sealed', { tpm: { persistent: true }, annotations: { 'virtdeck.io/tpm-secret': 'seal' } });
  await start('sealed');
  expect(chips().map(({ commandLine }) => commandLine.includes('correct horse'))).toEqual([false]);
  await stopAndForget(core, 'sealed');
  await core.request({ method: 'PUT', path: `${secrets}/seal`, body: secret('another') });
  await core.request({ method: 'PUT', path: verbPath('sealed', 'start'), body: {} });
  expect(await condition('sealed', 'Synchronized')).toContain('The kept state of the TPM cannot be read');
  expect(chips()).toEqual([]);
  await core.request({ method: 'DELETE', path: `${machinesPath}/sealed`, body: {} });
});
