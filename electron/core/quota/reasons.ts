// Owns the reasons of causes that come from a quota or a LimitRange.
// Must not decide anything.
export const quotaReasons = {
  exceeded: 'ExceededQuota',
  limitsMissing: 'QuotaDemandsLimits',
  limitTooClose: 'LimitTooClose',
  limitRange: 'OutsideLimitRange',
} as const;

/** KubeVirt's reason for a launcher that could not be made. */
export const failedCreate = 'FailedCreate';

export function isOfQuota({ reason }: { readonly reason: string }): boolean {
  return Object.values<string>(quotaReasons).includes(reason);
}
