// Owns the address /nodes.
// Must not hold the page itself.
import { NodesPage } from '../../features/nodes/nodes-page.tsx';

export default function Nodes() {
  return <NodesPage />;
}
