// Owns a reason of a quota or a range against a machine, together with the resources that it is about.
// Must not be told to anybody: a user gets the cause alone.
import type { Cause } from '../../api/errors.ts';

export interface QuotaFinding {
  /** As the quota or range names them: `limits.memory`, `requests.nvidia.com/A10`, `nvidia.com/A10`. */
  readonly resources: readonly string[];
  readonly cause: Cause;
}

export function isOfDevice({ resources }: QuotaFinding, deviceName: string): boolean {
  return resources.includes(deviceName) || resources.includes(`requests.${deviceName}`);
}
