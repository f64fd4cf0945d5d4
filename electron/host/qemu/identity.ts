// Owns the identity file of a run directory: what is needed to find a QEMU again after the core died.
// Must not decide whether it is still alive; adopt.ts does.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { LaunchPlan } from '../../core/qemu/launch-plan.ts';
import { errnoOf } from '../errno.ts';
import { writePrivateFile } from '../private-file.ts';

const sidecarSchema = z.object({
  name: z.string(),
  serves: z.string(),
  socket: z.string(),
  log: z.string(),
  /** Absent until it has been started. */
  process: z.object({ pid: z.number(), startTicks: z.number() }).optional(),
});

const identitySchema = z.object({
  /** Raised when a core could no longer adopt what an older one wrote. */
  version: z.literal(1),
  vmi: z.object({ namespace: z.string(), name: z.string(), uid: z.string() }),
  /** `-uuid`, as query-uuid answers it. */
  uuid: z.string(),
  ownerUid: z.string(),
  bootId: z.string(),
  binary: z.string(),
  memoryMiB: z.number(),
  vcpus: z.number(),
  sockets: z.object({ qmp: z.string(), serial: z.string().optional(), vnc: z.string().optional(), agent: z.string().optional() }),
  pidFile: z.string(),
  serialLog: z.string().optional(),
  qemuLog: z.string(),
  stateDir: z.string(),
  sidecars: z.array(sidecarSchema).optional(),
  /** Absent from the making of the directory until QEMU has been started. */
  process: z.object({ pid: z.number(), startTicks: z.number() }).optional(),
});
export type SidecarIdentity = Readonly<z.infer<typeof sidecarSchema>>;
export type Identity = Readonly<z.infer<typeof identitySchema>>;

export const identityFileName = 'identity.json';

export function identityOf(plan: LaunchPlan, bootId: string): Identity {
  const { vmi, uuid, binary, memoryMiB, vcpus, sockets, pidFile, serialLog, qemuLog, stateDir, sidecars } = plan;
  return {
    version: 1,
    vmi,
    uuid,
    ownerUid: path.basename(stateDir),
    bootId,
    binary,
    memoryMiB,
    vcpus,
    sockets,
    pidFile,
    qemuLog,
    stateDir,
    ...(serialLog === undefined ? {} : { serialLog }),
    ...(sidecars.length === 0 ? {} : { sidecars: sidecars.map(({ name, serves, socket, log }) => ({ name, serves, socket, log })) }),
  };
}

export async function writeIdentity(runDir: string, identity: Identity): Promise<void> {
  await writePrivateFile(path.join(runDir, identityFileName), JSON.stringify(identity, undefined, 2));
}

/** Undefined when there is none, or none that this version understands. */
export async function readIdentity(runDir: string): Promise<Identity | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(runDir, identityFileName), 'utf8'));
    return identitySchema.safeParse(value).data;
  } catch (error) {
    if (error instanceof SyntaxError || ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
