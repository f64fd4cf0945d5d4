// Owns the schema of Settings. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not hold state of the window (sizes, open tabs); the window keeps that itself.
import { z } from 'zod';

const placementSchema = z.strictObject({
  by: z
    .enum(['numa', 'cache', 'custom'])
    .optional()
    .describe('What makes a Node of its own: each memory node, each last level cache, or the domains below. Absent: numa.'),
  domains: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/)
          .describe("Part of its Node's name."),
        cpus: z.string().describe('Processors as Linux lists them, such as 0-3,8.'),
        memory: z.string().optional().describe('Quantity. Absent: as much of the memory as it has of the processors.'),
        devices: z
          .array(z.string().regex(/^[0-9A-Za-z:._-]{1,64}$/))
          .max(256)
          .optional()
          .describe(
            'Devices that belong to it: PCI addresses such as 0000:01:00.0, USB ports such as 1-4. The others go by their memory node.',
          ),
      }),
    )
    .max(64)
    .optional()
    .describe('With by: custom.'),
  reserved: z
    .strictObject({
      cores: z.int().min(0).optional().describe('Cores that no machine gets for itself. Absent: one. At most half of them.'),
      memory: z.string().optional().describe('Quantity kept for this computer. Absent: 2Gi. At most half of it.'),
    })
    .optional()
    .describe('What this computer keeps for itself.'),
});
export type PlacementSettings = z.infer<typeof placementSchema>;

export const settingsSpecSchema = z.strictObject({
  language: z.enum(['auto', 'en', 'zh-CN']).default('auto').describe('Language of the window.'),
  theme: z.enum(['auto', 'light', 'dark']).default('auto').describe('Colours of the window.'),
  accelerator: z.enum(['auto', 'kvm', 'tcg']).default('auto').describe('auto uses KVM when its self-test passes, else emulation.'),
  insecureRegistries: z
    .array(z.string().regex(/^[A-Za-z0-9.[\]:-]+$/))
    .optional()
    .describe('Registries that are spoken to without https, or with a certificate that nobody vouches for: host, or host:port.'),
  apiAccess: z
    .enum(['off', 'on'])
    .default('off')
    .describe('on lets kubectl, virtctl and Ansible of this computer in over HTTPS, at every start.'),
  apiPort: z
    .int()
    .min(0)
    .max(65_535)
    .default(0)
    .describe('Port of the loopback for that. 0 takes a free one, and the core writes it down here.'),
  placement: placementSchema.optional().describe('How this computer is parted into Nodes.'),
  hostSleep: z
    .enum(['pause', 'ignore'])
    .default('pause')
    .describe('Before this computer sleeps machines are paused, and go on when it wakes; ignore lets them be surprised.'),
  closeToTray: z.enum(['ask', 'always', 'never']).default('ask').describe('What closing the window does while machines run.'),
});
export type SettingsSpec = z.infer<typeof settingsSpecSchema>;
