// Owns a text to copy: commands, arguments.
// Must not run it.
import { ClipboardCopyButton, CodeBlock, CodeBlockAction, CodeBlockCode } from '@patternfly/react-core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

export interface CodeTextProps {
  readonly id: string;
  readonly text: string;
  readonly copyLabel: string;
}

export function CodeText({ id, text, copyLabel }: CodeTextProps) {
  const { t } = useTranslation('words');
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <CodeBlock
      actions={
        <CodeBlockAction>
          <ClipboardCopyButton
            id={`${id}-copy`}
            textId={id}
            aria-label={copyLabel}
            variant="plain"
            exitDelay={copied ? 1500 : 300}
            onClick={() => void copy()}
            onTooltipHidden={() => setCopied(false)}
          >
            {copied ? t('copied') : copyLabel}
          </ClipboardCopyButton>
        </CodeBlockAction>
      }
    >
      <CodeBlockCode id={id} className="vd-code" tabIndex={0}>
        {text}
      </CodeBlockCode>
    </CodeBlock>
  );
}
