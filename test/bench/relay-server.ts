// Owns our relay in a process of its own: the real channel and the real listener in front of a byte source.
// Must not measure anything.
import { openVncChannel } from '../../electron/host/consoles/vnc.ts';
import { connectSerial } from '../../electron/host/consoles/serial.ts';
import { pageAssets } from '../../electron/server/assets.ts';
import { createAuth } from '../../electron/server/auth.ts';
import { listen } from '../../electron/server/http.ts';
import type { Router } from '../../electron/server/router.ts';

const [source = '', serialLog = ''] = process.argv.slice(2);
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const auth = createAuth();
const serial = serialLog === '' ? undefined : await connectSerial({ socketPath: source, logFile: serialLog, fresh: true, log });
const router: Router = {
  handle: () => Promise.resolve(new Response('', { status: 404 })),
  open: () => (serial === undefined ? openVncChannel(source) : Promise.resolve(serial.open({ replay: false }))),
};
const listening = await listen({ router, log, tcp: { host: '127.0.0.1', port: 0, auth, assets: pageAssets('/nowhere') } });
process.stdout.write(`${JSON.stringify({ url: listening.origin, token: auth.issueToken().token })}\n`);
