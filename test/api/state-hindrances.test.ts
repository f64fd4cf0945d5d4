// Owns the proof of every reason, seen in its objects, why the state of a machine cannot be kept.
// Must not ask an engine; test/engine and test/guests do.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import { discardHindrances, snapshotHindrances, suspendHindrances } from '../../electron/api/state-hindrances.ts';

type Run = Parameters<typeof suspendHindrances>[0];
type Devices = VirtualMachineInstance['spec']['domain']['devices'];

const metadata = { name: 'web', uid: '1', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-01T00:00:00Z' };

function run(part: { readonly devices?: Devices; readonly rest?: Partial<Run['spec']>; readonly status?: Run['status'] } = {}): Run {
  const { rest = {}, devices = {}, status } = part;
  return {
    metadata,
    spec: {
      domain: { memory: { guest: '1Gi' }, ...rest.domain, devices },
      ...(rest.volumes === undefined ? {} : { volumes: rest.volumes }),
    },
    status,
  };
}

/** A machine with one disk. */
function withVolume(source: object, as: object = { disk: { bus: 'virtio' } }): Run {
  return run({ devices: { disks: [{ name: 'disk', ...as }] }, rest: { volumes: [{ name: 'disk', ...source }] } });
}

const memory = (guestAtBoot: string, guestCurrent: string): Run['status'] => ({
  memory: { guestAtBoot, guestCurrent, guestRequested: guestCurrent },
});

const device = 'The state of a device of this computer cannot be kept.';
const folder = 'A folder that is shared with this computer would not go back with the disks.';
const resized = 'The memory of the machine was resized while it ran: another QEMU would begin with another size.';
const layered = 'What is written to the disk disk lies on top of an image that may be another one by then.';
const file = { hostDisk: { path: '/disk.img', type: 'Disk' } };
const image = { containerDisk: { image: 'registry.example/disk' } };

describe('suspending to disk', () => {
  test.each<[string, Run, readonly string[]]>([
    ['nothing speaks against it', withVolume({ dataVolume: { name: 'root' } }), []],
    ['an empty disk stays with the saved state', withVolume({ emptyDisk: { capacity: '1Gi' } }), []],
    ['a persistent TPM goes with it', run({ devices: { tpm: { persistent: true } } }), []],
    ['a TPM that forgets is part of the memory', run({ devices: { tpm: {} } }), []],
    ['a watchdog', run({ devices: { watchdog: { name: 'dog', i6300esb: { action: 'reset' } } } }), []],
    ['huge pages', run({ rest: { domain: { memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } }, devices: {} } } }), []],
    ['a PCI device of this computer', run({ devices: { hostDevices: [{ name: 'card', deviceName: 'vendor/card' }] } }), [device]],
    ['a GPU of this computer', run({ devices: { gpus: [{ name: 'gpu', deviceName: 'vendor/gpu' }] } }), [device]],
    ['a shared folder', run({ devices: { filesystems: [{ name: 'home', virtiofs: {} }] } }), [folder]],
    [
      'UEFI variables that end with the run',
      run({ rest: { domain: { firmware: { bootloader: { efi: { persistent: false } } }, devices: {} } } }),
      ['The UEFI variables of this machine end with its run.'],
    ],
    ['a file of this computer', withVolume(file), ['The disk disk is raw: only qcow2 can hold snapshots.']],
    ['one that is only read', withVolume(file, { disk: { bus: 'virtio', readonly: true } }), []],
    ['one in a CD drive', withVolume(file, { cdrom: { bus: 'sata' } }), []],
    ['a LUN that is only read', withVolume(file, { lun: { bus: 'scsi', readonly: true } }), []],
    ['an image of a registry', withVolume(image), [layered]],
    ['one in a CD drive, which is not written to', withVolume(image, { cdrom: { bus: 'sata' } }), []],
    ['an overlay', withVolume({ ephemeral: { persistentVolumeClaim: { claimName: 'root' } } }), [layered]],
    ['the seed of cloud-init', withVolume({ cloudInitNoCloud: { userData: '#cloud-config' } }), []],
    [
      'a disk that was plugged in',
      run({ status: { volumeStatus: [{ name: 'more', target: 'vdb', hotplugVolume: {} }] } }),
      ['The disk more was plugged in while the machine ran: another QEMU would give it another place.'],
    ],
    ['memory as it was at the start', run({ status: memory('1Gi', '1Gi') }), []],
    [
      'memory that the guest has taken',
      run({ rest: { domain: { memory: { guest: '2Gi' }, devices: {} } }, status: memory('1Gi', '2Gi') }),
      [resized],
    ],
    [
      'memory that it has not taken yet',
      run({ rest: { domain: { memory: { guest: '2Gi' }, devices: {} } }, status: memory('1Gi', '1Gi') }),
      [resized],
    ],
    ['memory that it has not given back yet', run({ status: memory('1Gi', '1536Mi') }), [resized]],
    [
      'all at once',
      run({
        devices: { hostDevices: [{ name: 'card', deviceName: 'vendor/card' }], filesystems: [{ name: 'home', virtiofs: {} }] },
        status: memory('1Gi', '1536Mi'),
      }),
      [device, folder, resized],
    ],
  ])('%s', (_name, vmi, messages) => {
    const causes = suspendHindrances(vmi);
    expect(causes.map(({ message }) => message)).toEqual(messages);
    expect(causes.every(({ reason, field, fix }) => reason === 'SnapshotImpossible' && field !== '' && fix !== undefined)).toBe(true);
  });
});

test('a snapshot may lie in an overlay, and be of a guest that has grown', () => {
  expect(snapshotHindrances(withVolume(image).spec)).toEqual([]);
});

test('a run that throws away what it writes', () => {
  const thrown = { metadata: { ...metadata, annotations: { [annotations.discardChanges]: 'UntilStopped' } } };
  expect([discardHindrances({ metadata }), discardHindrances(thrown).map(({ message }) => message)]).toEqual([
    [],
    ['The machine throws away what it writes: a snapshot would be thrown away with it.'],
  ]);
});
