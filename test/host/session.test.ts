// Owns the proof of the login unit and of hearing sleep, against stand-ins for systemctl, gdbus and systemd-inhibit.
// Must not touch the session of this computer.
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loginStart, type LoginUnitPlaces, setLoginStart, unitText } from '../../electron/host/session/login-unit.ts';
import { sleepSignalIn, watchSleep } from '../../electron/host/session/sleep-watch.ts';
import { recordingLog } from '../fakes/recording-log.ts';
import { tempDir } from './temp-dir.ts';

const places: LoginUnitPlaces = {
  dataDir: '/home/me/my data',
  runDir: '/run/user/1000/virtdeck',
  node: '/opt/node',
  isElectron: false,
  launcher: '/opt/virt"deck/100%/$x/virtdeck.mjs',
};

test('the unit: quoted as systemd reads it, and the end of the service ends the core alone', () => {
  expect(unitText(places)).toBe(`[Unit]
Description=Virtdeck: virtual machines that start with the session

[Service]
Type=exec
ExecStart="/opt/node" "/opt/virt\\"deck/100%%/$$x/virtdeck.mjs" "serve" "--data" "/home/me/my data" "--run" "/run/user/1000/virtdeck"
KillMode=process
Restart=on-failure
RestartSec=5

[Install]
WantedBy=default.target
`);
  expect(unitText({ ...places, isElectron: true })).toContain('\nEnvironment=ELECTRON_RUN_AS_NODE=1\nExecStart=');
});

/** Programs of these names, as shell scripts, before all others on the path. */
function standIns(scripts: Readonly<Record<string, string>>): string {
  const folder = tempDir();
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  return folder;
}

/** Writes down what it is asked, and remembers what is enabled. */
const systemctl = `
cd "$(dirname "$0")"; echo "$@" >> asked
case "$2" in
  enable) touch enabled;;
  disable) rm -f enabled;;
  is-enabled) test -e enabled;;
esac`;

test('enabled and disabled through systemctl --user', async () => {
  const folder = standIns({ systemctl });
  const env = { XDG_CONFIG_HOME: join(tempDir(), 'config') };
  const before = await loginStart(env);
  const on = await setLoginStart(true, places, env);
  const text = readFileSync(on.unitFile, 'utf8');
  const off = await setLoginStart(false, places, env);
  const asked = readFileSync(join(folder, 'asked'), 'utf8').split('\n');
  expect([before.enabled, on.enabled, off.enabled, text === unitText(places), existsSync(off.unitFile)]).toEqual([
    false,
    true,
    false,
    true,
    false,
  ]);
  expect(asked.filter((line) => !/show-environment|is-enabled/.test(line))).toEqual([
    '--user daemon-reload',
    '--user enable virtdeck.service',
    '--user disable virtdeck.service',
    '--user daemon-reload',
    '',
  ]);
});

test('without a systemd of the user it says so, and changes nothing', async () => {
  standIns({ systemctl: 'echo "Failed to connect to bus" >&2; exit 1' });
  const env = { HOME: tempDir() };
  const found = await loginStart(env);
  expect([found.available, found.message]).toEqual([
    false,
    'No systemd serves this user here, so nothing can be started with the session.',
  ]);
  await expect(setLoginStart(true, places, env)).rejects.toMatchObject({ code: 'ServiceUnavailable' });
  expect(existsSync(found.unitFile)).toBe(false);
});

test('a refusal of systemd is told in its words', async () => {
  standIns({ systemctl: 'case "$2" in enable) echo "Unit is masked." >&2; exit 1;; esac' });
  await expect(setLoginStart(true, places, { HOME: tempDir() })).rejects.toMatchObject({
    code: 'ToolFailed',
    message: 'systemctl --user enable virtdeck.service failed: Unit is masked.',
  });
});

test.each([
  ['/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (true,)', 'sleeps'],
  ['/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep (false,)', 'wakes'],
  ['/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForShutdown (true,)', undefined],
  ['The name org.freedesktop.login1 is owned by :1.5', undefined],
])('%s', (line, signal) => {
  expect(sleepSignalIn(line)).toBe(signal);
});

test('the computer waits for the machines: the lock goes after they were paused, and is taken again when it wakes', async () => {
  const folder = tempDir();
  mkdirSync(join(folder, 'signals'));
  const order: string[] = [];
  const prepare = '/org/freedesktop/login1: org.freedesktop.login1.Manager.PrepareForSleep';
  standIns({
    // Tells when the file is there, as a bus would.
    gdbus: `for now in true false; do until [ -e ${folder}/signals/$now ]; do sleep 0.02; done; echo "${prepare} ($now,)"; done; sleep 60`,
    'systemd-inhibit': `echo taken >> ${folder}/lock; cat > /dev/null; echo gone >> ${folder}/lock`,
  });
  const lock = (): string => (existsSync(join(folder, 'lock')) ? readFileSync(join(folder, 'lock'), 'utf8') : '');
  const stop = watchSleep(
    {
      onSleep: async () => void order.push(`paused while ${lock().trim()}`),
      onWake: async () => void order.push('resumed'),
    },
    recordingLog(),
  );
  onTestFinished(stop);
  await vi.waitUntil(() => lock() === 'taken\n', { timeout: 10_000 });
  writeFileSync(join(folder, 'signals/true'), '');
  await vi.waitUntil(() => lock() === 'taken\ngone\n', { timeout: 10_000 });
  writeFileSync(join(folder, 'signals/false'), '');
  await vi.waitUntil(() => lock() === 'taken\ngone\ntaken\n' && order.length === 2, { timeout: 10_000 });
  expect(order).toEqual(['paused while taken', 'resumed']);
});
