// Owns the address /settings.
// Must not hold the page itself.
import { ProjectsCard } from '../../features/projects/projects-card.tsx';
import { SettingsPage } from '../../features/settings/settings-page.tsx';

export default function Settings() {
  return <SettingsPage projects={<ProjectsCard />} />;
}
