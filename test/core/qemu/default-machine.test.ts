// Owns what the machine of the wizard has, device by device, and why: nothing that a careful user would leave out at no loss.
// Must not compare command lines; the golden corpus does.
import { describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { LaunchPlan } from '../../../electron/core/qemu/launch-plan.ts';
import { argvOf, valueText } from '../../../electron/core/qemu/launch-plan.ts';
import { launchDecision } from '../../../electron/core/qemu/launch.ts';
import { goldenPlaces, instanceOf, launchFacts, readCase } from '../../golden/golden-case.ts';

type Devices = NonNullable<VirtualMachine['spec']['template']['spec']>['domain']['devices'];

/** One disk and the network of this computer, which is what the wizard makes without a further choice. */
function planOf(devices: Partial<Devices> = {}): LaunchPlan {
  const golden = readCase('disk-and-network');
  const { spec, metadata } = golden.vm.spec.template;
  if (spec === undefined) throw new Error('The case has no template.');
  // The defaults add both or neither.
  const networks = devices.interfaces === undefined ? {} : { networks: devices.interfaces.map(({ name }) => ({ name, pod: {} })) };
  const merged = { ...spec, ...networks, domain: { ...spec.domain, devices: { ...spec.domain.devices, ...devices } } };
  const vm = { ...golden.vm, spec: { ...golden.vm.spec, template: { ...(metadata === undefined ? {} : { metadata }), spec: merged } } };
  const vmi = instanceOf({ ...golden, vm });
  const { plan } = launchDecision(vmi, launchFacts(golden, vmi, goldenPlaces));
  if (plan === undefined) throw new Error('No plan.');
  return plan;
}

function driversOf({ args }: LaunchPlan): readonly string[] {
  return args.flatMap(({ flag, value }) =>
    flag === '-device' && typeof value === 'object' && typeof value['driver'] === 'string' ? [value['driver']] : [],
  );
}

/** What would be missed without it. */
const reasons: Readonly<Record<string, string>> = {
  'pcie-root-port': 'a disk or a card is plugged in while the guest runs',
  'isa-serial': 'the serial console, with its log from power-on',
  'virtio-serial-pci': 'the guest agent',
  virtserialport: 'the guest agent',
  'virtio-rng-pci': 'no guest waits for entropy at boot',
  'virtio-balloon-pci': 'memory that the guest has freed goes back',
  'virtio-vga': 'the screen',
  'qemu-xhci': 'the tablet, and USB devices of this computer that are plugged in',
  'usb-tablet': 'the pointer is where the mouse is',
  'ich9-intel-hda': 'a blind user hears the installer',
  'hda-output': 'a blind user hears the installer',
  'virtio-blk-pci': 'the disk',
  'virtio-net-pci': 'the network',
};

test('every device has a reason, and every reason its device', () => {
  expect([...new Set(driversOf(planOf()))].toSorted()).toEqual(Object.keys(reasons).toSorted());
});

describe.each<{ readonly leaves: string; readonly devices: Partial<Devices>; readonly drivers: readonly string[] }>([
  {
    leaves: 'the screen',
    devices: { autoattachGraphicsDevice: false },
    drivers: ['virtio-vga', 'qemu-xhci', 'usb-tablet', 'ich9-intel-hda', 'hda-output'],
  },
  { leaves: 'the pointer', devices: { autoattachInputDevice: false }, drivers: ['qemu-xhci', 'usb-tablet'] },
  { leaves: 'the balloon', devices: { autoattachMemBalloon: false }, drivers: ['virtio-balloon-pci'] },
  { leaves: 'the serial console', devices: { autoattachSerialConsole: false }, drivers: ['isa-serial'] },
])('without $leaves', ({ devices, drivers }) => {
  test('nothing of it is left, and nothing else goes', () => {
    const left = driversOf(planOf(devices));
    expect(driversOf(planOf()).filter((driver) => !drivers.includes(driver))).toEqual(left);
  });
});

/** Cards whose option ROM the firmware would load and run. */
const cards = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet'];

test.each(cards)('a card %s has a boot ROM only where it is in the boot order', (model) => {
  const interfaces = (bootOrder?: number): Partial<Devices> => ({
    interfaces: [{ name: 'default', masquerade: {}, model, ...(bootOrder === undefined ? {} : { bootOrder }) }],
  });
  const roms = [undefined, 1].map((bootOrder) =>
    planOf(interfaces(bootOrder)).args.flatMap(({ flag, value }) =>
      flag === '-device' && typeof value === 'object' && value['netdev'] !== undefined ? [value['romfile']] : [],
    ),
  );
  expect(roms).toEqual([[''], [undefined]]);
});

test('the firmware waits for nobody', () => {
  const boot = planOf().args.filter(({ flag }) => flag === '-boot');
  expect(boot.map(({ value = '' }) => valueText(value))).toEqual(['menu=off,strict=off']);
  expect(argvOf(planOf()).filter((text) => /splash|reboot-timeout|sgabios/.test(text))).toEqual([]);
});
