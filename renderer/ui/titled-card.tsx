// Owns a card with a heading that names it.
// Must not know what is in it.
import { Card, CardBody, CardHeader, CardTitle } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';

export function TitledCard({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <Card isFullHeight component="section" aria-labelledby={id}>
      <CardHeader actions={actions === undefined ? undefined : { actions, hasNoOffset: true }}>
        <CardTitle component="h2" id={id}>
          {title}
        </CardTitle>
      </CardHeader>
      <CardBody>{children}</CardBody>
    </Card>
  );
}
