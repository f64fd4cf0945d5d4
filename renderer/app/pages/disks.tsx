// Owns the address /disks.
// Must not hold the page itself.
import { DisksPage } from '../../features/disks/disks-page.tsx';

export default function Disks() {
  return <DisksPage />;
}
