// Owns the API's own schemas as the editor reads them.
// Must not stand in the way: without them there is no help, and nothing else is lost.
import { useCallback, useMemo } from 'react';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import { type SchemaBook, schemaBook } from '../../ui/yaml-editor/schema-book.ts';

export function useSchemaBook(): SchemaBook | undefined {
  const client = useClient();
  const { value } = useLoaded(useCallback((signal: AbortSignal) => client.definitions(signal), [client]));
  return useMemo(() => (value === undefined ? undefined : schemaBook(value)), [value]);
}
