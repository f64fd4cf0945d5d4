// Owns the start check of a machine that is not stored: what the wizard asks before it makes anything.
// Must not store anything.
import type { StartCheck } from '../api/computer.ts';
import { AppError } from '../api/errors.ts';
import type { Secret } from '../api/kinds/secret.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import type { DraftObject } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import type { LaunchFacts } from '../core/facts.ts';
import { textOfBase64 } from '../core/qemu/secret-text.ts';
import type { EngineContext } from './context.ts';
import { checkOf } from './start-check.ts';

/** Throws Invalid, with every cause, when a draft could not be stored. Disks that come with the machine are no reason against it. */
export async function startCheckOf(context: EngineContext, namespace: string, drafts: readonly DraftObject[]): Promise<StartCheck> {
  await context.knowComputer();
  const machines = drafts.filter(({ kind }) => kind === 'VirtualMachine');
  const [machine] = machines;
  if (machine === undefined || machines.length > 1) {
    throw new AppError(
      'BadRequest',
      'A start check is of one VirtualMachine. Send it alone, or in a List with the Secrets that come with it.',
    );
  }
  const secrets = drafts.filter(({ kind }) => kind === 'Secret');
  const texts = secrets.map((draft) => secretText(context.objects.preview({ resource: resources.secrets, namespace }, draft) as Secret));
  const vm = context.objects.preview({ resource: resources.virtualMachines, namespace }, machine) as VirtualMachine;
  const expected = (facts: LaunchFacts): LaunchFacts => ({ ...facts, secrets: { ...facts.secrets, ...Object.fromEntries(texts) } });
  const check = await checkOf(context, { vm, current: undefined, expected });
  const coming = check.causes.filter(({ reason }) => reason === 'VolumeImporting');
  const causes = check.causes.filter(({ reason }) => reason !== 'VolumeImporting');
  return { ...check, allowed: causes.length === 0, causes, passed: [...check.passed, ...coming.map(({ message }) => message)] };
}

function secretText({ metadata, data = {} }: Secret): readonly [string, Readonly<Record<string, string>>] {
  return [metadata.name, Object.fromEntries(Object.entries(data).map(([key, value]) => [key, textOfBase64(value)]))];
}
