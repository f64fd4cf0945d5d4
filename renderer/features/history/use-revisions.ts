// Owns the list of revisions, asked again whenever there is a new one.
// Must not undo.
import { useCallback, useEffect, useState } from 'react';
import type { Revision, RevisionQuery } from '../../../electron/api/revision.ts';
import { useServices } from '../../client/context.tsx';
import { type Loaded, useLoaded } from '../../client/hooks.ts';

export function useRevisions({ resource, namespace, name, limit }: RevisionQuery): Loaded<readonly Revision[]> {
  const { client, revisions } = useServices();
  const [version, setVersion] = useState(0);
  // Whether one can be undone depends on what came after it.
  useEffect(() => revisions.subscribe(() => setVersion((last) => last + 1)), [revisions]);
  const load = useCallback(
    (signal: AbortSignal) => client.revisions({ resource, namespace, name, limit }, signal),
    [client, resource, namespace, name, limit],
  );
  return useLoaded(load, version);
}
