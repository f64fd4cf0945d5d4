// Owns the address /cluster-objects.
// Must not hold the page itself.
import { ClusterObjectsPage } from '../../features/cluster-objects/cluster-objects-page.tsx';

export default function ClusterObjects() {
  return <ClusterObjectsPage />;
}
