// Owns `virtdeck addvolume` and `removevolume`, with virtctl's options.
// Must not wait for the guest: the volume's status tells.
import { ApiRefusal } from '../connection.ts';
import { subresourcePath, UsageError } from '../resource-names.ts';
import type { Session } from '../session.ts';

export interface VolumeOptions {
  readonly volumeName: string;
  readonly persist?: boolean;
  readonly dryRun?: boolean;
  readonly bus?: string;
  readonly serial?: string;
  readonly cache?: string;
}

export async function addvolume(session: Session, name: string, options: VolumeOptions): Promise<void> {
  const { volumeName, bus = 'scsi', serial = volumeName, cache } = options;
  const disk = { name: volumeName, disk: { bus }, serial, ...(cache === undefined ? {} : { cache }) };
  const body = { name: volumeName, disk, volumeSource: await sourceOf(session, volumeName), ...rehearsed(options) };
  await session.request({ method: 'PUT', path: pathOf(session, name, { options, verb: 'addvolume' }), body });
  session.print(`Successfully submitted add volume request to VM ${name} for volume ${volumeName}`);
}

export async function removevolume(session: Session, name: string, options: VolumeOptions): Promise<void> {
  const body = { name: options.volumeName, ...rehearsed(options) };
  await session.request({ method: 'PUT', path: pathOf(session, name, { options, verb: 'removevolume' }), body });
  session.print(`Successfully submitted remove volume request to VM ${name} for volume ${options.volumeName}`);
}

function pathOf(session: Session, name: string, { options, verb }: { readonly options: VolumeOptions; readonly verb: string }): string {
  const plural = options.persist === true ? 'virtualmachines' : 'virtualmachineinstances';
  return subresourcePath(plural, { namespace: session.namespace, name }, verb);
}

function rehearsed({ dryRun }: VolumeOptions): object {
  return dryRun === true ? { dryRun: ['All'] } : {};
}

/** As virtctl: a DataVolume of the name, else a claim. */
async function sourceOf(session: Session, name: string): Promise<object> {
  const project = encodeURIComponent(session.namespace);
  const isThere = async (path: string): Promise<boolean> => {
    try {
      await session.request({ path: `${path}/${encodeURIComponent(name)}` });
      return true;
    } catch (error) {
      if (error instanceof ApiRefusal && error.status.code === 404) return false;
      throw error;
    }
  };
  if (await isThere(`/apis/cdi.kubevirt.io/v1beta1/namespaces/${project}/datavolumes`)) return { dataVolume: { name } };
  if (await isThere(`/api/v1/namespaces/${project}/persistentvolumeclaims`)) return { persistentVolumeClaim: { claimName: name } };
  throw new UsageError(`Volume ${name} is not a DataVolume or PersistentVolumeClaim`);
}
