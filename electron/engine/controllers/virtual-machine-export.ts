// Owns VirtualMachineExport: says where the disks of a machine that stands still can be fetched, while they can be.
// Must not serve them; exports.ts opens one when somebody comes with the token.
import type { VirtualMachineExport } from '../../api/kinds/virtual-machine-export.ts';
import { resources } from '../../api/resources.ts';
import { base64OfText } from '../../core/defaults/base64.ts';
import { type ExportFact, exportEndMs, exportStatusAfter, tokenSecretOf } from '../../core/clusters/export-status.ts';
import { ownedBy } from '../../core/reconcile/vmi-of-vm.ts';
import type { Controller, EngineContext } from '../context.ts';
import { claimNames, isUsedBy } from '../launch-facts.ts';
import { read, readAll } from '../typed.ts';

/** A machine that stops, or a disk that comes, is seen within this. */
const lookAgainMs = 5_000;

export function createExportController(context: EngineContext): Controller {
  const { store, clock, objects } = context;
  return {
    async reconcile(key) {
      const object = read(store, { ...key, resource: resources.exports });
      if (object === undefined || object.metadata.deletionTimestamp !== undefined) return;
      const endMs = exportEndMs(object);
      if (endMs <= clock.now()) {
        objects.delete(key);
        return;
      }
      makeToken(context, object);
      const fact = await factOf(context, object);
      objects.change(key, (stored) => {
        const before = stored as VirtualMachineExport;
        const changed: VirtualMachineExport = { ...before, status: exportStatusAfter(before, fact, clock.now()) };
        return changed;
      });
      context.wakeAt(key, fact.type === 'Ready' ? endMs : Math.min(endMs, clock.now() + lookAgainMs));
    },
  };
}

/** Who names no Secret gets one that goes with the export. */
function makeToken({ store, objects, ids }: EngineContext, object: VirtualMachineExport): void {
  const { namespace = 'default' } = object.metadata;
  const name = tokenSecretOf(object);
  if (object.spec.tokenSecretRef !== undefined || read(store, { resource: resources.secrets, namespace, name }) !== undefined) return;
  objects.create(
    { resource: resources.secrets, namespace },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, ownerReferences: [ownedBy(object)] },
      type: 'Opaque',
      data: { token: base64OfText(`${ids.uuid()}${ids.uuid()}`.replaceAll('-', '')) },
    },
    { byCore: true },
  );
}

async function factOf(context: EngineContext, object: VirtualMachineExport): Promise<ExportFact> {
  const { store, host, door } = context;
  const { namespace = 'default' } = object.metadata;
  const claims = exportedClaims(context, object);
  const waiting = (reason: string, message: string): ExportFact => ({ type: 'Waiting', reason, message });
  if (claims === undefined) return waiting('VirtualMachineNotFound', `virtualmachine.kubevirt.io "${object.spec.source.name}" not found`);
  const missing = claims.find(
    (name) => read(store, { resource: resources.persistentVolumeClaims, namespace, name })?.status?.phase !== 'Bound',
  );
  if (missing !== undefined) return waiting('PVCPending', `The disk ${missing} is not there yet.`);
  const user = readAll(store, resources.virtualMachineInstances, namespace).find((vmi) => claims.some((claim) => isUsedBy(vmi, claim)));
  if (user !== undefined) return waiting('InUse', `The disks are in use by ${user.metadata.name}.`);
  const material = await host.certificates.material('api');
  if (door.origin === undefined || material === undefined) return waiting('NoServer', 'This computer does not serve HTTPS now.');
  const { kind, name } = object.spec.source;
  return {
    type: 'Ready',
    origin: door.origin,
    authorities: material.authorities,
    claims,
    ...(kind === 'VirtualMachine' ? { machine: name } : {}),
  };
}

/** Undefined when the machine is not there. */
export function exportedClaims({ store }: Pick<EngineContext, 'store'>, object: VirtualMachineExport): readonly string[] | undefined {
  const { namespace = 'default' } = object.metadata;
  const { kind, name } = object.spec.source;
  if (kind === 'PersistentVolumeClaim') return [name];
  const spec = read(store, { resource: resources.virtualMachines, namespace, name })?.spec.template.spec;
  return spec === undefined ? undefined : [...new Set(claimNames({ spec }))];
}

/** All of them, when this computer listens elsewhere from now on. */
