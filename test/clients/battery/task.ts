// Owns what a task of the battery is, and the machines that tasks are about.
// Must not hold tasks.
import type { Runner } from '../kubectl.ts';

export interface Task {
  readonly name: string;
  /** The first 1.x that knows the command or the flag. */
  readonly since?: number;
  readonly run: (kubectl: Runner) => Promise<void>;
}

const labels = 'labels: {app: demo}';

export function machine(
  name: string,
  more: { readonly labels?: string; readonly strategy?: string; readonly memory?: string } = {},
): string {
  return `apiVersion: kubevirt.io/v1
kind: VirtualMachine
metadata:
  name: ${name}
  ${more.labels ?? labels}
spec:
  runStrategy: ${more.strategy ?? 'Halted'}
  template:
    spec:
      domain:
        memory: {guest: ${more.memory ?? '256Mi'}}
        devices: {}
`;
}

export async function made({ ok }: Runner, name: string, more?: Parameters<typeof machine>[1]): Promise<void> {
  await ok('create -f -', { input: machine(name, more) });
}
