// Owns the schema of a Connection's spec. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not have a field for a credential.
import { z } from 'zod';

export const connectionSpecSchema = z.strictObject({
  kubeconfig: z
    .string()
    .regex(/^\//)
    .optional()
    .describe('Absolute path of the kubeconfig. Absent: the files of KUBECONFIG together, as kubectl takes them, else ~/.kube/config.'),
  context: z.string().min(1).max(253).describe('Name of the context in it.'),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
    .optional()
    .describe('Project of the cluster to work in. Absent: that of the context, else default.'),
  uploadProxyUrl: z
    .string()
    .regex(/^https?:\/\/[^\s/]+\/?$/)
    .optional()
    .describe('Where the cluster takes disks, when it does not say so itself or says a name that is only known inside.'),
  allowedCommand: z
    .array(z.string())
    .max(64)
    .optional()
    .describe(
      'The program that the kubeconfig names to sign in with, and its arguments, as its user agreed to have it run: NAME=VALUE of its environment first. Another one is not run.',
    ),
});
export type ConnectionSpec = z.infer<typeof connectionSpecSchema>;
