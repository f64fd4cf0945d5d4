// Owns what is shown when there is no machine yet.
// Must not be shown beside a list.
import { Button, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter } from '@patternfly/react-core';
import { VirtualMachineIcon } from '@patternfly/react-icons/dist/esm/icons/virtual-machine-icon';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useIsComputer } from '../../client/context.tsx';
import { ThisComputer } from './this-computer.tsx';

export function FirstRun() {
  const { t } = useTranslation('overview');
  const [, navigate] = useLocation();
  const isComputer = useIsComputer();
  return (
    <div className="vd-first-run">
      <EmptyState icon={VirtualMachineIcon} titleText={t('firstRun.title')} headingLevel="h1">
        <EmptyStateBody>{isComputer ? t('firstRun.body') : t('firstRun.clusterBody')}</EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>
            <Button size="lg" onClick={() => navigate('/create')}>
              {t('firstRun.create')}
            </Button>
          </EmptyStateActions>
          <EmptyStateActions>
            <Button variant="link" onClick={() => navigate('/create/file')}>
              {t('firstRun.file')}
            </Button>
            <Button variant="link" onClick={() => navigate('/create/yaml')}>
              {t('firstRun.yaml')}
            </Button>
          </EmptyStateActions>
        </EmptyStateFooter>
      </EmptyState>
      {isComputer && <ThisComputer />}
    </div>
  );
}
