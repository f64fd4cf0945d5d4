// Owns the schema of HyperConverged's spec. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not check durations; core does, in the operator's words.
import { z } from 'zod';
import { clusterFields } from './hyper-converged-fields.ts';

const life = (about: string): z.ZodOptional<z.ZodObject> =>
  z
    .strictObject({
      duration: z.string().optional().describe('How long it is good for, as Go writes durations: 48h0m0s. At least 10m0s.'),
      renewBefore: z.string().optional().describe('How long before its end the next one takes its place. At most duration.'),
    })
    .optional()
    .describe(about);

const permitted = {
  resourceName: z.string().describe('What machines ask for: nvidia.com/TU104GL_Tesla_T4.'),
  externalResourceProvider: z
    .boolean()
    .optional()
    .describe('On a cluster: another device plugin hands it out. There is none here, so that the core does.'),
};

const usbDevices = (about: string) =>
  z
    .array(
      z.strictObject({
        ...permitted,
        selectors: z
          .array(z.strictObject({ vendor: z.string(), product: z.string() }))
          .optional()
          .describe('A machine gets one device of each: four hexadecimal digits, as lsusb prints them.'),
      }),
    )
    .optional()
    .describe(about);

const labelSelector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(z.strictObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).optional() })).optional(),
});

const mediatedTypes = {
  mediatedDeviceTypes: z
    .array(z.string())
    .optional()
    .describe('Ids or names of types: nvidia-222, GRID T4-1B. As many are made as a card has room for.'),
  mediatedDevicesTypes: z.array(z.string()).optional().describe('Deprecated: mediatedDeviceTypes.'),
};

export const hyperConvergedSpecSchema = z.strictObject({
  certConfig: z
    .strictObject({
      ca: life('The certificate authority of this computer.'),
      server: life('The certificates of the API and of VNC. They last no longer than the authority.'),
    })
    .optional()
    .describe('How long certificates last, and when they are renewed.'),
  permittedHostDevices: z
    .strictObject({
      pciHostDevices: z
        .array(z.strictObject({ pciDeviceSelector: z.string().describe('vendor-ID:device-ID, such as 10DE:1EB8.'), ...permitted }))
        .optional()
        .describe('PCI devices. Those that VFIO has are handed out.'),
      mediatedDevices: z
        .array(z.strictObject({ mdevNameSelector: z.string().describe('Name of its type, such as GRID T4-2Q.'), ...permitted }))
        .optional()
        .describe('Parts of a card: those of mediatedDevicesConfiguration, and those that somebody else has made.'),
      usbHostDevices: usbDevices('USB devices.'),
      usb: usbDevices('The same; KubeVirt calls it so.'),
    })
    .optional()
    .describe('Which devices of this computer machines may have.'),
  higherWorkloadDensity: z
    .strictObject({
      memoryOvercommitPercentage: z
        .int()
        .min(10)
        .optional()
        .describe('What guests are told they have, in percent of what is set aside for them, where a machine says only memory.guest.'),
    })
    .optional()
    .describe('How much memory machines are promised.'),
  resourceRequirements: z
    .strictObject({
      vmiCPUAllocationRatio: z
        .int()
        .min(1)
        .optional()
        .describe('vCPUs for each processor that is set aside, where a machine requests none.'),
      autoCPULimitNamespaceLabelSelector: labelSelector
        .optional()
        .describe('Projects whose machines may use no more processors than they have vCPUs, where they say nothing else.'),
      storageWorkloads: z.unknown().optional().describe('Has its effect on a cluster only.'),
    })
    .optional()
    .describe('How many processors machines are promised.'),
  mediatedDevicesConfiguration: z
    .strictObject({
      enabled: z.boolean().optional().describe('Whether mediated devices are made and removed; true when absent.'),
      ...mediatedTypes,
      nodeMediatedDeviceTypes: z
        .array(z.strictObject({ nodeSelector: z.record(z.string(), z.string()).describe('Labels of a Node.'), ...mediatedTypes }))
        .optional()
        .describe('For the cards of the Nodes that have these labels, in place of the list for all.'),
    })
    .optional()
    .describe('Which mediated devices are made of the cards of this computer, and removed when they are wanted no more.'),
  ...Object.fromEntries(clusterFields.map((name) => [name, z.unknown().optional().describe('Has its effect on a cluster only.')])),
});
