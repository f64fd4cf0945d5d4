// Owns asking a guest one question of a liveness or readiness probe.
// Must not count answers, nor ask again; the engine has the clock.
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import type { ProbeQuestion, ProbeWay } from '../../core/reconcile/probes.ts';
import type { ProbeAnswer } from '../../engine/ports.ts';
import { isJsonObject } from '../qemu/json-lines.ts';
import { askHttp } from './http.ts';
import { askTcp } from './tcp.ts';
import { throughUserNetwork } from './user-network-port.ts';

export interface Asked {
  readonly qmp: (execute: string, args?: JsonObject) => Promise<Json>;
  readonly agent: (execute: string, args?: JsonObject, timeoutMs?: number) => Promise<Json>;
}

/** Never rejects for what the guest does or does not do. */
export async function askGuest(asked: Asked, question: ProbeQuestion, timeoutMs: number): Promise<ProbeAnswer> {
  try {
    return await answer(asked, question, timeoutMs);
  } catch (error) {
    if (error instanceof AppError) return { succeeded: false, message: error.message };
    throw error;
  }
}

async function answer(asked: Asked, question: ProbeQuestion, timeoutMs: number): Promise<ProbeAnswer> {
  switch (question.type) {
    case 'guestAgentPing':
      await asked.agent('guest-ping', undefined, timeoutMs);
      return { succeeded: true, message: 'The guest agent answered.' };
    case 'exec':
      return await run(asked, question.command, timeoutMs);
    case 'tcpSocket':
      return await reach(asked, question, (target, isEstablished) => askTcp({ ...target, timeoutMs, isEstablished }));
    case 'httpGet':
      return await reach(asked, question, (target) => askHttp({ ...question, ...target, guestPort: question.port, timeoutMs }));
  }
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** Undefined where connecting is already an answer of the guest itself. */
type Established = (() => Promise<boolean>) | undefined;

async function reach(
  { qmp }: Asked,
  { way, port }: { readonly way: ProbeWay; readonly port: number },
  ask: (target: Target, isEstablished: Established) => Promise<ProbeAnswer>,
): Promise<ProbeAnswer> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { succeeded: false, message: 'The probe names no port.' };
  switch (way.type) {
    case 'none':
      return { succeeded: false, message: 'The guest has no address yet.' };
    case 'address':
      return await ask({ host: way.address, port }, undefined);
    case 'userNetwork':
      return await throughUserNetwork({ qmp, netdev: way.netdev, guestPort: port }, (local) =>
        ask({ host: '127.0.0.1', port: local.port }, local.isEstablished),
      );
  }
}

const pollMs = 100;

/** guest-exec answers at once and must be asked for the end. A command that is still running when time is up is left running, as in KubeVirt. */
async function run({ agent }: Asked, command: readonly string[], timeoutMs: number): Promise<ProbeAnswer> {
  const [program, ...args] = command;
  if (program === undefined) return { succeeded: false, message: 'The probe names no command.' };
  const deadline = performance.now() + timeoutMs;
  const started = await agent('guest-exec', { path: program, arg: args, 'capture-output': true });
  const pid = isJsonObject(started) ? started['pid'] : undefined;
  if (typeof pid !== 'number') return { succeeded: false, message: 'The guest agent did not start the command.' };
  for (;;) {
    const status = await agent('guest-exec-status', { pid });
    if (isJsonObject(status) && status['exited'] === true) return ended(program, status);
    if (performance.now() > deadline) return { succeeded: false, message: `${program} did not end within ${timeoutMs / 1000} s.` };
    await delay(pollMs);
  }
}

function ended(program: string, status: JsonObject): ProbeAnswer {
  const code = typeof status['exitcode'] === 'number' ? status['exitcode'] : undefined;
  if (code === 0) return { succeeded: true, message: `${program} ended with 0.` };
  const output = ['err-data', 'out-data'].map((name) => status[name]).find((text) => typeof text === 'string' && text !== '');
  const said = typeof output === 'string' ? Buffer.from(output, 'base64').toString('utf8').trim().slice(0, 200) : '';
  const how = code === undefined ? 'was ended by a signal' : `ended with ${code}`;
  return { succeeded: false, message: `${program} ${how}${said === '' ? '.' : `: ${said}`}` };
}
