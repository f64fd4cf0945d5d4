// Owns the address /quotas.
// Must not hold the page itself.
import { lazy } from 'react';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import { QuotasPage } from '../../features/quotas/quotas-page.tsx';

// The editor is large, and most people only look.
const ObjectYaml = lazy(() => import('../object-yaml.tsx'));

export default function Quotas() {
  return <QuotasPage editor={QuotaYaml} />;
}

function QuotaYaml({ quota }: { readonly quota: ResourceQuota }) {
  return <ObjectYaml resource="resourcequotas" object={quota} />;
}
