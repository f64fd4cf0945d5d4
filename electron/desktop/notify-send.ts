// Owns telling the desktop of failures where Electron is not there: with notify-send, which every desktop has.
// Must not fail: a computer without it, or without a desktop, still has the window's own notices.
import { spawn } from 'node:child_process';
import { plainText } from '../api/plain-text.ts';
import type { Caller, Router } from '../server/router.ts';
import { type FailureNotice, followFailures } from './failure-notices.ts';

const caller: Caller = { name: 'window', transport: 'direct', role: 'admin' };

/** Until the answered function is called. Does nothing in a session without a desktop. */
export function tellDesktop(router: Router, env: NodeJS.ProcessEnv = process.env): () => void {
  if ((env['DISPLAY'] ?? env['WAYLAND_DISPLAY'] ?? '') === '') return () => undefined;
  return followFailures(router, caller, (notice) => {
    const child = spawn('notify-send', noticeArguments(notice), { stdio: 'ignore', env });
    // Not installed.
    child.on('error', () => undefined);
    child.unref();
  });
}

/** The body is markup to the desktop, and the words in it come from guests and manifests, too. */
export function noticeArguments({ name, message }: Pick<FailureNotice, 'name' | 'message'>): readonly string[] {
  return ['--app-name=Virtdeck', '--icon=computer', '--', plainText(name), asMarkup(plainText(message))];
}

function asMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
