// Owns what the console shows for a machine that is off: its last picture, its last words, and Start.
// Must not say when it may start; the lifecycle table does.
import { Button, Content, EmptyState, EmptyStateActions, EmptyStateBody, EmptyStateFooter, Tooltip } from '@patternfly/react-core';
import { PowerOffIcon } from '@patternfly/react-icons/dist/esm/icons/power-off-icon';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { lifecycle, machineState } from '../../../electron/api/lifecycle.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { useNotices } from '../../ui/notices.tsx';
import { type ConsoleTarget, hasRun } from './console-model.ts';
import { useSaveLog } from './use-save-log.ts';

export interface NotRunningProps {
  readonly target: ConsoleTarget;
  readonly vm: VirtualMachine | undefined;
  readonly vmi: VirtualMachineInstance | undefined;
}

export function NotRunning({ target, vm, vmi }: NotRunningProps) {
  const { t } = useTranslation('console');
  const { namespace, name } = target;
  const client = useClient();
  const { fail } = useNotices();
  const saveLog = useSaveLog(target);
  const ran = hasRun(vm);
  const picture = useLastPicture(target, ran);
  const verdict = lifecycle('start', machineState(vm, vmi));
  const start = (): void => {
    client.act('start', { namespace, name }).catch((error: unknown) => fail(t('off.notStarted', { name }), error));
  };
  const button = (
    <Button icon={<PowerOffIcon />} isAriaDisabled={!verdict.allowed} onClick={start}>
      {t('off.start')}
    </Button>
  );
  return (
    <div className="vd-console-off">
      {picture !== undefined && <Picture blob={picture} label={t('off.picture', { name })} />}
      <EmptyState className="vd-console-off-words" titleText={t('off.title', { name })} headingLevel="h2" variant="sm">
        <EmptyStateBody>
          <Content component="p">{picture === undefined ? t('off.body') : t('off.bodyPicture')}</Content>
        </EmptyStateBody>
        <EmptyStateFooter>
          <EmptyStateActions>{verdict.allowed ? button : <Tooltip content={verdict.message}>{button}</Tooltip>}</EmptyStateActions>
          {ran && (
            <EmptyStateActions>
              <Button variant="link" onClick={saveLog}>
                {t('serial.saveLog')}
              </Button>
            </EmptyStateActions>
          )}
        </EmptyStateFooter>
      </EmptyState>
    </div>
  );
}

/** The picture that was kept when it stopped; undefined when there is none, or when it never ran. */
function useLastPicture({ namespace, name }: ConsoleTarget, ran: boolean): Blob | undefined {
  const client = useClient();
  const load = useCallback(
    async (signal: AbortSignal) => (ran ? client.screenshot({ namespace, name }, signal) : undefined),
    [client, namespace, name, ran],
  );
  return useLoaded(load).value;
}

function Picture({ blob, label }: { readonly blob: Blob; readonly label: string }) {
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const url = URL.createObjectURL(blob);
    image.current!.src = url;
    return () => URL.revokeObjectURL(url);
  }, [blob]);
  return <img ref={image} alt={label} className="vd-console-last" />;
}
