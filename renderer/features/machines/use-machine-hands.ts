// Owns giving actions their hands: the API, the dialogs, the notices, the address.
// Must not know which actions there are.
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { ApiError } from '../../client/api-error.ts';
import { useClient, useIsComputer } from '../../client/context.tsx';
import { useHomeList } from '../../client/hooks.ts';
import { useNotices } from '../../ui/notices.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { ActionHands } from './actions.ts';
import { refusalKey } from './lifecycle-reasons.ts';
import { machinePath } from './machine-path.ts';
import { useMachineDialogs } from './machine-dialogs-context.ts';

export function useMachineHands(): ActionHands {
  const { t } = useTranslation('machines');
  const client = useClient();
  const isComputer = useIsComputer();
  const hasClusters = useHomeList('connections.virtdeck.io').items.length > 0;
  const { fail } = useNotices();
  const say = useSentences();
  const { open } = useMachineDialogs();
  const [, navigate] = useLocation();
  return useMemo(
    () => ({
      label: (id) => t(`action.${id}`),
      refusal(sentence) {
        const key = refusalKey(sentence);
        return key === undefined ? say(sentence) : t(`refusal.${key}`);
      },
      noneAllowed: (id) => t('bulk.noneAllowed', { action: t(`action.${id}`) }),
      act(verb, machine, options) {
        const { namespace, name } = machine;
        client.act(verb, { namespace, name }, options).catch((error: unknown) => {
          // A start that is refused with causes has a better place than a toast.
          if (isComputer && verb === 'start' && error instanceof ApiError && error.causes.length > 0) open({ type: 'check', machine });
          else fail(t('failed.act', { action: t(`action.${verb}`), name }), error);
        });
      },
      suspend({ namespace, name }) {
        client.suspend({ namespace, name }).catch((error: unknown) => fail(t('failed.act', { action: t('action.suspend'), name }), error));
      },
      isComputer,
      hasClusters,
      open,
      openConsole: ({ namespace, name }) => navigate(machinePath({ namespace, name, tab: 'console' })),
    }),
    [t, client, isComputer, hasClusters, fail, say, open, navigate],
  );
}
