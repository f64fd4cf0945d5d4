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

export const hyperConvergedSpecSchema = z.strictObject({
  certConfig: z
    .strictObject({
      ca: life('The certificate authority of this computer.'),
      server: life('The certificates of the API and of VNC. They last no longer than the authority.'),
    })
    .optional()
    .describe('How long certificates last, and when they are renewed.'),
  ...Object.fromEntries(clusterFields.map((name) => [name, z.unknown().optional().describe('Has its effect on a cluster only.')])),
});
