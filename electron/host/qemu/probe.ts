// Owns asking a QEMU binary what it can do, once per binary: the recording that core reads capabilities from.
// Must not read the answers; core/qemu/capabilities.ts does.
import { release } from 'node:os';
import { z } from 'zod';
import { AppError } from '../../api/errors.ts';
import type { Json } from '../../api/object.ts';
import { definitionCommands, definitionReply, probeCommands, recordingKey } from '../../core/qemu/capabilities.ts';
import type { QmpRecording, QmpReplies } from '../../core/qemu/capabilities.ts';
import type { QmpCommand } from '../../core/qemu/launch-plan.ts';
import { cached, fileKey } from '../cache.ts';
import { startShortRun } from './short-run.ts';

/** 0.1 s on an idle computer; a broken KVM may hang. */
const probeTimeoutMs = 20_000;

/** Not looked into: it came out of JSON.parse, and walking through all of it takes 20 ms of every start. */
const jsonSchema = z.custom<Json>((value) => value !== undefined);
const repliesSchema = z.record(z.string(), jsonSchema);
const recordingSchema = z.object({ binary: z.string(), tcg: repliesSchema, kvm: repliesSchema.optional() });

export interface ProbeOptions {
  readonly dataDir: string;
  readonly binary: string;
  /** Also under KVM: what it offers depends on the processor and the kernel. */
  readonly kvm: boolean;
}

/** Throws QemuMissing or QemuExitedEarly when the binary cannot even be asked under emulation. */
export async function probeQemu({ dataDir, binary, kvm }: ProbeOptions): Promise<QmpRecording> {
  const key = [await fileKey(binary), JSON.stringify(probeCommands), 'with definitions', kvm ? release() : 'tcg only'];
  return await cached({ dataDir, name: 'qemu', key, schema: recordingSchema }, async () => {
    const tcg = await conversation(binary, 'tcg');
    if (!kvm) return { binary, tcg };
    const underKvm = await conversation(binary, 'kvm').catch(tolerateQemu);
    return underKvm === undefined ? { binary, tcg } : { binary, tcg, kvm: underKvm };
  });
}

async function conversation(binary: string, accelerator: 'tcg' | 'kvm'): Promise<QmpReplies> {
  const args = ['-machine', 'none', '-nodefaults', '-no-user-config', '-display', 'none', '-accel', accelerator];
  const run = startShortRun({ binary, args, timeoutMs: probeTimeoutMs });
  try {
    const qmp = await run.qmp;
    const ask = async (commands: readonly QmpCommand[], kept: (reply: Json) => Json): Promise<QmpReplies> => {
      const asked = commands.map(async (command) => {
        const reply = await qmp.execute(command.execute, command.arguments, probeTimeoutMs).catch(tolerateQemu);
        return reply === undefined ? [] : [[recordingKey(command), kept(reply)] as const];
      });
      return Object.fromEntries((await Promise.all(asked)).flat());
    };
    const replies = await ask(probeCommands, (reply) => reply);
    return accelerator === 'kvm' ? replies : { ...replies, ...(await ask(definitionCommands(replies), definitionReply)) };
  } finally {
    run.kill();
  }
}

/** A command that this QEMU does not know, or an accelerator that is not there, is an answer as well. */
function tolerateQemu(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error;
}
