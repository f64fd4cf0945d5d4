// Owns the schema of MachineConfig's spec, as OpenShift publishes it. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not say what is honoured; core does.
import { z } from 'zod';

export const machineConfigSpecSchema = z.strictObject({
  baseOSExtensionsContainerImage: z.string().optional().describe('Has its effect on a cluster only.'),
  config: z.unknown().optional().describe('An Ignition config: the files of storage.files that prepare passthrough are honoured.'),
  extensions: z.array(z.string()).optional().describe('Has its effect on a cluster only.'),
  fips: z.boolean().optional().describe('Has its effect on a cluster only.'),
  kernelArguments: z.array(z.string()).optional().describe('Words of the kernel command line.'),
  kernelType: z.string().optional().describe('Has its effect on a cluster only.'),
  osImageURL: z.string().optional().describe('Has its effect on a cluster only.'),
});
