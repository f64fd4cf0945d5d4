// Owns the addresses /create, /create/yaml and /create/file.
// Must not hold the wizard or the editor.
import { useLocation, useParams } from 'wouter';
import { usePlace } from '../../client/context.tsx';
import { CreateFromYaml } from '../../features/create/create-from-yaml.tsx';
import { CreateWizard } from '../../features/create/create-wizard.tsx';

export default function Create() {
  const { way } = useParams<{ way?: string }>();
  const [, navigate] = useLocation();
  const { namespace, connection } = usePlace();
  // The wizard is about the disks, the memory and the files of this computer.
  if (connection !== undefined || way === 'yaml' || way === 'file') return <CreateFromYaml namespace={namespace} />;
  return <CreateWizard namespace={namespace} onClose={() => navigate('/machines')} />;
}
