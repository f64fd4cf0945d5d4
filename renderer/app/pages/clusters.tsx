// Owns the address /clusters.
// Must not hold the page itself.
import { ClustersPage } from '../../features/clusters/clusters-page.tsx';

export default function Clusters() {
  return <ClustersPage />;
}
