// Owns a process' place in the kernel's order of killing.
// Must not decide it.
import { writeFile } from 'node:fs/promises';
import { readIfThere } from '../proc.ts';

/** Up is open to everybody. Down below what the session began with is not: then it stays where it is. */
export async function setOomScoreAdj(pid: number, value: number): Promise<void> {
  await writeFile(`/proc/${pid}/oom_score_adj`, String(value)).catch(() => undefined);
}

/** `score` is the kernel's own sum of what it uses and its adjustment; the highest is ended first. */
export async function readOomScore(pid: number): Promise<{ readonly score: number; readonly adj: number } | undefined> {
  const [score, adj] = await Promise.all([readIfThere(`/proc/${pid}/oom_score`), readIfThere(`/proc/${pid}/oom_score_adj`)]);
  return score === undefined || adj === undefined ? undefined : { score: Number(score), adj: Number(adj) };
}
