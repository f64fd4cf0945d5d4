// Owns creating machines and other objects from YAML: editor with the schema's help, a file to load, the core's refusals at their field.
// Must not validate; the core does.
import './create.css';
import {
  ActionList,
  ActionListGroup,
  ActionListItem,
  Alert,
  Button,
  Content,
  PageSection,
  Skeleton,
  Stack,
  StackItem,
  Title,
} from '@patternfly/react-core';
import { lazy, Suspense, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useDarkTheme } from '../../ui/dark-theme.ts';
import { FormFailure } from '../../ui/form-failure.tsx';
import { failureOf } from '../../ui/notices.tsx';
import { FileButton } from './file-button.tsx';
import { useSchemaBook } from './use-schema-book.ts';
import { useYamlCreation } from './use-yaml-creation.ts';
import { exampleYaml, yamlDrafts } from './yaml-drafts.ts';

// The editor is the largest part of the window: only who writes YAML loads it.
const YamlEditor = lazy(async () => ({ default: (await import('../../ui/yaml-editor/yaml-editor.tsx')).YamlEditor }));

export function CreateFromYaml({ namespace = 'default' }: { readonly namespace?: string }) {
  const { t } = useTranslation(['create', 'yaml', 'words']);
  const [, navigate] = useLocation();
  const dark = useDarkTheme();
  const book = useSchemaBook();
  const [text, setText] = useState(() => exampleYaml(namespace));
  const [tried, setTried] = useState(false);
  const creation = useYamlCreation();
  const { drafts, problems, broken } = useMemo(() => yamlDrafts(text, namespace), [text, namespace]);
  const own = problems.map(({ document, field, code }) => ({ document, field, message: t(`fromYaml.${code}`, { number: document + 1 }) }));
  const change = (next: string): void => {
    setText(next);
    setTried(false);
    creation.forget();
  };
  const create = async (): Promise<void> => {
    setTried(true);
    if (broken || own.length > 0 || drafts.length === 0 || creation.working) return;
    const { done, machine } = await creation.create(drafts);
    if (!done) return;
    const { namespace: place = namespace, name } = machine?.draft.metadata ?? {};
    navigate(name === undefined ? '/machines' : `/machines/${encodeURIComponent(place)}/${encodeURIComponent(name)}`);
  };
  return (
    <PageSection isFilled className="vd-from-yaml">
      <Stack hasGutter>
        <StackItem>
          <Title headingLevel="h1">{t('fromYaml.title')}</Title>
          <Content component="p">{t('fromYaml.intro')}</Content>
        </StackItem>
        {creation.error !== undefined && (
          <StackItem>
            <FormFailure title={t('fromYaml.refused')} failure={failureOf(creation.error)} />
            {creation.made.length > 0 && <Content component="p">{t('fromYaml.exists', { list: creation.made.join(', ') })}</Content>}
          </StackItem>
        )}
        {tried && !broken && drafts.length === 0 && own.length === 0 && (
          <StackItem>
            <Alert isInline variant="warning" title={t('fromYaml.nothing')} />
          </StackItem>
        )}
        <StackItem isFilled>
          <Suspense fallback={<Skeleton height="100%" screenreaderText={t('loading', { ns: 'words' })} />}>
            <YamlEditor
              value={text}
              label={t('fromYaml.editor')}
              dark={dark}
              book={book}
              problems={tried && own.length > 0 ? own : creation.problems}
              phrases={t('phrases', { ns: 'yaml', returnObjects: true })}
              onChange={change}
              onSave={() => void create()}
            />
          </Suspense>
        </StackItem>
        <StackItem>
          <ActionList>
            <ActionListGroup>
              <ActionListItem>
                <Button isDisabled={broken} isLoading={creation.working} onClick={() => void create()}>
                  {t('fromYaml.create')}
                </Button>
              </ActionListItem>
              <ActionListItem>
                <FileButton label={t('fromYaml.load')} accept=".yaml,.yml,.json" onText={change} />
              </ActionListItem>
              {broken && (
                <ActionListItem>
                  <span role="status" className="vd-subtle">
                    {t('notOneDocument', { ns: 'yaml' })}
                  </span>
                </ActionListItem>
              )}
            </ActionListGroup>
          </ActionList>
        </StackItem>
      </Stack>
    </PageSection>
  );
}
