// Owns `npm start` where Electron's binary is not there: the same core in plain Node, and the window in the installed Chromium.
// Must not hold anything of the core; where one runs already, the window attaches to it.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parseArgs } from 'node:util';
import { requestJson } from './cli/connection.ts';
import { places } from './places.ts';
import { serve, startRefusal, stopSignal } from './serve.ts';

/** `virtdeck open [--no-window]`, which is what `npm start` runs. */
export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: { 'no-window': { type: 'boolean', default: false } } });
    const showWindow = !values['no-window'];
    const where = places({});
    const running = await urlOfRunningCore(where.socket);
    const served = running === undefined ? await serve({ page: true, holder: 'the Virtdeck window' }) : undefined;
    const url = running ?? served?.url ?? '';
    process.stderr.write(`Virtdeck is at ${url}\n${running === undefined ? '' : 'It attached to the core that was running.\n'}`);
    const browser = showWindow && hasDisplay() ? chromiumProgram() : undefined;
    await Promise.race([
      stopSignal(),
      browser === undefined ? new Promise(() => {}) : windowClosed({ browser, url, dataDir: where.dataDir }),
    ]);
    await served?.close();
    process.stderr.write('Closed. Machines that were running run on.\n');
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${startRefusal(error)}\n`);
    process.exit(1);
  }
}

/** Asks a core that runs for a loopback address with a fresh one-time code; undefined when none answers. */
async function urlOfRunningCore(socket: string): Promise<string | undefined> {
  if (!existsSync(socket)) return undefined;
  try {
    const answer = await requestJson({ socket, method: 'POST', path: '/apis/virtdeck.io/v1alpha1/listeners' });
    return (answer as { readonly url: string }).url;
  } catch (error) {
    // A socket that a killed core left behind refuses connections: then we are the core.
    if (['ECONNREFUSED', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function hasDisplay(): boolean {
  return (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
}

export function chromiumProgram(): string | undefined {
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
}

interface Window {
  readonly browser: string;
  readonly url: string;
  readonly dataDir: string;
}

/** A Chromium of its own (own profile, no toolbar), so that its end is the window's end. */
function windowClosed({ browser, url, dataDir }: Window): Promise<void> {
  const profile = join(dataDir, 'window');
  mkdirSync(profile, { recursive: true, mode: 0o700 });
  // Chromium refuses its sandbox to root; the page is ours alone and the policy forbids any other.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const flags = [
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const child = spawn(browser, [`--app=${url}`, `--user-data-dir=${profile}`, '--class=virtdeck', ...flags, ...asRoot], {
    stdio: 'ignore',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
