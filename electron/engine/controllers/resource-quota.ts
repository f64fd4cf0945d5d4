// Owns a quota's status: what may be used and what is.
// Must not stop anything: a quota that is over its amount keeps what runs.
import type { ResourceQuota } from '../../api/kinds/resource-quota.ts';
import { quotaStatus } from '../../core/quota/object-quota.ts';
import { sameJson } from '../../core/status/same-json.ts';
import type { Controller, EngineContext } from '../context.ts';
import { quotaContents } from '../quota-facts.ts';

export function createQuotaController(context: EngineContext): Controller {
  return {
    async reconcile(key) {
      const { accelerator } = await context.hostFacts();
      context.objects.change(key, (object) => {
        const contents = quotaContents(context.store, key.namespace ?? 'default', accelerator.inUse);
        const status = quotaStatus(object as ResourceQuota, contents);
        return sameJson(status, object.status) ? object : { ...object, status };
      });
    },
  };
}
