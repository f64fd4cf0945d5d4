// Owns showing a program and its arguments as they would run: one word a line, so that no blank can hide in one.
// Must not run anything.
import { CodeBlock, CodeBlockCode, Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';

export function CommandText({ command }: { readonly command: readonly string[] }) {
  const { t } = useTranslation('clusters');
  return (
    <>
      <Content component="p">{t('allow.note')}</Content>
      <CodeBlock>
        <CodeBlockCode>{command.map((word) => JSON.stringify(word)).join('\n')}</CodeBlockCode>
      </CodeBlock>
    </>
  );
}
