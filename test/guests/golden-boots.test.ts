// Owns the proof that QEMU accepts every golden argv: each accepted case is built for real, paused, asked, and ended.
// Must not run a guest; other files here do.
import type { CertificatePort } from '../../electron/engine/ports.ts';
import { createCertificates } from '../../electron/host/certificates/certificates.ts';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AppError } from '../../electron/api/errors.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts, VolumeFact } from '../../electron/core/facts.ts';
import { launchDecision } from '../../electron/core/qemu/launch.ts';
import { type Argument, type LaunchPlan, argvOf } from '../../electron/core/qemu/launch-plan.ts';
import { runCommand } from '../../electron/host/exec.ts';
import { placeFile } from '../../electron/host/place-file.ts';
import { identityOf, writeIdentity } from '../../electron/host/qemu/identity.ts';
import { startQemu } from '../../electron/host/qemu/process.ts';
import { endSidecars, startSidecars } from '../../electron/host/sidecars.ts';
import { type CasePlaces, instanceOf, launchFacts, readCase } from '../golden/golden-case.ts';

const names = readdirSync(new URL('../golden/cases/', import.meta.url))
  .filter((file) => file.endsWith('.argv'))
  .map((file) => file.slice(0, -'.argv'.length));

/** What QEMU says to features that are forced where they cannot be. */
const expectedWords: Readonly<Record<string, RegExp>> = { 'cpu-features': /^(.*warning: TCG doesn't support requested feature.*\n)+$/ };

/** What QEMU says when the arguments are right and this computer lacks what they name. */
const lacking = [
  /kernel doesn't (allow|support)/,
  /Could not access KVM kernel module/,
  /unable to map backing store for guest RAM: Cannot allocate memory/,
  /Could not open '\/dev\/[^']+': No such file or directory/,
  /could not open kernel file/,
  // The kernel out of an image is an empty file here; volumes.test.ts boots a real one.
  /linux kernel too old to load a ram disk/,
  // The devices are of another computer; the lab has some of its own.
  /vfio \/sys\/bus\/[^\n]*: no such host device/,
  // One memory node, no vhost, no list of bridges for ordinary users.
  /cannot bind memory to host NUMA nodes: Invalid argument/,
  /open vhost char device failed/,
  /failed to parse default acl file/,
  // An ordinary user gets his from the privileged program.
  /could not open \/dev\/net\/tun: Permission denied/,
  // The recorded KVM is another processor's.
  /Host doesn't support requested features/,
  // A KVM that is there and cannot run guests.
  /error: failed to set MSR/,
] as const;

let scratch = '';
beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), 'golden-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true, force: true });
});

test.for(names)('QEMU builds %s, and ends without a word', async (name, { skip }) => {
  const { plan, facts } = await decided(name);
  const template = plan.files.find((file) => file.type === 'convertOnce' && !existsSync(file.from));
  if (template?.type === 'convertOnce') skip(`${template.from} is not installed.`);
  const program = plan.sidecars.find((sidecar) => !existsSync(sidecar.program))?.program;
  if (program !== undefined) skip(`${program} is not installed.`);
  await makeImages(facts);
  for (const file of plan.files) await placeFile(file);
  const found = await builtAndEnded({ ...plan, args: await withFreePorts(plan.args) }).catch((error: unknown) => {
    if (error instanceof AppError && lacking.some((words) => words.test(error.message))) return skip(error.message);
    throw error;
  });
  const { words, ...rest } = found;
  expect(rest).toEqual({ status: 'prelaunch', uuid: plan.uuid, pidFile: true, ended: { code: 0, signal: null }, pidFileAfter: false });
  expect(words).toMatch(expectedWords[name] ?? /^$/);
});

async function builtAndEnded(plan: LaunchPlan) {
  await writeIdentity(plan.runDir, identityOf(plan, 'boot'));
  await startSidecars({ plan, scoped: () => [] });
  try {
    return await builtBesideItsSidecars(plan);
  } finally {
    await endSidecars(plan.runDir);
  }
}

async function builtBesideItsSidecars(plan: LaunchPlan) {
  const started = await startQemu({
    argv: argvOf(plan),
    ...(plan.env === undefined ? {} : { env: plan.env }),
    qmpSocket: plan.sockets.qmp,
    qemuLog: plan.qemuLog,
    onEvent: () => undefined,
    onProcess: () => Promise.resolve(),
    earlyExit: (stderr) => new AppError('QemuExitedEarly', stderr),
  });
  const { qmp } = started;
  const status = await qmp.execute('query-status');
  const uuid = await qmp.execute('query-uuid');
  for (const command of plan.beforeCont) await qmp.execute(command.execute, command.arguments);
  const pidFile = existsSync(plan.pidFile);
  await qmp.execute('quit');
  const ended = await started.ended;
  qmp.close();
  return {
    status: member(status, 'status'),
    uuid: member(uuid, 'UUID'),
    pidFile,
    ended,
    pidFileAfter: existsSync(plan.pidFile),
    words: readFileSync(plan.qemuLog, 'utf8'),
  };
}

