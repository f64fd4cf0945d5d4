// Owns saying how many nodes there are for a rule, as the console of a cluster says it.
// Must not save.
import { Alert } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { Node } from '../../../electron/api/kinds/node.ts';
import { useList } from '../../client/hooks.ts';

export function MatchingNodes({ fits }: { readonly fits: (node: Node) => boolean }) {
  const { t } = useTranslation('scheduling');
  const { phase, items } = useList('nodes');
  if (phase === 'loading') return null;
  const found = items.filter(fits).map(({ metadata }) => metadata.name);
  return (
    <div aria-live="polite">
      <Alert
        component="p"
        isInline
        variant={found.length > 0 ? 'success' : 'warning'}
        title={found.length > 0 ? t('matching', { count: found.length }) : t('noMatching')}
      >
        {found.length > 0 ? found.join(', ') : t('noMatchingNote')}
      </Alert>
    </div>
  );
}
