// Owns asking a guest, through its agent, whether Secure Boot is on in it.
// Must not conclude anything from silence: a guest without efivarfs, or an agent that may not read files, says nothing.
import type { Json, JsonObject } from '../../api/object.ts';
import type { SecureBootReport } from '../../core/facts.ts';
import { isJsonObject, textOf } from './json-lines.ts';

type Execute = (command: string, args?: JsonObject) => Promise<Json>;

/** Where Linux shows the variables of the UEFI specification, by its own GUID. */
const variable = (name: string): string => `/sys/firmware/efi/efivars/${name}-8be4df61-93ca-11d2-aa0d-00e098032b8c`;
/** Four bytes of attributes, one of value. */
const variableBytes = 5;

export async function askSecureBoot(execute: Execute): Promise<SecureBootReport | undefined> {
  const enabled = await flag(execute, 'SecureBoot');
  if (enabled === undefined) return undefined;
  return { enabled, setupMode: (await flag(execute, 'SetupMode')) ?? false };
}

async function flag(execute: Execute, name: string): Promise<boolean | undefined> {
  // Rejects when there is no such file: the caller takes that for silence.
  const handle = await execute('guest-file-open', { path: variable(name), mode: 'r' });
  try {
    const answer = await execute('guest-file-read', { handle, count: variableBytes });
    const bytes = Buffer.from((isJsonObject(answer) ? textOf(answer['buf-b64']) : undefined) ?? '', 'base64');
    return bytes.length === variableBytes ? bytes[variableBytes - 1] === 1 : undefined;
  } finally {
    await execute('guest-file-close', { handle }).catch(() => undefined);
  }
}
