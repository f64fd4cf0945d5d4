// Owns which paths are byte streams, and what each of them means.
// Must not open them; the router does.
import { AppError } from '../api/errors.ts';
import { type ConsoleName, consoleNames } from '../api/verbs.ts';
import { subresourceGroup, subresourceVersions } from './subresource-names.ts';

export type StreamTarget =
  | { readonly type: 'console'; readonly name: ConsoleName }
  | { readonly type: 'port'; readonly port: number; readonly protocol: 'tcp' | 'udp' };

const base = `^/apis/${subresourceGroup}/(?:${subresourceVersions.join('|')})/namespaces/[^/]+`;
const consolePath = new RegExp(`${base}/virtualmachineinstances/[^/]+/(${consoleNames.join('|')})$`);
/** `virtctl port-forward` and `virtctl ssh`, of a VirtualMachine or its instance. */
const portPath = new RegExp(`${base}/virtualmachine(?:instance)?s/[^/]+/portforward/([^/]+)(?:/([^/]+))?$`);

/** Whether a WebSocket at this path is a byte stream; everything else may be a watch. */
export function isStream(pathname: string): boolean {
  return consolePath.test(pathname) || portPath.test(pathname);
}

/** Throws BadRequest for a port or protocol that is none. Undefined when the path is no stream. */
export function streamAt(pathname: string): StreamTarget | undefined {
  const name = consoleNames.find((known) => known === consolePath.exec(pathname)?.[1]);
  if (name !== undefined) return { type: 'console', name };
  const found = portPath.exec(pathname);
  if (found === null) return undefined;
  const [, portText = '', protocol = 'tcp'] = found;
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65_535) throw refused('port', `${portText} is not a port`, 'Give a number from 1 to 65535.');
  if (protocol !== 'tcp' && protocol !== 'udp') throw refused('protocol', `unknown protocol: ${protocol}`, 'Use tcp or udp.');
  return { type: 'port', port, protocol };
}

function refused(field: string, message: string, fix: string): AppError {
  return new AppError('BadRequest', message, { causes: [{ reason: 'FieldValueInvalid', field, message, fix }] });
}
