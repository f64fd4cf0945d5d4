// Owns the address /certificates.
// Must not hold the page itself.
import { CertificatesPage } from '../../features/certificates/certificates-page.tsx';

export default function Certificates() {
  return <CertificatesPage />;
}
