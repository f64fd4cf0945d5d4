// Owns the proof that short programs are run without a shell, in time and with bounded memory.
// Must not test any particular program.
import { describe, expect, test } from 'vitest';
import { cleanEnvironment, findProgram, runCommand } from '../../electron/host/exec.ts';

const run = (script: string, more: Partial<Parameters<typeof runCommand>[0]> = {}) =>
  runCommand({ program: 'sh', args: ['-c', script], timeoutMs: 10_000, ...more });

describe('runCommand', () => {
  test.each([
    ['success', 'printf out; printf err >&2', { code: 0, signal: null, stdout: 'out', stderr: 'err' }],
    ['an exit code is a result', 'exit 3', { code: 3, signal: null, stdout: '', stderr: '' }],
    ['a signal is a result', 'kill -9 $$', { code: null, signal: 'SIGKILL', stdout: '', stderr: '' }],
    ['messages are English', 'printf "$LANG $LC_ALL"', { code: 0, signal: null, stdout: 'C C', stderr: '' }],
    ['standard input is empty, not inherited', 'cat', { code: 0, signal: null, stdout: '', stderr: '' }],
  ])('%s', async (_name, script, expected) => {
    expect(await run(script)).toEqual(expected);
  });

  test('arguments are never read by a shell', async () => {
    const result = await runCommand({ program: 'printf', args: ['%s|', '$(id)', 'a b', '; rm'], timeoutMs: 5_000 });
    expect(result.stdout).toBe('$(id)|a b|; rm|');
  });

  test('input is written and closed', async () => {
    expect((await run('tr a-z A-Z', { input: 'hello' })).stdout).toBe('HELLO');
  });

  test('a program that does not read its input is no error', async () => {
    expect((await run('exec 0<&-; exit 7', { input: 'x'.repeat(1 << 20) })).code).toBe(7);
  });

  test('lines end at newline or carriage return, and the last needs neither', async () => {
    const lines: string[] = [];
    await run(String.raw`printf '(1/100%%)\r(2/100%%)\r\nend'`, { onStdoutLine: (line) => lines.push(line) });
    expect(lines).toEqual(['(1/100%)', '(2/100%)', 'end']);
  });

  test('with a line listener only the tail is kept', async () => {
    let count = 0;
    const result = await run('seq 1 100000', { onStdoutLine: () => (count += 1) });
    expect({ count, tail: result.stdout.endsWith('\n100000\n'), bounded: result.stdout.length <= 192 * 1024 }).toEqual({
      count: 100_000,
      tail: true,
      bounded: true,
    });
  });

  test('output without end is cut off', async () => {
    await expect(run('yes')).rejects.toMatchObject({ code: 'ToolFailed', message: 'sh printed more than 32 MiB.' });
  });

  test('a slow program is ended with everything that it started', async () => {
    // The grandchild holds the pipe: the promise could not settle if only the shell were ended.
    await expect(run('sleep 60 & sleep 60', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'Timeout' });
  });

  test('a program that ignores SIGTERM is killed', async () => {
    await expect(run('trap "" TERM; sleep 60', { timeoutMs: 50 })).rejects.toMatchObject({ code: 'Timeout' });
  });

  test('abort ends it', async () => {
    const abort = new AbortController();
    const running = run('echo ready; sleep 60', { signal: abort.signal, onStdoutLine: () => abort.abort() });
    await expect(running).rejects.toMatchObject({ code: 'Timeout', message: 'sh was cancelled.' });
  });

  test('a missing program is named', async () => {
    await expect(runCommand({ program: 'no-such-program', args: [], timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'ToolFailed',
      message: 'The program no-such-program is not installed. Install the package that contains it.',
    });
  });
});

test('findProgram', async () => {
  expect([
    await findProgram('sh'),
    await findProgram('/etc/passwd'),
    await findProgram('/etc'),
    await findProgram('no-such-program'),
  ]).toEqual([expect.stringMatching(/\/sh$/), undefined, undefined, undefined]);
});

test('cleanEnvironment passes on what programs need, and no secrets', () => {
  expect(cleanEnvironment({ HOME: '/h', PATH: '/a:.:/usr/bin', TOKEN: 's', LANG: 'zh_CN.UTF-8', LD_PRELOAD: 'x' })).toEqual({
    HOME: '/h',
    PATH: '/a:/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin',
    LANG: 'C',
    LC_ALL: 'C',
  });
});
