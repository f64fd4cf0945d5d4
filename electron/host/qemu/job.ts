// Owns running one QEMU job to its end: snapshots are jobs, as they may take long.
// Must not know what the job is for.
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { isJsonArray, isJsonObject, textOf } from './json-lines.ts';

type Qmp = (execute: string, args?: JsonObject) => Promise<Json>;

const pollMs = 50;

/** `args` without the job's id. Throws QmpFailed with QEMU's words. */
export async function runJob(qmp: Qmp, execute: string, args: JsonObject): Promise<void> {
  const id = `virtdeck-${randomUUID()}`;
  await qmp(execute, { 'job-id': id, ...args });
  for (;;) {
    const all = await qmp('query-jobs');
    const job = (isJsonArray(all) ? all : []).filter(isJsonObject).find((one) => one['id'] === id);
    if (job?.['status'] === 'concluded') {
      await qmp('job-dismiss', { id });
      const error = textOf(job['error']);
      if (error !== undefined) throw new AppError('QmpFailed', `${execute} failed: ${error}`);
      return;
    }
    if (job === undefined) throw new AppError('QmpFailed', `${execute} ended without a result.`);
    await delay(pollMs);
  }
}
