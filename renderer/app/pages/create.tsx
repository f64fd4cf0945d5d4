// Owns the addresses /create, /create/yaml and /create/file.
// Must not hold the wizard or the editor.
import { useLocation, useParams } from 'wouter';
import { CreateFromYaml } from '../../features/create/create-from-yaml.tsx';
import { CreateWizard } from '../../features/create/create-wizard.tsx';

export default function Create() {
  const { way } = useParams<{ way?: string }>();
  const [, navigate] = useLocation();
  if (way === 'yaml' || way === 'file') return <CreateFromYaml />;
  return <CreateWizard onClose={() => navigate('/machines')} />;
}
