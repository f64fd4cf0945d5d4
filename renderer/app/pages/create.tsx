// Owns the addresses /create, /create/yaml and /create/file.
// Must not hold the wizard or the editor.
import { useLocation, useParams } from 'wouter';
import { usePlace } from '../../client/context.tsx';
import { CreateFromYaml } from '../../features/create/create-from-yaml.tsx';
import { CreateWizard } from '../../features/create/create-wizard.tsx';
import { ClusterWizard } from '../../features/create/on-cluster/cluster-wizard.tsx';

export default function Create() {
  const { way } = useParams<{ way?: string }>();
  const [, navigate] = useLocation();
  const { namespace, connection } = usePlace();
  const onClose = (): void => navigate('/machines');
  if (way === 'yaml' || way === 'file') return <CreateFromYaml namespace={namespace} />;
  if (connection !== undefined) return <ClusterWizard namespace={namespace} onClose={onClose} />;
  return <CreateWizard namespace={namespace} onClose={onClose} />;
}
