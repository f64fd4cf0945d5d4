// Owns the rules of HyperConverged.spec.permittedHostDevices.
// Must not look at this computer: what is allowed may be plugged in later.
import { isDeviceResource } from '../../api/device-resource.ts';
import type { HyperConvergedSpec } from '../../api/kinds/hyper-converged.ts';
import type { Cause } from '../../api/errors.ts';
import { type Rule, duplicate, invalid } from './rule.ts';

const pair = /^[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}$/;
const four = /^[0-9A-Fa-f]{4}$/;
// Kubernetes' extended resources: a domain that is not its own, a slash, a name of at most 63 characters.
const resource =
  /^(?!(?:[a-z0-9.-]+\.)?kubernetes\.io\/)[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

export const permittedHostDevices: Rule<{ readonly spec: HyperConvergedSpec }> = ({ spec }, path) => {
  const { pciHostDevices = [], mediatedDevices = [], usbHostDevices = [], usb = [] } = spec.permittedHostDevices ?? {};
  const at = `${path}.permittedHostDevices`;
  const named = { pciHostDevices, mediatedDevices, usbHostDevices, usb };
  return [
    ...Object.entries(named).flatMap(([list, devices]) =>
      devices.flatMap(({ resourceName }, index) => nameFaults(resourceName, `${at}.${list}[${index}].resourceName`)),
    ),
    ...pciHostDevices.flatMap(({ pciDeviceSelector }, index) =>
      pair.test(pciDeviceSelector)
        ? []
        : [selectorFault(`${at}.pciHostDevices[${index}].pciDeviceSelector`, pciDeviceSelector, '10DE:1EB8, as lspci -nn prints it')],
    ),
    ...twice(
      pciHostDevices.map(({ pciDeviceSelector }) => pciDeviceSelector.toLowerCase()),
      `${at}.pciHostDevices`,
      'pciDeviceSelector',
    ),
    ...twice(
      mediatedDevices.map(({ mdevNameSelector }) => mdevNameSelector),
      `${at}.mediatedDevices`,
      'mdevNameSelector',
    ),
    ...[['usbHostDevices', usbHostDevices] as const, ['usb', usb] as const].flatMap(([list, devices]) =>
      devices.flatMap(({ selectors = [] }, index) =>
        selectors.flatMap(({ vendor, product }, at_) =>
          Object.entries({ vendor, product }).flatMap(([field, text]) =>
            four.test(text) ? [] : [selectorFault(`${at}.${list}[${index}].selectors[${at_}].${field}`, text, '046d, as lsusb prints it')],
          ),
        ),
      ),
    ),
  ];
};

function nameFaults(name: string, field: string): readonly Cause[] {
  if (resource.test(name) && isDeviceResource(name)) return [];
  return [invalid(field, `${JSON.stringify(name)} is no name of a resource.`, 'Write a domain and a name: nvidia.com/TU104GL_Tesla_T4.')];
}

function selectorFault(field: string, text: string, example: string): Cause {
  return invalid(field, `${JSON.stringify(text)} selects no device.`, `Write hexadecimal digits such as ${example}.`);
}

/** The selector is the list's key. */
function twice(keys: readonly string[], list: string, field: string): readonly Cause[] {
  return keys.flatMap((key, index) =>
    keys.indexOf(key) === index ? [] : [duplicate(`${list}[${index}].${field}`, `${key} stands twice.`, 'Keep one of them.')],
  );
}
