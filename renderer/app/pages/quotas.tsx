// Owns the address /quotas.
// Must not hold the page itself.
import { lazy } from 'react';
import { QuotasPage } from '../../features/quotas/quotas-page.tsx';

// The editor is large, and most people only look.
const QuotaYaml = lazy(() => import('../quota-yaml.tsx'));

export default function Quotas() {
  return <QuotasPage editor={QuotaYaml} />;
}
