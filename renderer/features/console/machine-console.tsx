// Owns the consoles of one machine: which are shown, and what is shown while it does not run.
// Must not know the protocols.
import './console.css';
import { Button, EmptyState, Flex, FlexItem, Skeleton, Spinner, ToggleGroup, ToggleGroupItem, Tooltip } from '@patternfly/react-core';
import { ExternalLinkAltIcon } from '@patternfly/react-icons/dist/esm/icons/external-link-alt-icon';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useObject } from '../../client/hooks.ts';
import { consoleScene, consoleViews, type ConsoleScene, type ConsoleTarget, type ConsoleView, viewFor } from './console-model.ts';
import { NotRunning } from './not-running.tsx';
import { useViewers } from './use-viewers.ts';

const GraphicsPanel = lazy(() => import('./graphics-panel.tsx'));
const SerialPanel = lazy(() => import('./serial-panel.tsx'));

export interface MachineConsoleProps extends ConsoleTarget {
  readonly view: ConsoleView;
  readonly onView: (view: ConsoleView) => void;
  /** Absent in a detached window. */
  readonly onDetach?: () => void;
}

export function MachineConsole({ namespace, name, view, onView, onDetach }: MachineConsoleProps) {
  const machine = useObject({ resource: 'virtualmachines.kubevirt.io', namespace, name });
  const instance = useObject({ resource: 'virtualmachineinstances.kubevirt.io', namespace, name });
  if (machine.phase === 'loading' || instance.phase === 'loading') return <Skeleton height="20rem" />;
  const scene = consoleScene(machine.object, instance.object);
  return (
    <div className="vd-console">
      <ViewBar scene={scene} view={view} onView={onView} onDetach={onDetach} />
      <Scene scene={scene} view={view} target={{ namespace, name }} vm={machine.object} vmi={instance.object} />
    </div>
  );
}

interface SceneProps {
  readonly scene: ConsoleScene;
  readonly view: ConsoleView;
  readonly target: ConsoleTarget;
  readonly vm: ReturnType<typeof useObject<'virtualmachines.kubevirt.io'>>['object'];
  readonly vmi: ReturnType<typeof useObject<'virtualmachineinstances.kubevirt.io'>>['object'];
}

function Scene({ scene, view, target, vm, vmi }: SceneProps) {
  const { t } = useTranslation('console');
  switch (scene.type) {
    case 'missing':
      return <EmptyState titleText={t('missing.title', { name: target.name })} headingLevel="h2" />;
    case 'starting':
      return <EmptyState titleText={t('starting')} headingLevel="h2" icon={Spinner} />;
    case 'off':
      return <NotRunning target={target} vm={vm} vmi={vmi} />;
    case 'live':
      return <Live scene={scene} view={view} target={target} />;
  }
}

interface LiveProps extends Pick<SceneProps, 'view' | 'target'> {
  readonly scene: Extract<ConsoleScene, { readonly type: 'live' }>;
}

function Live({ scene, view, target }: LiveProps) {
  const { t } = useTranslation('words');
  const viewers = useViewers(target);
  const shown = viewFor(view, scene);
  // Another run is another console: the keys make React begin anew.
  return (
    <Suspense fallback={<Skeleton height="20rem" screenreaderText={t('loading')} />}>
      <div className="vd-console-panels">
        {shown !== 'serial' && <GraphicsPanel key={`graphics-${scene.uid}`} {...target} viewers={viewers.vnc} />}
        {shown !== 'graphics' && <SerialPanel key={`serial-${scene.uid}`} {...target} viewers={viewers.console} />}
      </div>
    </Suspense>
  );
}

type ViewBarProps = Pick<MachineConsoleProps, 'view' | 'onView' | 'onDetach'> & { readonly scene: ConsoleScene };

function ViewBar({ scene, view, onView, onDetach }: ViewBarProps) {
  const { t } = useTranslation('console');
  const both = scene.type !== 'live' || (scene.graphics && scene.serial);
  return (
    <Flex className="vd-console-views" justifyContent={{ default: 'justifyContentSpaceBetween' }}>
      <FlexItem>
        {both && (
          <ToggleGroup aria-label={t('view.label')} isCompact>
            {consoleViews.map((each) => (
              <ToggleGroupItem
                key={each}
                buttonId={`view-${each}`}
                text={t(`view.${each}`)}
                isSelected={view === each}
                onChange={() => onView(each)}
              />
            ))}
          </ToggleGroup>
        )}
      </FlexItem>
      <FlexItem>
        {onDetach !== undefined && scene.type === 'live' && (
          <Tooltip content={t('detachHelp')}>
            <Button variant="link" isInline icon={<ExternalLinkAltIcon />} iconPosition="end" onClick={onDetach}>
              {t('detach')}
            </Button>
          </Tooltip>
        )}
      </FlexItem>
    </Flex>
  );
}
