// Owns showing why a form was not accepted, above its fields.
// Must not be closed by time.
import { Alert, Content } from '@patternfly/react-core';
import { CauseList } from './cause-list.tsx';
import type { Failure } from './notices.tsx';

export function FormFailure({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  const { body, causes } = failure;
  return (
    <Alert component="p" isInline variant="danger" title={title}>
      {causes === undefined ? <Content component="p">{body}</Content> : <CauseList causes={causes} />}
    </Alert>
  );
}