function member(answer: unknown, name: string): unknown {
  return typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([key]) => key === name)?.[1] : undefined;
}

/** The case, with every path below the scratch folder. */
async function decided(name: string): Promise<{ readonly plan: LaunchPlan; readonly facts: LaunchFacts }> {
  const golden = readCase(name);
  const { runDir = '' } = golden.facts;
  const folder = path.join(scratch, name);
  // Short: the path of a socket has a limit. The odd characters of a case stay.
  const places: CasePlaces = { runDir: path.join(folder, 'r'), stateDir: path.join(folder, 'state'), pool: path.join(folder, 'pool') };
  for (const place of Object.values(places)) await mkdir(place, { recursive: true });
  const vmi = withHostDisksIn(places.pool, instanceOf(golden));
  const facts = launchFacts(golden, vmi, places);
  const certificates = createCertificates(folder);
  // A folder that is there is not fetched: network-boot.test.ts does that.
  const relocated: LaunchFacts = {
    ...facts,
    vncCertificateDir: certificates.vncDir,
    runDir: runDir === '' ? places.runDir : path.join(places.runDir, path.basename(runDir)),
    volumes: Object.fromEntries(Object.entries(facts.volumes).map(([volume, fact]) => [volume, inPool(fact, places.pool)])),
    ...(facts.networkBoot?.state === 'toFetch' && { networkBoot: { ...facts.networkBoot, folder: places.stateDir } }),
  };
  await mkdir(relocated.runDir, { recursive: true });
  const { plan, causes } = launchDecision(vmi, relocated);
  if (plan === undefined || causes.length > 0) throw new Error(`${name} is refused: ${JSON.stringify(causes)}`);
  if (plan.tlsHosts !== undefined) await issueFor(certificates, plan.tlsHosts);
  return { plan, facts: relocated };
}

async function issueFor(certificates: CertificatePort, hosts: readonly string[]): Promise<void> {
  const life = { notBeforeMs: Date.now() - 60_000, notAfterMs: Date.now() + 3_600_000 };
  await certificates.issueAuthority(life);
  await certificates.issueServer({ name: 'vnc', hosts, life });
}

function inPool(fact: VolumeFact, pool: string): VolumeFact {
  return fact.state === 'ready' ? { ...fact, path: moved(fact.path, pool) } : fact;
}

function withHostDisksIn(pool: string, vmi: VirtualMachineInstance): VirtualMachineInstance {
  const volumes = (vmi.spec.volumes ?? []).map((volume) =>
    volume.hostDisk === undefined ? volume : { ...volume, hostDisk: { ...volume.hostDisk, path: moved(volume.hostDisk.path, pool) } },
  );
  return { ...vmi, spec: { ...vmi.spec, volumes } };
}

function moved(file: string, pool: string): string {
  return file.startsWith('/dev/') ? file : path.join(pool, path.basename(file));
}

async function makeImages(facts: LaunchFacts): Promise<void> {
  for (const fact of Object.values(facts.volumes)) {
    // A block device of this computer is never ours to make, nor to write to.
    if (fact.state !== 'ready' || fact.path.startsWith('/dev/')) continue;
    await writeFile(fact.path, '');
    await truncate(fact.path, 1024 * 1024);
    if (fact.format === 'raw') continue;
    const made = await runCommand({ program: 'qemu-img', args: ['create', '-q', '-f', fact.format, fact.path, '1M'], timeoutMs: 30_000 });
    expect(made.code, made.stderr).toBe(0);
  }
}

/** Ports of the corpus may be taken on this computer. */
async function withFreePorts(args: readonly Argument[]): Promise<readonly Argument[]> {
  return await Promise.all(
    args.map(async (argument) => {
      if (argument.flag !== '-netdev' || typeof argument.value !== 'object' || !Array.isArray(argument.value.hostfwd)) return argument;
      const forwards: readonly { readonly str: string }[] = argument.value.hostfwd;
      const hostfwd = await Promise.all(forwards.map(async ({ str }) => ({ str: str.replace(/:\d+-/, `:${await freePort()}-`) })));
      return { ...argument, value: { ...argument.value, hostfwd } };
    }),
  );
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return isInet(address) ? address.port : 0;
}

function isInet(address: AddressInfo | string | null): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
