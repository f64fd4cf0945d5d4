// Owns telling of this computer's pools of huge pages, and having them changed.
// Must not judge a change; core/memory does.
import { AppError } from '../api/errors.ts';
import type { HugePageChange, HugePageReport } from '../api/huge-pages.ts';
import { phaseOf } from '../api/lifecycle.ts';
import { resources } from '../api/resources.ts';
import { hugePagePlan, poolReports } from '../core/memory/huge-page-change.ts';
import type { EngineContext } from './context.ts';
import { computerKey } from './controllers/node.ts';
import { keyOf } from './removal.ts';
import { readAll } from './typed.ts';

export async function hugePages(context: EngineContext): Promise<HugePageReport> {
  const [{ topology }, kept, { privilege }] = await Promise.all([
    context.hostFacts(),
    context.host.memory.keptPages(),
    context.host.network.facts(),
  ]);
  return {
    items: poolReports({ topology, kept }),
    privilege: privilege === 'root' ? 'root' : privilege === 'pkexec' ? 'password' : 'none',
  };
}

/** Throws Invalid with every cause, Forbidden when no administrator agreed, ToolFailed with the reason. Machines that wait for pages start. */
export async function changeHugePages(context: EngineContext, change: HugePageChange): Promise<HugePageReport> {
  const [{ topology }, kept] = await Promise.all([context.hostFacts(), context.host.memory.keptPages()]);
  const plan = hugePagePlan({ topology, kept }, change);
  if (!plan.ok) {
    const { causes } = plan;
    throw new AppError('Invalid', `The pages cannot be reserved: ${causes.map(({ message }) => message).join(' ')}`, { causes });
  }
  await context.host.network.ask(plan.request);
  context.wake(computerKey);
  for (const vmi of readAll(context.store, resources.virtualMachineInstances)) {
    if (['Pending', 'Scheduling'].includes(phaseOf(vmi))) context.wake(keyOf(resources.virtualMachineInstances, vmi));
  }
  return hugePages(context);
}
