// Owns where things are for this user: data folder, run folder and the socket of the running core.
// Must not create anything.
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultRunDir } from './host/run-dir.ts';

export interface Places {
  readonly dataDir: string;
  readonly runDir: string;
  /** The API's unix socket. */
  readonly socket: string;
}

/** Options win over VIRTDECK_DATA and VIRTDECK_RUN, which win over the XDG folders. */
export function places(given: { readonly data?: string | undefined; readonly run?: string | undefined }): Places {
  const { env } = process;
  const dataDir = given.data ?? env['VIRTDECK_DATA'] ?? join(env['XDG_DATA_HOME'] ?? join(homedir(), '.local/share'), 'virtdeck');
  const runDir = given.run ?? env['VIRTDECK_RUN'] ?? defaultRunDir(env, process.getuid?.() ?? 0);
  return { dataDir: resolve(dataDir), runDir: resolve(runDir), socket: join(resolve(runDir), 'api.sock') };
}
