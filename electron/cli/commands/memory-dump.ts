// Owns `virtdeck memory-dump get|remove`.
// Must not wait for the dump: the machine's status tells.
import { formatBytes, bytesOf } from '../../api/quantity.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import { annotations } from '../../api/annotations.ts';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface DumpOptions {
  readonly claimName?: string;
  readonly createClaim?: boolean;
}

interface Asked {
  readonly action: string;
  readonly name: string;
}

/** KubeVirt's overhead of a dump beside the memory itself, and room for growth. */
const overheadBytes = 128 * 2 ** 20;

export async function memoryDump(session: Session, { action, name }: Asked, options: DumpOptions): Promise<void> {
  const place = { namespace: session.namespace, name };
  if (action === 'remove') {
    await session.request({ method: 'PUT', path: subresourcePath('virtualmachines', place, 'removememorydump'), body: {} });
    session.print(`Successfully submitted remove memory dump association of VM ${name}`);
    return;
  }
  if (action !== 'get') throw new UsageError(`action "${action}" doesn't exist: use get or remove`);
  const { claimName } = options;
  if (options.createClaim === true) {
    if (claimName === undefined) throw new UsageError('missing claim name: --create-claim needs --claim-name');
    await createClaim(session, name, claimName);
  }
  const body = claimName === undefined ? {} : { claimName };
  await session.request({ method: 'PUT', path: subresourcePath('virtualmachines', place, 'memorydump'), body });
  session.print(`Successfully submitted memory dump request of VM ${name}`);
}

async function createClaim(session: Session, name: string, claimName: string): Promise<void> {
  const project = encodeURIComponent(session.namespace);
  const path = `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachineinstances/${encodeURIComponent(name)}`;
  const vmi = (await session.request({ path })) as VirtualMachineInstance;
  const memory = bytesOf(vmi.status?.memory?.guestAtBoot ?? vmi.spec.domain.memory?.guest) ?? 0;
  const body = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    // The dump is read by debuggers as it is: a raw file.
    metadata: { name: claimName, annotations: { [annotations.diskFormat]: 'raw' } },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: formatBytes(memory + overheadBytes) } } },
  };
  await session.request({ method: 'POST', path: `/api/v1/namespaces/${project}/persistentvolumeclaims`, body });
}
