// Owns sending a machine: its disks first, each into a claim of the cluster or a container image, then its definition.
// Must not clean up; who called does, by the marks.
import { AppError } from '../../api/errors.ts';
import type { Connection } from '../../api/kinds/connection.ts';
import type { OutgoingDisk } from '../../core/clusters/outgoing.ts';
import { type Remote, textAt } from '../clusters/remote.ts';
import { checkWanted, type Leave, waitFor } from '../clusters/wait.ts';
import type { EngineContext } from '../context.ts';
import { dataVolumesPath, machinesPath } from './facts.ts';
import type { TransferPlan } from './plan.ts';
import type { Progress } from './progress.ts';

/** A claim that waits for storage, and a disk that the cluster converts after it has come. */
const readyMs = 10 * 60_000;
const storedMs = 60 * 60_000;

export interface Carriage {
  readonly leave: Leave;
  readonly progress: Progress;
  readonly connection: Connection;
  /** With containerdisk: a folder of the user's. */
  readonly folder?: string | undefined;
}

export async function sendMachine(
  context: EngineContext,
  { going, remote, there }: Extract<TransferPlan, { type: 'send' }>,
  carriage: Carriage,
): Promise<void> {
  for (const disk of going.disks) {
    checkWanted(carriage.leave);
    carriage.progress.disk(disk.volume, { state: 'Copying', doneBytes: 0 });
    if (disk.image === undefined) {
      const volume = going.dataVolumes.find(({ metadata }) => metadata.name === disk.claim);
      if (volume === undefined) throw new AppError('Internal', `There is no DataVolume for the disk ${disk.claim}.`);
      await remote.create(dataVolumesPath(there), volume);
      await uploadDisk(context, { remote, there, disk }, carriage);
    } else {
      await writeImage(context, { ...disk, image: disk.image }, { carriage, machine: going.machine.metadata.name ?? '' });
    }
    carriage.progress.disk(disk.volume, { state: 'Done' });
  }
  checkWanted(carriage.leave);
  await remote.create(machinesPath(there), going.machine);
}

interface Upload {
  readonly remote: Remote;
  readonly there: string;
  readonly disk: OutgoingDisk;
}

async function uploadDisk(context: EngineContext, upload: Upload, { leave, progress, connection }: Carriage): Promise<void> {
  const { host } = context;
  const { remote, there, disk } = upload;
  await waitForPhase(context, upload, { leave, wanted: 'UploadReady', atMostMs: readyMs });
  const packed = await host.disks.pack({
    disk: { path: disk.path, format: disk.format },
    as: 'qcow2',
    onBegin: (cancel) => leave.onCall(cancel),
  });
  try {
    progress.disk(disk.volume, { totalBytes: packed.totalBytes, doneBytes: 0 });
    const url = `${await uploadAddress(remote, connection)}/v1beta1/upload`;
    const token = await uploadToken(remote, there, disk.claim);
    checkWanted(leave);
    await host.clusters.send(
      connection.spec,
      { url, headers: { authorization: `Bearer ${token}` } },
      {
        bytes: progress.counted(disk.volume, packed.bytes()),
        totalBytes: packed.totalBytes,
        onBegin: (cancel) => leave.onCall(cancel),
      },
    );
    progress.disk(disk.volume, { digest: packed.digest() });
  } finally {
    await packed.close();
  }
  await waitForPhase(context, upload, { leave, wanted: 'Succeeded', atMostMs: storedMs });
}

interface Phase {
  readonly leave: Leave;
  readonly wanted: 'UploadReady' | 'Succeeded';
  readonly atMostMs: number;
}

async function waitForPhase({ clock }: EngineContext, { remote, there, disk }: Upload, { leave, wanted, atMostMs }: Phase): Promise<void> {
  const collection = dataVolumesPath(there);
  const path = `${collection}/${encodeURIComponent(disk.claim)}`;
  await waitFor({
    clock,
    leave,
    bell: remote.bell(collection, disk.claim),
    atMostMs,
    late: `The disk ${disk.claim} on the cluster did not become ${wanted} in time.`,
    async look() {
      const volume = await remote.get(path);
      // Filled ones are forgotten by some clusters; the claim stays.
      if (volume === undefined && wanted === 'Succeeded') return true;
      const phase = textAt(volume, 'status', 'phase');
      if (phase === 'Failed') throw new AppError('ServiceUnavailable', `The cluster could not make the disk ${disk.claim}.`);
      return phase === wanted || phase === 'Succeeded' ? true : undefined;
    },
  });
}

async function uploadAddress(remote: Remote, { spec }: Connection): Promise<string> {
  const config = spec.uploadProxyUrl === undefined ? await remote.get('/apis/cdi.kubevirt.io/v1beta1/cdiconfigs/config') : undefined;
  const told = spec.uploadProxyUrl ?? textAt(config, 'spec', 'uploadProxyURLOverride') ?? textAt(config, 'status', 'uploadProxyURL');
  const url = told === undefined || told === '' ? undefined : /^https?:\/\//.test(told) ? told : `https://${told}`;
  if (url !== undefined && /^https?:\/\/[^\s/]+\/?$/.test(url)) return url.replace(/\/$/, '');
  const message = 'The cluster does not say where it takes disks.';
  const fix = 'Set spec.uploadProxyUrl of the connection to the address of its CDI upload proxy.';
  throw new AppError('ServiceUnavailable', message, { causes: [{ reason: 'NoUploadProxy', field: 'spec.connection', message, fix }] });
}

async function uploadToken(remote: Remote, namespace: string, pvcName: string): Promise<string> {
  const answer = await remote.create(
    `/apis/upload.cdi.kubevirt.io/v1beta1/namespaces/${encodeURIComponent(namespace)}/uploadtokenrequests`,
    {
      apiVersion: 'upload.cdi.kubevirt.io/v1beta1',
      kind: 'UploadTokenRequest',
      metadata: { name: pvcName, namespace },
      spec: { pvcName },
    },
  );
  const token = textAt(answer, 'status', 'token');
  if (token !== undefined && token !== '') return token;
  throw new AppError('ServiceUnavailable', 'The cluster gave no token for the upload.');
}

async function writeImage(
  { host }: EngineContext,
  disk: OutgoingDisk & { readonly image: string },
  { carriage: { leave, progress, folder }, machine }: { readonly carriage: Carriage; readonly machine: string },
): Promise<void> {
  const { path: archive, digest } = await host.images.writeContainerDisk({
    disk: { path: disk.path, format: disk.format },
    name: `${machine}-${disk.volume}`,
    image: disk.image,
    ...(folder === undefined ? {} : { folder }),
    onPercent: (percent) =>
      progress.disk(disk.volume, { doneBytes: Math.round((disk.sizeBytes * percent) / 100), totalBytes: disk.sizeBytes }),
    onBegin: (cancel) => leave.onCall(cancel),
  });
  progress.disk(disk.volume, { archive, digest });
}
