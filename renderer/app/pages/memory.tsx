// Owns the address /memory.
// Must not hold the page itself.
import { MemoryPage } from '../../features/memory/memory-page.tsx';

export default function Memory() {
  return <MemoryPage />;
}
