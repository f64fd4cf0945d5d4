// Owns the schema of a Transfer's spec. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not describe the status; the core writes it.
import { z } from 'zod';

const dnsName = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

export const transferSpecSchema = z.strictObject({
  direction: z
    .enum(['send', 'bring'])
    .describe('send: from this computer to the cluster. bring: from the cluster to the project of this object.'),
  connection: z.string().regex(dnsName).describe('Name of the Connection.'),
  machine: z.string().regex(dnsName).describe('Name of the VirtualMachine where it is now.'),
  namespace: z.string().regex(dnsLabel).optional().describe('Project on the cluster. Absent: the one of the connection.'),
  newName: z.string().regex(dnsName).optional().describe('What it is called where it goes. Absent: as now.'),
  disks: z
    .enum(['upload', 'containerdisk'])
    .default('upload')
    .describe('How disks are sent: uploaded into claims of the cluster, or written as container images for a registry.'),
  storageClassName: z.string().regex(dnsName).optional().describe('Of the claims on the cluster. Absent: its default.'),
  image: z
    .string()
    .regex(/^[A-Za-z0-9][\w./:@-]{0,240}$/)
    .optional()
    .describe('With containerdisk: what the machine pulls its disk as. Several disks get -2, -3 and so on.'),
  folder: z.string().regex(/^\//).optional().describe('With containerdisk: folder of this computer that the images are written to.'),
});
export type TransferSpec = z.infer<typeof transferSpecSchema>;
