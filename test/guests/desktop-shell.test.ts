// Owns the proof of the Electron shell where its binary is not there: main, preload and page executed against a stand-in.
// Must not claim what only the binary shows: real isolation, app:// privileges, menus and trays on a screen.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterEach, expect, test } from 'vitest';
import { requestJson } from '../../electron/cli/connection.ts';
import { instancesPath, machine, machinesPath, verbPath } from '../bench/machines.ts';
import { startCore } from '../bench/core-process.ts';

const root = new URL('../..', import.meta.url).pathname;
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Shell {
  readonly folder: string;
  readonly socket: string;
  readonly page: Page;
  readonly exited: Promise<number | null>;
  /** Every line the stand-in told so far. */
  readonly told: readonly Readonly<Record<string, unknown>>[];
  until(wanted: (line: Readonly<Record<string, unknown>>) => boolean): Promise<Readonly<Record<string, unknown>>>;
  command(given: object): void;
}

async function openShell(folder: string): Promise<Shell> {
  const port = await freePort();
  const env = { ...process.env, VIRTDECK_DATA: join(folder, 'data'), VIRTDECK_RUN: join(folder, 'run'), VIRTDECK_DEBUG_PORT: String(port) };
  const args = [
    '--disable-warning=ExperimentalWarning',
    '--import',
    join(root, 'test/desktop/fake-electron/register.ts'),
    'electron/main.ts',
  ];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  cleanups.push(() => endProcess(child, exited));
  const told: Readonly<Record<string, unknown>>[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    told.push(JSON.parse(line) as Readonly<Record<string, unknown>>);
    for (const wake of waiting) wake();
  });
  const until: Shell['until'] = async (wanted) => {
    for (;;) {
      const found = told.find(wanted);
      if (found !== undefined) return found;
      await Promise.race([
        new Promise<void>((resolve) => waiting.add(resolve)),
        exited.then((code) => Promise.reject(new Error(`the shell ended with ${code}: ${JSON.stringify(told)}`))),
      ]);
    }
  };
  await until((line) => line['type'] === 'loaded');
  const browser: Browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = browser
    .contexts()
    .flatMap((context) => context.pages())
    .find((each) => each.url().includes('virtdeck.test'));
  if (page === undefined) throw new Error('the shell opened no page');
  const command = (given: object): void => void child.stdin.write(`${JSON.stringify(given)}\n`);
  return { folder, socket: join(folder, 'run/api.sock'), page, exited, told, until, command };
}

async function endProcess(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  child.kill('SIGKILL');
  await exited;
}

function freePort(): Promise<number> {
  const server = net.createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'vd-shell-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('main, preload and page are one program: sandboxed, one function, objects over frames', async () => {
  const shell = await openShell(newFolder());
  expect(shell.told).toContainEqual({ type: 'sandbox' });
  expect(shell.told).toContainEqual({
    type: 'window',
    preferences: { contextIsolation: true, sandbox: true, nodeIntegration: false, webSecurity: true, spellcheck: false },
  });
  expect(
    await shell.page.evaluate(() => [
      typeof (globalThis as Record<string, unknown>)['process'],
      Object.keys((window as unknown as { virtdeck: object }).virtdeck),
    ]),
  ).toEqual(['undefined', ['connect']]);
  await shell.page.getByText('No machines yet').waitFor();
  await requestJson({ socket: shell.socket, method: 'POST', path: machinesPath, body: machine('from-outside', undefined) });
  await shell.page.getByText('from-outside').first().waitFor();
  shell.command({ command: 'second-instance', args: ['virtdeck', 'virtdeck://machines/default/from-outside/yaml'] });
  await shell.until((line) => line['type'] === 'loaded' && String(line['url']).endsWith('#/machines/default/from-outside/yaml'));
});

test('with a running machine, closing asks; quitting leaves it running; the next window adopts it', async () => {
  const folder = newFolder();
  const shell = await openShell(folder);
  await requestJson({ socket: shell.socket, method: 'POST', path: machinesPath, body: machine('kept', undefined, '64Mi') });
  await requestJson({ socket: shell.socket, method: 'PUT', path: verbPath('kept', 'start'), body: {} });
  await shell.until((line) => line['type'] === 'tray' && JSON.stringify(line['labels']).includes('kept'));
  shell.command({ command: 'close', response: 1 });
  await shell.until((line) => line['type'] === 'asked' && String(line['message']).includes('1'));
  expect(await shell.exited).toBe(0);
  const [runDir = ''] = readdirSync(join(folder, 'run')).filter((name) => existsSync(join(folder, 'run', name, 'qemu.pid')));
  const pid = Number(readFileSync(join(folder, 'run', runDir, 'qemu.pid'), 'utf8'));
  cleanups.push(() => killIfThere(pid));
  expect(existsSync(`/proc/${pid}`)).toBe(true);

  const again = await openShell(folder);
  await again.until((line) => line['type'] === 'tray' && JSON.stringify(line['labels']).includes('kept'));
  const { items } = (await requestJson({ socket: again.socket, path: instancesPath })) as {
    items: readonly { status: { phase: string } }[];
  };
  expect(items.map((item) => item.status.phase)).toEqual(['Running']);
});

test('where a core runs already, the window is its window', async () => {
  const folder = newFolder();
  const core = await startCore({ folder });
  cleanups.push(() => core.end());
  const shell = await openShell(folder);
  await core.request({ method: 'POST', path: machinesPath, body: machine('served', undefined) });
  await shell.page.getByText('served').first().waitFor();
  // It did not start a second one: the first still answers.
  const { items } = (await core.request({ path: machinesPath })) as { items: readonly unknown[] };
  expect(items).toHaveLength(1);
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
