// Owns telling running machines that the certificate of VNC was renewed. Viewers that are connected stay.
// Must not issue anything.
import { resources } from '../api/resources.ts';
import { viewerListenerOf } from '../core/qemu/vnc-viewers.ts';
import type { EngineContext } from './context.ts';
import type { RunningMachine } from './ports.ts';
import { textOf } from './queue.ts';
import { read } from './typed.ts';

const retryMs = 60_000;

/** A machine that cannot take it keeps the old one, which is good for a while, and is asked again. */
export async function reloadVncCertificates(context: EngineContext): Promise<void> {
  await Promise.all(context.machines.all().map(({ machine }) => reload(context, machine)));
}

async function reload(context: EngineContext, machine: RunningMachine): Promise<void> {
  const { namespace, name, uid } = machine.vmi;
  const vmi = read(context.store, { resource: resources.virtualMachineInstances, namespace, name });
  if (vmi === undefined || vmi.metadata.uid !== uid || viewerListenerOf(vmi) === undefined) return;
  try {
    await machine.qmp('display-reload', { type: 'vnc', 'tls-certs': true });
  } catch (error) {
    const message = `The screen keeps its old certificate, because QEMU did not take the new one: ${textOf(error)}`;
    context.events.record(vmi, { type: 'Warning', reason: 'VncCertificateNotReloaded', message });
    context.clock.after(retryMs, () => {
      if (context.machines.all().some((one) => one.machine === machine)) void reload(context, machine);
    });
  }
}
