// Owns the rules of small devices: input, sound, video, watchdog, panic, I/O threads, host devices.
// Must not hold rules of disks and network cards.
import { watchdogFieldActions } from '../../../api/failure-actions.ts';
import { invalid, notSupported } from '../rule.ts';
import type { SpecRule } from './spec-rule.ts';

const inputs: SpecRule = (spec, path) =>
  (spec.domain.devices.inputs ?? []).flatMap(({ bus = '', type }, index) => {
    const field = `${path}.domain.devices.inputs[${index}]`;
    return [
      ...(['virtio', 'usb', ''].includes(bus)
        ? []
        : [invalid(`${field}.bus`, 'Input device can have only virtio or usb bus.', 'Use virtio or usb.')]),
      ...(type === 'tablet' || type === '' ? [] : [invalid(`${field}.type`, 'Input device can have only tablet type.', 'Use tablet.')]),
    ];
  });

const sound: SpecRule = (spec, path) => {
  const device = spec.domain.devices.sound;
  if (device === undefined) return [];
  const field = `${path}.domain.devices.sound`;
  return [
    ...(['', 'ich9', 'ac97'].includes(device.model ?? '')
      ? []
      : [invalid(`${field}.model`, "Sound device type is not supported. Options: 'ich9' or 'ac97'", 'Use ich9 or ac97.')]),
    ...(device.name === '' ? [invalid(`${field}.name`, 'Sound device requires a name field.', 'Name the device.')] : []),
  ];
};

/** What KubeVirt's libvirt knows on each architecture. */
const videoTypes: ReadonlyMap<string, readonly string[]> = new Map([
  ['amd64', ['vga', 'cirrus', 'virtio', 'ramfb', 'bochs']],
  ['arm64', ['virtio', 'ramfb']],
]);

const video: SpecRule = (spec, path) => {
  const { video: device, autoattachGraphicsDevice } = spec.domain.devices;
  if (device === undefined) return [];
  const field = `${path}.domain.devices.video`;
  const architecture = spec.architecture ?? 'amd64';
  const known = videoTypes.get(architecture) ?? [];
  const { type = '' } = device;
  return [
    ...(autoattachGraphicsDevice === false
      ? [invalid(field, 'Video configuration is not allowed when autoattachGraphicsDevice is set to false', 'Leave out one of them.')]
      : []),
    ...(type === '' || known.includes(type)
      ? []
      : [
          notSupported(
            `${field}.type`,
            `video model '${type}' is not supported on ${architecture} architecture`,
            `Use one of ${known.join(', ')}.`,
          ),
        ]),
  ];
};

/** Ours: KubeVirt admits any action and fails at the start. */
const watchdog: SpecRule = (spec, path) => {
  const device = spec.domain.devices.watchdog;
  if (device === undefined) return [];
  const field = `${path}.domain.devices.watchdog`;
  const { i6300esb, diag288 } = device;
  if (diag288 !== undefined) return [invalid(field, 'amd64 only supports I6300ESB watchdog device', 'Use i6300esb.')];
  if (i6300esb === undefined) return [invalid(field, `${field} names no watchdog device`, 'Add i6300esb.')];
  const { action = '' } = i6300esb;
  if (action === '' || watchdogFieldActions.some((known) => known === action)) return [];
  return [
    notSupported(
      `${field}.i6300esb.action`,
      `watchdog action '${action}' is not supported`,
      `Use one of ${watchdogFieldActions.join(', ')}.`,
    ),
  ];
};

const panicModels: readonly string[] = ['hyperv', 'isa', 'pvpanic'];

const panicDevices: SpecRule = (spec, path) =>
  (spec.domain.devices.panicDevices ?? []).flatMap(({ model }, index) => {
    if (model === undefined || panicModels.includes(model)) return [];
    const field = `${path}.domain.devices.panicDevices[${index}].model`;
    return [invalid(field, `invalid PanicDeviceModel(${model})`, `Use one of ${panicModels.join(', ')}.`)];
  });

const ioThreadPolicies: readonly string[] = ['shared', 'auto', 'supplementalPool'];

const ioThreads: SpecRule = (spec, path) => {
  const { ioThreadsPolicy, ioThreads: pool } = spec.domain;
  if (ioThreadsPolicy === undefined) return [];
  const field = `${path}.domain.ioThreadsPolicy`;
  return [
    ...(ioThreadPolicies.includes(ioThreadsPolicy)
      ? []
      : [invalid(field, `Invalid IOThreadsPolicy (${ioThreadsPolicy})`, `Use one of ${ioThreadPolicies.join(', ')}.`)]),
    ...(ioThreadsPolicy === 'supplementalPool' && (pool?.supplementalPoolThreadCount ?? 0) < 1
      ? [
          invalid(
            `${path}.domain.ioThreads.supplementalPoolThreadCount`,
            'the number of iothreads needs to be set and positive for the dedicated policy',
            'Set ioThreads.supplementalPoolThreadCount.',
          ),
        ]
      : []),
  ];
};

const oneRamFramebuffer: SpecRule = (spec, path) => {
  const shown = (spec.domain.devices.gpus ?? []).filter(({ virtualGPUOptions }) => {
    const display = virtualGPUOptions?.display;
    if (display === undefined || display.enabled === false) return false;
    return display.ramFB === undefined || display.ramFB.enabled === true;
  });
  if (shown.length <= 1) return [];
  return [invalid(`${path}.domain.devices.gpus`, 'configuring multiple displays with ramfb is not valid', 'Keep ramFB on one of them.')];
};

export const deviceRules: readonly SpecRule[] = [inputs, sound, video, watchdog, panicDevices, ioThreads, oneRamFramebuffer];
