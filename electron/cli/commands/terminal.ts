// Owns `virtdeck console` and `logs`: a machine's serial line in the user's own terminal.
// Must not hold a terminal emulator.
import type { WebSocket } from 'ws';
import { CoreGone } from '../connection.ts';
import { subresourcePath } from '../resource-names.ts';
import type { Session } from '../session.ts';

/** virtctl's escape: Ctrl+]. Also in piped input, as there. */
const escapeByte = 0x1d;

export async function openTerminal(session: Session, name: string): Promise<void> {
  const remote = await openSerial(session, name);
  process.stderr.write(`Successfully connected to ${name} console. The escape sequence is ^]\n`);
  const { stdin } = process;
  if (stdin.isTTY) stdin.setRawMode(true);
  try {
    // Piped input that ends does not end the console: what the guest still answers is shown until it closes.
    await Promise.race([printUntilClosed(remote), typeUntilEscape(remote)]);
  } finally {
    if (stdin.isTTY) stdin.setRawMode(false);
    stdin.destroy();
    remote.close();
  }
}

/** The serial log from power-on; with `follow` what comes, too. */
export async function logs(session: Session, name: string, options: { readonly follow?: boolean }): Promise<void> {
  if (options.follow === true) return printUntilClosed(await openSerial(session, name));
  const machine = `namespaces/${encodeURIComponent(session.namespace)}/virtualmachineinstances/${encodeURIComponent(name)}`;
  process.stdout.write(await session.bytes({ path: `/apis/virtdeck.io/v1alpha1/${machine}/serial-log` }));
}

async function openSerial(session: Session, name: string): Promise<WebSocket> {
  const path = subresourcePath('virtualmachineinstances', { namespace: session.namespace, name }, 'console');
  return session.openSocket(path);
}

/** RFC 6455: what an end without a closing frame is reported as. */
const abnormalClosure = 1006;

function printUntilClosed(remote: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    remote.on('message', (data: Buffer) => {
      if (process.stdout.write(data)) return;
      remote.pause();
      process.stdout.once('drain', () => remote.resume());
    });
    remote.once('close', (code, reason) => {
      if (code === abnormalClosure) reject(new CoreGone());
      else {
        process.stderr.write(`\nYou were disconnected from the console${reason.length > 0 ? `: ${reason.toString()}` : '.'}\n`);
        resolve();
      }
    });
    remote.once('error', reject);
  });
}

/** Ends with the escape, never with the end of the input. */
async function typeUntilEscape(remote: WebSocket): Promise<void> {
  for await (const chunk of process.stdin) {
    const bytes = chunk as Buffer;
    const at = bytes.indexOf(escapeByte);
    await send(remote, at < 0 ? bytes : bytes.subarray(0, at));
    if (at >= 0) return;
  }
  await new Promise(() => {});
}

/** Waits until it has left, so that a long file does not pile up here. */
function send(remote: WebSocket, bytes: Buffer): Promise<void> {
  // A connection that closed says so by itself.
  return new Promise((resolve) => remote.send(bytes, () => resolve()));
}
