// Owns a root folder of its own in which the privileged program runs: it is static, and chroot shows it nothing else.
// Must not touch this computer: root is needed, for chroot alone.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PrivilegedRequest } from '../../../electron/api/privileged.ts';
import { privilegedInput } from '../../../electron/host/network/privileged.ts';
import { bundledHelper } from '../../../native/index.ts';

export interface HelperAnswer {
  readonly ok: boolean;
  readonly code?: string;
  readonly field?: string;
  readonly message?: string;
  readonly undo?: { readonly verb: string; readonly backup?: number };
}

export interface ScratchRoot {
  readonly root: string;
  /** A text goes as it is. */
  ask(request: PrivilegedRequest | string): HelperAnswer;
  put(file: string, text: string, mode?: number): void;
  /** Undefined: there is no such file. */
  get(file: string): string | undefined;
  names(folder: string): readonly string[];
  journal(): readonly { readonly verb: string; readonly outcome: string; readonly undo?: unknown }[];
}

/** A static shell lets scripts run in it, too. */
export const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((file) => existsSync(file));
export const canChroot = process.geteuid?.() === 0 && bundledHelper !== undefined;

export function scratchRoot(root: string): ScratchRoot {
  const at = (file: string): string => join(root, file);
  const put = (file: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
    chmodSync(at(file), mode);
  };
  mkdirSync(at('var/lib'), { recursive: true });
  mkdirSync(at('dev'), { recursive: true });
  copyFileSync(bundledHelper ?? '', at('virtdeck-helper'));
  if (busybox !== undefined) {
    mkdirSync(at('bin'), { recursive: true });
    copyFileSync(busybox, at('bin/sh'));
  }
  return {
    root,
    put,
    ask: (request) => askIn(root, request),
    get: (file) => (existsSync(at(file)) ? readFileSync(at(file), 'utf8') : undefined),
    names: (folder) => readdirSync(at(folder)).toSorted(),
    journal: () =>
      (existsSync(at('var/lib/virtdeck-helper/journal')) ? readFileSync(at('var/lib/virtdeck-helper/journal'), 'utf8') : '')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as { verb: string; outcome: string }),
  };
}

export function askIn(root: string, request: PrivilegedRequest | string): HelperAnswer {
  const input = typeof request === 'string' ? request : privilegedInput(request);
  const { stdout, stderr } = spawnSync('chroot', [root, '/virtdeck-helper'], { input, encoding: 'utf8' });
  if (stdout === '') throw new Error(`The program answered nothing: ${stderr}`);
  return JSON.parse(stdout) as HelperAnswer;
}
