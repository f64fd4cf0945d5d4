// Owns starting the tests' Debian as a computer starts: firmware, GRUB, the kernel and first file system that lie on its own disk.
// Must not prepare it; a program of the lab does.
import { spawn } from 'node:child_process';
import { type DebianDisk, diskArguments } from './debian-disk.ts';
import { type LabOptions, outerMachine } from './lab-options.ts';
import { labQemu } from './lab-qemu.ts';

// Seven times what it took on a busy computer.
const timeoutMs = 600_000;

/** The match of `awaited` on its serial line. Nothing of the start is kept on the disk. */
export async function bootDebian(disk: DebianDisk, options: LabOptions, awaited: RegExp): Promise<RegExpExecArray> {
  // GRUB wants a screen beside the serial line.
  const screen = ['-device', 'VGA,bus=pcie.0,addr=0x2'];
  const args = [...outerMachine(options), ...screen, ...diskArguments(disk, { keeps: false })];
  const outer = spawn(await labQemu(options.qemu), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const gone = new Promise<void>((resolve) => outer.once('close', () => resolve()));
  const said = Promise.withResolvers<RegExpExecArray>();
  let text = '';
  const fail = (why: string): void => said.reject(new Error(`${why}\n── console ──\n${text.split('\n').slice(-60).join('\n')}`));
  const hear = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    const match = awaited.exec(text);
    if (match !== null) said.resolve(match);
  };
  outer.stdout.on('data', hear);
  outer.stderr.on('data', hear);
  outer.once('error', said.reject);
  outer.once('close', (code) => fail(`Debian's computer ended (${code}) before it said what was awaited.`));
  const late = setTimeout(() => fail(`Debian did not say what was awaited within ${timeoutMs / 1000} s.`), timeoutMs);
  try {
    return await said.promise;
  } finally {
    clearTimeout(late);
    outer.kill('SIGKILL');
    if (outer.pid !== undefined) await gone;
  }
}
