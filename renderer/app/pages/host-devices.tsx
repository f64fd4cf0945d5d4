// Owns the addresses /host-devices, /host-devices/guide and /host-devices/card.
// Must not hold the pages themselves.
import { useParams } from 'wouter';
import { HostDevicesPage } from '../../features/host-devices/host-devices-page.tsx';
import { PrepareGuide } from '../../features/host-devices/prepare-guide.tsx';
import { RecoveryCardPage } from '../../features/host-devices/recovery-card-page.tsx';

export default function HostDevices() {
  const { view, address } = useParams<{ view?: string; address?: string }>();
  if (view === 'guide') return <PrepareGuide key={address} address={address} />;
  if (view === 'card') return <RecoveryCardPage />;
  return <HostDevicesPage />;
}
