// Owns the proof that every ending is told apart by what it leaves.
// Must not end anything.
import { expect, test } from 'vitest';
import type { ExitEvidence } from '../../../electron/host/qemu/exit.ts';
import { exitFact } from '../../../electron/host/qemu/exit.ts';

const base: ExitEvidence = { watched: true, pidFileLeft: false, stderr: '' };
const killed = { code: null, signal: 'SIGKILL' };
const clean = { code: 0, signal: null };
const terminated = 'qemu-system-x86_64: terminating on signal 15 from pid 4711 (systemd)\n';
const assertion = 'qemu-system-x86_64: ../hw/x.c:12: x: Assertion `y` failed.\n';

test.each([
  ['guest shut down', { ...base, ending: clean, shutdownReason: 'guest-shutdown' }, { type: 'GuestShutdown' }],
  ['guest panicked, action shutdown', { ...base, ending: clean, shutdownReason: 'guest-panic' }, { type: 'GuestShutdown' }],
  ['watchdog poweroff has no SHUTDOWN event', { ...base, ending: clean }, { type: 'GuestShutdown' }],
  ['quit over QMP', { ...base, ending: clean, shutdownReason: 'host-qmp-quit' }, { type: 'HostStopped' }],
  [
    'SIGTERM, handled',
    { ...base, ending: clean, shutdownReason: 'host-signal', stderr: terminated },
    { type: 'HostStopped', signal: 'SIGTERM' },
  ],
  [
    'SIGTERM before the handler was there',
    { ...base, ending: { code: null, signal: 'SIGTERM' } },
    { type: 'HostStopped', signal: 'SIGTERM' },
  ],
  ['SIGKILL', { ...base, ending: killed, pidFileLeft: true }, { type: 'Killed', signal: 'SIGKILL' }],
  [
    'SIGKILL by the kernel',
    { ...base, ending: killed, pidFileLeft: true, outOfMemory: { of: 'machine' } },
    { type: 'OutOfMemory', of: 'machine' },
  ],
  [
    'our own SIGKILL while memory was short',
    { ...base, ending: killed, outOfMemory: {}, sent: 'SIGKILL' },
    { type: 'Killed', signal: 'SIGKILL' },
  ],
  [
    'segmentation fault',
    { ...base, ending: { code: null, signal: 'SIGSEGV' }, pidFileLeft: true },
    { type: 'Crashed', signal: 'SIGSEGV', stderr: '' },
  ],
  ['the sandbox struck', { ...base, ending: { code: null, signal: 'SIGSYS' } }, { type: 'Crashed', signal: 'SIGSYS', stderr: '' }],
  ['error exit', { ...base, ending: { code: 1, signal: null }, stderr: 'x\n' }, { type: 'Crashed', code: 1, stderr: 'x\n' }],
  ['adopted, guest shut down', { ...base, shutdownReason: 'guest-shutdown' }, { type: 'GuestShutdown' }],
  ['adopted, killed', { ...base, pidFileLeft: true }, { type: 'Killed', signal: 'SIGKILL' }],
  ['adopted, failed assertion', { ...base, pidFileLeft: true, stderr: assertion }, { type: 'Crashed', stderr: assertion }],
  [
    'adopted, killed, with old warnings',
    { ...base, pidFileLeft: true, stderr: 'qemu-system-x86_64: warning: netdev n0 has no peer\n' },
    { type: 'Killed', signal: 'SIGKILL' },
  ],
  ['adopted, out of memory', { ...base, pidFileLeft: true, outOfMemory: {} }, { type: 'OutOfMemory' }],
  ['nobody watched, orderly', { ...base, watched: false }, { type: 'EndedUnwatched' }],
  ['nobody watched, SIGTERM', { ...base, watched: false, stderr: terminated }, { type: 'HostStopped', signal: 'SIGTERM' }],
  ['nobody watched, killed', { ...base, watched: false, pidFileLeft: true }, { type: 'Killed', signal: 'SIGKILL' }],
] as const)('%s', (_name, evidence, expected) => {
  expect(exitFact(evidence)).toEqual(expected);
});
