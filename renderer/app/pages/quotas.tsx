// Owns the address /quotas.
// Must not hold the page itself.
import { QuotasPage } from '../../features/quotas/quotas-page.tsx';

export default function Quotas() {
  return <QuotasPage />;
}
