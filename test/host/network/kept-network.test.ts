// Owns the proof of what is kept in a run directory of its network: what a user who is not root keeps, and that a torn file holds nothing up.
// Must not change a network; the guests' tests and the lab do.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { connectFunctions } from '../../../electron/host/network/function-runs.ts';
import { createNetwork } from '../../../electron/host/network/network.ts';
import { recordingLog } from '../../fakes/recording-log.ts';
import { silentLog } from '../silent-log.ts';
import { tempDir } from '../temp-dir.ts';

test('who is not root keeps addresses alone: the privileged program knows what was before', async () => {
  const runDir = tempDir();
  const user = vi.spyOn(process, 'geteuid').mockReturnValue(1000);
  // Without pkexec nobody is asked.
  vi.stubEnv('PATH', runDir);
  onTestFinished(() => {
    user.mockRestore();
    vi.unstubAllEnvs();
  });
  const settings = { mac: '02:00:00:00:01:64', vlan: 100, qos: 0 };
  const connecting = connectFunctions(runDir, [{ address: '0000:fe:10.0', settings }], silentLog);
  await expect(connecting).rejects.toMatchObject({ code: 'Forbidden' });
  expect(readFileSync(path.join(runDir, 'functions.json'), 'utf8')).toBe('{"0000:fe:10.0":{}}');
});

test('a torn file is told of, and does not keep a run directory from being removed', async () => {
  const runDir = tempDir();
  const files = ['taps.json', 'functions.json'].map((name) => path.join(runDir, name));
  for (const file of files) writeFileSync(file, '{"0000:fe:10');
  const log = recordingLog();
  await createNetwork({ dataDir: runDir, log }).disconnect(runDir);
  expect(log.lines.map(({ level, fields }) => [level, fields?.['file']])).toEqual(files.map((file) => ['warn', file]));
});
