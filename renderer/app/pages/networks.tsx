// Owns the address /networks.
// Must not hold the page itself.
import { NetworksPage } from '../../features/networks/networks-page.tsx';

export default function Networks() {
  return <NetworksPage />;
}
