// Owns the schema of Settings. It has a file of its own so that who only needs the kind's names does not load zod.
// Must not hold state of the window (sizes, open tabs); the window keeps that itself.
import { z } from 'zod';

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
  closeToTray: z.enum(['ask', 'always', 'never']).default('ask').describe('What closing the window does while machines run.'),
});
export type SettingsSpec = z.infer<typeof settingsSpecSchema>;
