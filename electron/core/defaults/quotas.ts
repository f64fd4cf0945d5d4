// Owns the defaults of quotas and ranges.
// Must not judge them.
import type { LimitRange } from '../../api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import { completedItem } from '../quota/limit-range.ts';
import type { DefaultRule } from './defaulting-facts.ts';
import { quantityTexts } from './quantities.ts';

export const defaultedQuota: DefaultRule<Pick<ResourceQuota, 'spec'>> = (quota) => {
  const { hard } = quota.spec;
  return hard === undefined ? quota : { ...quota, spec: { ...quota.spec, hard: quantityTexts(hard) } };
};

const lists = ['default', 'defaultRequest', 'max', 'min', 'maxLimitRequestRatio'] as const;

export const defaultedLimitRange: DefaultRule<Pick<LimitRange, 'spec'>> = (range) => ({
  ...range,
  spec: {
    ...range.spec,
    limits: range.spec.limits.map((item) => {
      const texts = lists.flatMap((name) => (item[name] === undefined ? [] : [[name, quantityTexts({ ...item[name] })] as const]));
      return completedItem({ ...item, ...Object.fromEntries(texts) });
    }),
  },
});
