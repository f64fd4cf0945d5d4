// Owns asking the kernel whether threads of this user may have real-time priority.
// Must not give it to any.
import type { RealtimeFact } from '../core/facts.ts';
import { readIfThere } from './proc.ts';

export async function realtimeFact(root = '/'): Promise<RealtimeFact | undefined> {
  const [runtime, limits] = await Promise.all([
    readIfThere(`${root}proc/sys/kernel/sched_rt_runtime_us`),
    readIfThere(`${root}proc/self/limits`),
  ]);
  if (runtime === undefined) return undefined;
  const limit = /^Max realtime priority\s+(\S+)/m.exec(limits ?? '')?.[1];
  return {
    runtimeMicroseconds: Number(runtime.trim()),
    maySetPriority: process.geteuid?.() === 0 || limit === 'unlimited' || Number(limit ?? 0) >= 1,
  };
}
