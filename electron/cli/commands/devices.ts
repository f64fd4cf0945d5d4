// Owns `virtdeck devices`: this computer's PCI devices in their groups, with the verdict on each, mediated devices, and USB devices.
// Must not judge; the API has.
import type { DeviceGroup, GroupVerdict, HostDeviceReport, PciDevice } from '../../api/host-devices.ts';
import { aligned } from '../print.ts';
import type { Session } from '../session.ts';

const marks = { ok: '✔', warning: '⚠', error: '✖' } as const;

export async function devices(session: Session, options: { readonly output?: string }): Promise<void> {
  const report = (await session.request({ path: '/apis/virtdeck.io/v1alpha1/host-devices' })) as HostDeviceReport;
  if (options.output === 'json') {
    session.print(JSON.stringify(report, undefined, 2));
    return;
  }
  for (const { state, message, fix } of report.checks) {
    session.print(`${marks[state]} ${message}`);
    if (fix !== undefined) session.print(`    ${fix}`);
  }
  const rows = report.groups.flatMap((group) =>
    report.pci
      .filter(({ address }) => group.addresses.includes(address))
      .map((device, index) => pciRow(device, index === 0 ? group : undefined)),
  );
  session.print(`\n${aligned([['ADDRESS', 'ID', 'DRIVER', 'VERDICT', 'DEVICE'], ...rows]).join('\n')}`);
  printMediated(session, report);
  if (report.usb.length === 0) return;
  const usb = report.usb.map(({ port, vendorId, productId, drivers, names }) => [
    port,
    `${vendorId}:${productId}`,
    drivers.join(',') || '<none>',
    [names.vendor, names.product].filter(Boolean).join(' '),
  ]);
  session.print(`\n${aligned([['PORT', 'ID', 'DRIVER', 'USB DEVICE'], ...usb]).join('\n')}`);
}

function printMediated(session: Session, { mdevParents, mdevs, mdevCauses }: HostDeviceReport): void {
  const rows = mdevParents.flatMap(({ name: parent, types }) =>
    types.map(({ id, name = '', availableInstances }) => {
      const made = mdevs.filter((mdev) => mdev.parent === parent && mdev.typeId === id);
      return [parent, id, String(availableInstances), String(made.length), name];
    }),
  );
  if (rows.length > 0) session.print(`\n${aligned([['CARD', 'TYPE', 'ROOM', 'MADE', 'MEDIATED DEVICE'], ...rows]).join('\n')}`);
  for (const { message, fix } of mdevCauses) {
    session.print(`${marks.warning} ${message}`);
    if (fix !== undefined) session.print(`    ${fix}`);
  }
}

/** A group's verdict stands at its first device. */
function pciRow({ address, vendorId, deviceId, driver, names }: PciDevice, group: DeviceGroup | undefined): string[] {
  return [
    address,
    `${vendorId}:${deviceId}`,
    driver ?? '<none>',
    group === undefined ? '  "' : verdictText(group.verdict),
    [names.vendor, names.device ?? names.class].filter(Boolean).join(' '),
  ];
}

export function verdictText(verdict: GroupVerdict): string {
  switch (verdict.kind) {
    case 'safe':
      return 'safe';
    case 'takesOthers':
      return `takes ${verdict.others.join(', ')} with it`;
    case 'wouldTakeHost':
      return `needed here: ${verdict.uses.map(({ kind, detail }) => `${kind} ${detail}`).join(', ')}`;
    case 'cannotBeReset':
      return 'cannot be reset';
    case 'noIommu':
      return 'no IOMMU';
  }
}
