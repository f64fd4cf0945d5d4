// Owns saying, in an edit dialog, what the machine would take with the change, and whether it could start.
// Must not save; a dry run makes the changed machine, and the start check judges it.
import { Alert } from '@patternfly/react-core';
import { useCallback, useEffect, useState } from 'react';
import type { StartCheck } from '../../../electron/api/start-check.ts';
import { answeredCheck } from '../../client/answered-check.ts';
import { ApiError } from '../../client/api-error.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { ChargeSection } from '../../ui/charge-list.tsx';
import { useSentences } from '../../ui/sentences.tsx';
import type { Patch } from './machine-edits.ts';
import type { MachineView } from './machine-view.ts';

interface WhatIfProps {
  readonly machine: MachineView;
  readonly patch: Patch;
}

/** Nothing while nobody has answered. */
export function WhatIf({ machine, patch }: WhatIfProps) {
  const say = useSentences();
  const check = useChangedCheck(machine, patch);
  if (check === undefined) return null;
  const { charge } = check;
  // Of a machine that runs, its own run would be in its way.
  const causes = machine.vmi === undefined ? check.causes : [];
  return (
    <div aria-live="polite">
      {causes.map(({ field, message, fix }) => (
        <Alert component="p" key={`${field} ${message}`} isInline isPlain variant="warning" title={say(message)}>
          {fix !== undefined && say(fix)}
        </Alert>
      ))}
      {charge !== undefined && <ChargeSection charge={charge} />}
    </div>
  );
}

type Answer = Pick<StartCheck, 'causes' | 'charge'>;

/** That a change cannot even be stored is an answer, too. */
async function orCauses<T>(asked: Promise<T>): Promise<T | Pick<Answer, 'causes'>> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiError && error.causes.length > 0) return { causes: error.causes };
    throw error;
  }
}

/** While somebody types, one question is enough. */
const typingMs = 300;

function useChangedCheck({ namespace, name, vm }: MachineView, patch: Patch): Answer | undefined {
  const client = useClient();
  const text = JSON.stringify(patch);
  // Both at once: the change is one of this machine, and of no other state of it.
  const [asked, setAsked] = useState({ vm, text });
  useEffect(() => {
    const timer = setTimeout(() => setAsked((last) => (last.vm === vm && last.text === text ? last : { vm, text })), typingMs);
    return () => clearTimeout(timer);
  }, [vm, text]);
  const load = useCallback(
    async (signal: AbortSignal): Promise<Answer> => {
      const key = { resource: 'virtualmachines.kubevirt.io', namespace, name } as const;
      const change = JSON.parse(asked.text) as Patch;
      const changed = change.length === 0 ? asked.vm : await orCauses(client.patch(key, change, { dryRun: true, signal }));
      if ('causes' in changed) return changed;
      const { apiVersion, kind, spec } = changed;
      const { labels, annotations } = changed.metadata;
      const draft = {
        apiVersion,
        kind,
        metadata: { name, namespace, ...(labels && { labels }), ...(annotations && { annotations }) },
        spec,
      };
      return answeredCheck(client, { namespace, name }, { objects: [JSON.parse(JSON.stringify(draft))], signal });
    },
    [client, namespace, name, asked],
  );
  const { phase, value } = useLoaded(load);
  return phase === 'failed' ? undefined : value;
}
