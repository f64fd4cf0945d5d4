// Owns bringing a machine here: an export on the cluster, its disks one after the other, then the definition.
// Must not clean up; who called does, by the marks.
import { AppError } from '../../api/errors.ts';
import type { Json, JsonObject } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { base64OfText } from '../../core/defaults/base64.ts';
import type { IncomingDisk } from '../../core/clusters/incoming.ts';
import { isObject, type Remote, textAt } from '../clusters/remote.ts';
import { checkWanted, type Leave, waitFor } from '../clusters/wait.ts';
import type { EngineContext } from '../context.ts';
import { upload } from '../controllers/data-volume.ts';
import { read } from '../typed.ts';
import { exportPaths, removeExport } from './leftovers.ts';
import type { TransferPlan } from './plan.ts';
import type { Carriage } from './send.ts';

/** The exporter of a cluster is a pod that must be scheduled and start. */
const readyMs = 10 * 60_000;
const ownMs = 60_000;

export interface Arrival {
  /** Project here. */
  readonly namespace: string;
  readonly uid: string;
}

export async function bringMachine(
  context: EngineContext,
  plan: Extract<TransferPlan, { type: 'bring' }>,
  { carriage, namespace, uid }: Arrival & { readonly carriage: Carriage },
): Promise<void> {
  const { coming, remote, there, machine } = plan;
  const { objects } = context;
  if (coming.disks.length > 0) {
    const token = `${context.ids.uuid()}${context.ids.uuid()}`.replaceAll('-', '');
    const links = await openExport(context, { remote, there, machine, uid, token }, carriage.leave);
    for (const disk of coming.disks) {
      checkWanted(carriage.leave);
      const draft = coming.dataVolumes.find(({ metadata }) => metadata.name === disk.claim);
      if (draft === undefined) throw new AppError('Internal', `There is no DataVolume for the disk ${disk.claim}.`);
      carriage.progress.disk(disk.volume, { state: 'Copying', doneBytes: 0, totalBytes: disk.sizeBytes });
      objects.create({ resource: resources.dataVolumes, namespace }, draft);
      await download(context, { disk, namespace, link: linkOf(links, disk), token }, carriage);
      carriage.progress.disk(disk.volume, { state: 'Done' });
    }
    await removeExport(remote, there, uid);
  }
  checkWanted(carriage.leave);
  objects.create({ resource: resources.virtualMachines, namespace }, coming.machine);
}

interface Exporting {
  readonly remote: Remote;
  readonly there: string;
  readonly machine: string;
  readonly uid: string;
  readonly token: string;
}

interface Link {
  readonly url: string;
  readonly gzip: boolean;
  readonly authorities?: string;
}

/** By the name of the claim on the cluster. */
type Links = ReadonlyMap<string, Link>;

async function openExport({ clock }: EngineContext, { remote, there, machine, uid, token }: Exporting, leave: Leave): Promise<Links> {
  const { name, exports, secrets, exportPath } = exportPaths(there, uid);
  await remote.create(secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace: there },
    type: 'Opaque',
    data: { token: base64OfText(token) },
  });
  await remote.create(exports, {
    apiVersion: 'export.kubevirt.io/v1beta1',
    kind: 'VirtualMachineExport',
    metadata: { name, namespace: there },
    spec: { tokenSecretRef: name, source: { apiGroup: 'kubevirt.io', kind: 'VirtualMachine', name: machine } },
  });
  return waitFor({
    clock,
    leave,
    bell: remote.bell(exports, name),
    atMostMs: readyMs,
    late: 'The cluster did not offer the disks in time.',
    async look() {
      const found = await remote.get(exportPath);
      return textAt(found, 'status', 'phase') === 'Ready' ? linksIn(found) : undefined;
    },
  });
}

function linksIn(found: JsonObject | undefined): Links {
  const status = isObject(found?.['status']) ? found['status'] : {};
  const links = isObject(status['links']) ? status['links'] : {};
  const external = isObject(links['external']) ? links['external'] : undefined;
  if (external === undefined) {
    const message = 'The cluster offers the disks to its inside alone: it has no route or ingress for exports.';
    const fix = 'Ask its administrator for one for virt-exportproxy.';
    throw new AppError('ServiceUnavailable', message, { causes: [{ reason: 'NoExternalLink', field: 'spec.connection', message, fix }] });
  }
  const authorities = textAt(external, 'cert');
  const rows = Array.isArray(external['volumes']) ? external['volumes'] : [];
  return new Map(
    rows.filter(isObject).flatMap((volume: JsonObject): (readonly [string, Link])[] => {
      const name = textAt(volume, 'name');
      const formats: readonly Json[] = Array.isArray(volume['formats']) ? volume['formats'] : [];
      const urlOf = (format: string): string | undefined =>
        textAt(
          formats.filter(isObject).find((row) => row['format'] === format),
          'url',
        );
      const packed = urlOf('gzip');
      const url = packed ?? urlOf('raw');
      if (name === undefined || url === undefined) return [];
      return [[name, { url, gzip: packed !== undefined, ...(authorities === undefined ? {} : { authorities }) }]];
    }),
  );
}

function linkOf(links: Links, { remote }: IncomingDisk): Link {
  const link = links.get(remote);
  if (link !== undefined && /^https?:\/\/[^\s/]+\//.test(link.url)) return link;
  throw new AppError('ServiceUnavailable', `The cluster does not offer the disk ${remote}.`);
}

interface Download {
  readonly disk: IncomingDisk;
  readonly namespace: string;
  readonly link: Link;
  readonly token: string;
}

async function download(context: EngineContext, { disk, namespace, link, token }: Download, carriage: Carriage): Promise<void> {
  const { host, store, clock } = context;
  const { leave, progress, connection } = carriage;
  const key = { resource: resources.dataVolumes, namespace, name: disk.claim } as const;
  await waitFor({
    clock,
    leave,
    bell: (ring) => store.subscribe(ring),
    atMostMs: ownMs,
    late: `The disk ${disk.claim} of this computer did not become ready to be filled.`,
    look: async () => (read(store, key)?.status?.phase === 'UploadReady' ? true : undefined),
  });
  const { url, gzip, authorities } = link;
  const from = { url, headers: { 'x-kubevirt-export-token': token }, ...(authorities === undefined ? {} : { authorities }) };
  const incoming = await host.clusters.receive(connection.spec, from, { gzip, onBegin: (cancel) => leave.onCall(cancel) });
  await upload(context, key, { bytes: progress.counted(disk.volume, incoming.bytes) });
  progress.disk(disk.volume, { digest: incoming.digest() });
}
