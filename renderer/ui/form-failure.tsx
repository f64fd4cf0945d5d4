// Owns showing why a form was not accepted, above its fields.
// Must not be closed by time.
import { Alert, Content } from '@patternfly/react-core';
import { CauseList } from './cause-list.tsx';
import type { Failure } from './notices.tsx';
import { useSentences } from './sentences.tsx';

export function FormFailure({ title, failure }: { readonly title: string; readonly failure: Failure }) {
  const { body, causes } = failure;
  const say = useSentences();
  return (
    <Alert component="p" isInline variant="danger" title={title}>
      {causes === undefined ? <Content component="p">{say(body)}</Content> : <CauseList causes={causes} />}
    </Alert>
  );
}
