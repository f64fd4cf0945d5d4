// Owns `virtdeck send` and `bring`: a machine to a cluster or from one, followed until it is there.
// Must not move bytes; the core does, and goes on when this command ends.
import type { Cause } from '../../api/errors.ts';
import type { Remark, Transfer, TransferReview, TransferSpec } from '../../api/kinds/transfer.ts';
import { ApiRefusal } from '../connection.ts';
import { UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

interface CommonOptions {
  readonly project?: string;
  readonly newName?: string;
  readonly dryRun?: boolean;
}

export interface SendOptions extends CommonOptions {
  readonly to: string;
  readonly disks: string;
  readonly storageClass?: string;
  readonly image?: string;
  readonly folder?: string;
}

export interface BringOptions extends CommonOptions {
  readonly from: string;
}

export async function send(session: Session, machine: string, options: SendOptions): Promise<void> {
  const { disks } = options;
  if (disks !== 'upload' && disks !== 'containerdisk') throw new UsageError(`--disks takes upload or containerdisk, not "${disks}"`);
  const spec: TransferSpec = {
    direction: 'send',
    connection: options.to,
    machine,
    disks,
    ...common(options),
    ...(options.storageClass === undefined ? {} : { storageClassName: options.storageClass }),
    ...(options.image === undefined ? {} : { image: options.image }),
    ...(options.folder === undefined ? {} : { folder: options.folder }),
  };
  await run(session.home, spec, options.dryRun === true);
}

export async function bring(session: Session, machine: string, options: BringOptions): Promise<void> {
  await run(
    session.home,
    { direction: 'bring', connection: options.from, machine, disks: 'upload', ...common(options) },
    options.dryRun === true,
  );
}

function common({ project, newName }: CommonOptions): Pick<TransferSpec, 'namespace' | 'newName'> {
  return { ...(project === undefined ? {} : { namespace: project }), ...(newName === undefined ? {} : { newName }) };
}

async function run(session: Session, spec: TransferSpec, dryRun: boolean): Promise<void> {
  const base = `/apis/virtdeck.io/v1alpha1/namespaces/${encodeURIComponent(session.namespace)}`;
  if (dryRun) {
    const review = (await session.request({ method: 'POST', path: `${base}/transferreviews`, body: { spec } })) as TransferReview;
    printRemarks(session, review.remarks);
    for (const { volume, claim, sizeBytes } of review.disks) session.print(`disk ${volume}: ${claim}, ${sizeText(sizeBytes)}`);
    if (review.causes.length > 0) throw new UsageError(causesText('It could not go:', review.causes));
    return session.print('Nothing stands against it.');
  }
  const metadata = { generateName: `${spec.machine}-` };
  const draft = { apiVersion: 'virtdeck.io/v1alpha1', kind: 'Transfer', metadata, spec };
  const made = (await session.request({ method: 'POST', path: `${base}/transfers`, body: draft })) as Transfer;
  const end = await followed(session, `${base}/transfers`, made);
  printRemarks(session, end.status?.remarks ?? []);
  for (const { volume, digest, archive } of end.status?.disks ?? []) {
    session.print(`disk ${volume}: ${[digest, archive].filter((part) => part !== undefined).join(' ')}`);
  }
  if (end.status?.phase === 'Failed') throw new UsageError(causesText(end.status.message ?? 'It failed.', end.status.causes ?? []));
  const arrived = end.status?.arrived;
  const where = spec.direction === 'send' ? spec.connection : 'this computer';
  session.print(
    `virtualmachine.kubevirt.io/${arrived?.name ?? spec.machine} is on ${where}, in the project ${arrived?.namespace ?? ''}. It is stopped.`,
  );
}

async function followed(session: Session, path: string, made: Transfer): Promise<Transfer> {
  const { name, resourceVersion } = made.metadata;
  const query = `fieldSelector=${encodeURIComponent(`metadata.name=${name}`)}&watch=true&resourceVersion=${resourceVersion}`;
  let said = '';
  for await (const line of session.lines({ path: `${path}?${query}` })) {
    const { type, object } = line as { readonly type: string; readonly object: Transfer };
    if (type === 'DELETED') throw new UsageError('It was stopped: the transfer was deleted.');
    if (type === 'ERROR') throw new ApiRefusal(object as never);
    if (type === 'BOOKMARK') continue;
    const words = progressText(object);
    if (words !== said && words !== '') process.stderr.write(`${words}\n`);
    said = words;
    const phase = object.status?.phase;
    if (phase === 'Succeeded' || phase === 'Failed') return object;
  }
  throw new UsageError('The core ended; the transfer begins anew with the next one.');
}

/** A line for every tenth, so that a log stays readable. */
function progressText({ status }: Transfer): string {
  const disk = status?.disks?.find(({ state }) => state === 'Copying');
  if (disk === undefined) return status?.phase === 'Copying' ? (status.message ?? '') : '';
  const { doneBytes = 0, totalBytes = 0, volume } = disk;
  return totalBytes === 0
    ? `disk ${volume}`
    : `disk ${volume}: ${Math.floor((doneBytes / totalBytes) * 10) * 10} % of ${sizeText(totalBytes)}`;
}

function printRemarks(session: Session, remarks: readonly Remark[]): void {
  for (const { type, field, message } of remarks) session.print(`${type.padEnd(8)}${field}: ${message}`);
}

function causesText(head: string, causes: readonly Cause[]): string {
  return [
    head,
    ...causes.map(
      ({ field, message, fix }) => `  * ${field}: ${[message, fix].filter((part) => part !== undefined && !head.includes(part)).join(' ')}`,
    ),
  ].join('\n');
}

function sizeText(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
