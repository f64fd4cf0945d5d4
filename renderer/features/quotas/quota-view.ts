// Owns a quota as the window shows it: each resource with what is used of what may be.
// Must not judge anything; the core does.
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { bytesOf, milliOf } from '../../../electron/api/quantity.ts';

export interface QuotaShare {
  readonly resource: string;
  readonly used: string;
  readonly hard: string;
  /** 0 to 100, and more where a quota was lowered below what runs. */
  readonly percent: number;
}

export interface QuotaView {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly shares: readonly QuotaShare[];
  readonly scopes: readonly string[];
}

export function quotaView({ metadata, spec, status }: ResourceQuota): QuotaView {
  const { namespace = '', name } = metadata;
  const hard = status?.hard ?? spec.hard ?? {};
  return {
    id: `${namespace}/${name}`,
    namespace,
    name,
    shares: Object.keys(hard)
      .toSorted()
      .map((resource) => shareOf(resource, status?.used?.[resource] ?? '0', hard[resource] ?? '0')),
    scopes: [...(spec.scopes ?? []), ...(spec.scopeSelector?.matchExpressions ?? []).map(scopeText)],
  };
}

function shareOf(resource: string, used: string, hard: string): QuotaShare {
  const amount = /(^|\.)cpu$/.test(resource) ? milliOf : bytesOf;
  const [taken, most] = [amount(used) ?? 0, amount(hard) ?? 0];
  // Of nothing, everything is used.
  return { resource, used, hard, percent: most === 0 ? 100 : (taken / most) * 100 };
}

function scopeText({ scopeName, operator, values = [] }: { scopeName: string; operator: string; values?: readonly string[] }): string {
  return [scopeName, operator, values.join(', ')].filter((word) => word !== '').join(' ');
}
