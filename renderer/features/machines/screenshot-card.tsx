// Owns the small picture of the machine's screen: renewed slowly, only while it is seen; opens the console.
// Must not keep old pictures in memory.
import { Button, EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { machinePath } from './machine-path.ts';
import type { MachineView } from './machine-view.ts';
import { useScreenshot } from './use-screenshot.ts';

export function ScreenshotCard({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const [, navigate] = useLocation();
  const { namespace, name, state } = machine;
  const isOn = state.phase === 'Running';
  const url = useScreenshot({ namespace, name, isOn });
  return (
    <div className="vd-screenshot">
      {url === undefined ? (
        <EmptyState variant="xs" headingLevel="h3">
          <EmptyStateBody>{isOn ? t('overview.noPicture') : t('overview.off')}</EmptyStateBody>
        </EmptyState>
      ) : (
        <Button variant="plain" className="vd-screenshot-button" onClick={() => navigate(machinePath({ namespace, name, tab: 'console' }))}>
          <img src={url} alt={t('overview.picture', { name })} />
        </Button>
      )}
    </div>
  );
}
